// Certificates: each bad one beside a good one that differs in that alone.
#include "named.hpp"

using namespace usher;
using namespace usher::tests;

namespace {

const std::string host = "api.example.com";

certificate_text fine()
{
    return certificate_text("DNS:" + host);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(certificates, named)

BOOST_AUTO_TEST_CASE(a_good_one_is_accepted)
{
    accepted(call_to(host, make_identity(fine(), &root)));
    auto rsa = fine();
    rsa.rsa_bits = 2048;
    accepted(call_to(host, make_identity(rsa, &root)));
}

BOOST_AUTO_TEST_CASE(one_that_has_expired_is_refused)
{
    auto text = fine();
    text.from = -7200;
    text.until = -60;
    refused(call_to(host, make_identity(text, &root)), "it, or an authority above it, has expired");
}

BOOST_AUTO_TEST_CASE(one_that_is_not_valid_yet_is_refused)
{
    auto text = fine();
    text.from = 3600;
    refused(call_to(host, make_identity(text, &root)), "is not valid yet");
}

BOOST_AUTO_TEST_CASE(one_for_another_host_is_refused)
{
    for (const auto* names :
         {"DNS:other.example.com", "DNS:example.com", "DNS:api.example.com.evil.example", "DNS:www.api.example.com",
          "DNS:api.example.co", "IP:127.0.0.1", "email:a@api.example.com", "URI:https://api.example.com"})
        refused(call_to(host, make_identity(certificate_text(names), &root)), "it is not for api.example.com");
    accepted(call_to(host, make_identity(certificate_text("DNS:other.example.com,DNS:API.example.COM"), &root)));
}

BOOST_AUTO_TEST_CASE(a_wildcard_stands_for_one_whole_label)
{
    accepted(call_to(host, make_identity(certificate_text("DNS:*.example.com"), &root)));
    for (const auto* names : {"DNS:*.com", "DNS:*", "DNS:a*.example.com", "DNS:*i.example.com", "DNS:a*i.example.com",
                              "DNS:api.*.com", "DNS:*.*.com", "DNS:*.api.example.com", "DNS:.example.com"})
        refused(call_to(host, make_identity(certificate_text(names), &root)), "it is not for api.example.com");
    refused(call_to("two.api.example.com", make_identity(certificate_text("DNS:*.example.com"), &root)),
            "it is not for two.api.example.com");
    refused(call_to("example.com", make_identity(certificate_text("DNS:*.example.com"), &root)),
            "it is not for example.com");
    refused(call_to("foo.example", make_identity(certificate_text("DNS:*.example"), &root)),
            "it is not for foo.example");
}

BOOST_AUTO_TEST_CASE(an_address_is_proved_by_an_address_alone)
{
    accepted(call_to("192.0.2.7", make_identity(certificate_text("IP:192.0.2.7"), &root)));
    accepted(call_to("[2001:db8::7]", make_identity(certificate_text("IP:2001:db8::7"), &root)));
    refused(call_to("192.0.2.7", make_identity(certificate_text("IP:192.0.2.8"), &root)), "it is not for 192.0.2.7");
    refused(call_to("192.0.2.7", make_identity(certificate_text("DNS:192.0.2.7"), &root)), "it is not for 192.0.2.7");
    refused(call_to("192.0.2.7", make_identity(certificate_text("DNS:*.0.2.7"), &root)), "it is not for 192.0.2.7");
    certificate_text in_common_name;
    in_common_name.common_name = "192.0.2.7";
    refused(call_to("192.0.2.7", make_identity(in_common_name, &root)), "it is not for 192.0.2.7");
    refused(call_to("[2001:db8::7]", make_identity(certificate_text("IP:2001:db8::8"), &root)),
            "it is not for 2001:db8::7");
}

BOOST_AUTO_TEST_CASE(a_common_name_is_no_host_name)
{
    certificate_text text;
    text.common_name = host;
    refused(call_to(host, make_identity(text, &root)), "it is not for api.example.com");
    text.names = "IP:127.0.0.1";
    refused(call_to(host, make_identity(text, &root)), "it is not for api.example.com");
}

BOOST_AUTO_TEST_CASE(one_that_signed_itself_is_refused)
{
    const auto self = make_identity(fine());
    refused(call_to(host, self), "it is self-signed");
    // Given as an authority, it is what it says.
    engine_options options;
    options.ca_pem = self.pem();
    accepted(call_to(host, self, {}, options));
}

BOOST_AUTO_TEST_CASE(one_of_an_unknown_authority_is_refused)
{
    const auto stranger = make_authority("root"); // the same name, another key
    refused(call_to(host, make_identity(fine(), &stranger)), "its chain does not reach an authority that is trusted");
    const auto other = make_authority("other");
    refused(call_to(host, make_identity(fine(), &other)), "its chain does not reach an authority that is trusted");
    refused(call_to(host, make_identity(fine(), &other), {other}),
            "the authority at the root of its chain is not trusted");
}

BOOST_AUTO_TEST_CASE(the_systems_authorities_are_not_those_of_a_given_file)
{
    engine_options options;
    options.ca_pem = make_authority("other").pem();
    refused(call_to(host, make_identity(fine(), &root), {}, options),
            "its chain does not reach an authority that is trusted");
}

BOOST_AUTO_TEST_CASE(one_without_its_intermediate_is_refused)
{
    const auto between = make_authority("between", &root);
    const auto self = make_identity(fine(), &between);
    accepted(call_to(host, self, {between}));
    refused(call_to(host, self), "the server leaves out an intermediate certificate");
}

BOOST_AUTO_TEST_CASE(a_sha_1_signature_is_refused_wherever_it_stands)
{
    auto text = fine();
    text.digest = "SHA1";
    refused(call_to(host, make_identity(text, &root)), "signed with a hash that is too weak");
    auto above = certificate_text();
    above.common_name = "between";
    above.is_authority = true;
    above.usage = "keyCertSign";
    above.purpose.clear();
    above.digest = "SHA1";
    const auto between = make_identity(above, &root);
    refused(call_to(host, make_identity(fine(), &between), {between}), "signed with a hash that is too weak");
}

BOOST_AUTO_TEST_CASE(a_short_key_is_refused_wherever_it_stands)
{
    auto text = fine();
    text.rsa_bits = 1024;
    refused(call_to(host, make_identity(text, &root)), "its key is too short");
    auto above = certificate_text();
    above.common_name = "between";
    above.is_authority = true;
    above.usage = "keyCertSign";
    above.purpose.clear();
    above.rsa_bits = 1024;
    const auto between = make_identity(above, &root);
    refused(call_to(host, make_identity(fine(), &between), {between}), "key of an authority above it is too short");
}

BOOST_AUTO_TEST_CASE(a_servers_certificate_signs_no_other)
{
    auto text = fine();
    text.common_name = "leaf";
    text.usage = "digitalSignature,keyCertSign";
    const auto leaf = make_identity(text, &root);
    accepted(call_to(host, leaf));
    refused(call_to(host, make_identity(fine(), &leaf), {leaf}), "signed with a certificate that is no authority");
}

BOOST_AUTO_TEST_CASE(an_authority_that_may_not_sign_signs_nothing)
{
    auto text = certificate_text();
    text.common_name = "between";
    text.is_authority = true;
    text.usage = "critical,digitalSignature";
    text.purpose.clear();
    const auto between = make_identity(text, &root);
    refused(call_to(host, make_identity(fine(), &between), {between}), "certificate refused: ");
}

BOOST_AUTO_TEST_CASE(an_authority_for_other_names_signs_nothing_here)
{
    auto text = certificate_text();
    text.common_name = "between";
    text.is_authority = true;
    text.usage = "critical,keyCertSign";
    text.purpose.clear();
    text.constraints = "critical,permitted;DNS:example.net";
    const auto other = make_identity(text, &root);
    refused(call_to(host, make_identity(fine(), &other), {other}), "may not issue certificates for its names");
    text.constraints = "critical,permitted;DNS:example.com";
    const auto right = make_identity(text, &root);
    accepted(call_to(host, make_identity(fine(), &right), {right}));
}

BOOST_AUTO_TEST_CASE(one_that_is_not_for_servers_is_refused)
{
    auto text = fine();
    for (const auto* purpose : {"clientAuth", "codeSigning", "emailProtection"}) {
        text.purpose = purpose;
        refused(call_to(host, make_identity(text, &root)), "it is not meant for a server");
    }
    text.purpose = "clientAuth,serverAuth";
    accepted(call_to(host, make_identity(text, &root)));
    text.purpose.clear();
    accepted(call_to(host, make_identity(text, &root)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(revocation_lists, named)

BOOST_AUTO_TEST_CASE(refuse_what_they_name_and_let_the_others_pass)
{
    const auto good = make_identity(fine(), &root);
    const auto bad = make_identity(fine(), &root);
    engine_options options;
    options.crl_pem = make_revocation_list(root, {bad});
    accepted(call_to(host, good, {}, options));
    refused(call_to(host, bad, {}, options), "it, or an authority above it, was revoked");
    accepted(call_to(host, bad)); // without a list nobody looks
}

BOOST_AUTO_TEST_CASE(are_read_from_a_file_and_from_text_together)
{
    const auto between = make_authority("between", &root);
    const auto good = make_identity(fine(), &between);
    const auto bad = make_identity(fine(), &between);
    const temporary_folder folder;
    folder.write("root.crl", make_revocation_list(root, {}));
    engine_options options;
    options.crl_file = folder.file("root.crl");
    options.crl_pem = make_revocation_list(between, {bad});
    accepted(call_to(host, good, {between}, options));
    refused(call_to(host, bad, {between}, options), "was revoked");
    options.crl_file.clear();
    options.crl_pem += make_revocation_list(root, {between});
    refused(call_to(host, good, {between}, options), "was revoked");
}

BOOST_AUTO_TEST_CASE(are_needed_of_every_authority_of_a_chain)
{
    const auto between = make_authority("between", &root);
    const auto good = make_identity(fine(), &between);
    engine_options options;
    options.crl_pem = make_revocation_list(root, {});
    refused(call_to(host, good, {between}, options), "no revocation list of an authority in its chain was given");
    options.crl_pem = make_revocation_list(between, {});
    refused(call_to(host, good, {between}, options), "no revocation list of an authority in its chain was given");
}

BOOST_AUTO_TEST_CASE(have_to_be_valid_now)
{
    const auto good = make_identity(fine(), &root);
    engine_options options;
    options.crl_pem = make_revocation_list(root, {}, -7200, -60);
    refused(call_to(host, good, {}, options), "the revocation list of an authority in its chain has expired");
    options.crl_pem = make_revocation_list(root, {}, 3600, 7200);
    refused(call_to(host, good, {}, options), "the revocation list of an authority in its chain is not valid yet");
}

BOOST_AUTO_TEST_CASE(have_to_be_signed_by_the_authority)
{
    const auto good = make_identity(fine(), &root);
    const auto stranger = make_authority("root");
    engine_options options;
    options.crl_pem = make_revocation_list(root, {}, -3600, 86'400, &stranger);
    refused(call_to(host, good, {}, options), "is not signed by that authority");
}

BOOST_AUTO_TEST_CASE(that_cannot_be_read_stop_the_engine_from_being_made)
{
    const auto throws = [&](const engine_options& options, const std::string& words) {
        BOOST_CHECK_EXCEPTION(engine(io.get_executor(), options), std::runtime_error, [&](const std::runtime_error& e) {
            return std::string(e.what()).find(words) != std::string::npos;
        });
    };
    engine_options options;
    options.proxy_from_environment = false;
    options.crl_file = "/nonexistent/list.pem";
    throws(options, "\"/nonexistent/list.pem\" can't be read");
    options.crl_file.clear();
    options.crl_pem = "nothing";
    throws(options, "the text of revocation lists holds no revocation list");
    // A list that is broken behind a good one is not left out in silence.
    auto broken = make_revocation_list(root, {});
    broken.replace(broken.size() / 2, 4, "!!!!");
    options.crl_pem = make_revocation_list(root, {}) + broken;
    throws(options, "or a broken one");
    options.crl_pem.clear();
    options.ca_pem = root.pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    throws(options, "or a broken one");
    options.ca_pem.clear();
    options.ca_file = "/nonexistent/ca.pem";
    throws(options, "\"/nonexistent/ca.pem\" can't be read");
}

BOOST_AUTO_TEST_SUITE_END()
