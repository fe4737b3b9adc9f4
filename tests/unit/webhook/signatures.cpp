#include "sample.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include <unistd.h>

using namespace sample;

namespace {

/// What another program finds: base64(HMAC-SHA256) by the openssl command, in both of its ways.
std::string by_openssl(const std::string& how, const std::string& signed_text)
{
    namespace fs = std::filesystem;
    const fs::path file = fs::temp_directory_path() / ("usher-webhook-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << signed_text;
    const std::string line = "openssl dgst -sha256 " + how + " -binary " + file.string() + " | openssl base64 -A";
    std::string text;
    {
        const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
        BOOST_TEST_REQUIRE(pipe.get() != nullptr);
        std::array<char, 256> part{};
        while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe.get()))
            text.append(part.data(), size);
    }
    fs::remove(file);
    return text;
}

usher::secret other_secret()
{
    return usher::secret("whsec_AAECAwQFBgcICQoLDA0ODw==");
}

} // namespace

BOOST_AUTO_TEST_SUITE(signatures)

BOOST_AUTO_TEST_CASE(the_published_vector_is_accepted_and_made)
{
    const auto checked = verifier_at().verify(headers(), body);
    BOOST_TEST_REQUIRE(checked.has_value());
    BOOST_TEST(checked->id == id);
    BOOST_TEST((checked->sent_at == sent));
    const auto made = sign(usher::secret(secret_text), id, sent, body);
    BOOST_TEST(made.id == id);
    BOOST_TEST(made.timestamp == timestamp);
    BOOST_TEST(made.signature == signature);
}

BOOST_AUTO_TEST_CASE(the_openssl_command_signs_the_same)
{
    const std::string key = "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0"; // of the secret, in hexadecimal
    for (const std::string& text :
         {std::string(body), std::string(), std::string(5000, 'x'), std::string("\0\xff\n", 3)}) {
        const std::string whole = std::string(id) + "." + timestamp + "." + text;
        const std::string ours = sign(usher::secret(secret_text), id, sent, text).signature;
        BOOST_TEST(ours == "v1," + by_openssl("-mac HMAC -macopt hexkey:" + key, whole));
        const std::string plain = sign(usher::secret("whsec_YWJjZGVmZ2hpamtsbW5vcA"), id, sent, text).signature;
        BOOST_TEST(plain == "v1," + by_openssl("-hmac abcdefghijklmnop", whole));
    }
}

BOOST_AUTO_TEST_CASE(each_provider_has_its_own_headers)
{
    const auto made = sign(usher::secret(secret_text), id, sent, body);
    for (const provider sender : {provider::clerk, provider::scalekit, provider::scalekit_interceptor})
        for (const provider receiver : {provider::clerk, provider::scalekit, provider::scalekit_interceptor}) {
            const auto checked = verifier_at(sent, receiver).verify(made.of(sender), body);
            BOOST_TEST(checked.has_value() == (sender == receiver));
            if (sender != receiver)
                BOOST_TEST(checked.error().header() == header_names(receiver)[0]);
        }
    BOOST_TEST(header_names(provider::scalekit)[2] == "webhook-signature");
    BOOST_TEST(header_names(provider::scalekit_interceptor)[1] == "interceptor-timestamp");
}

BOOST_AUTO_TEST_CASE(names_of_headers_have_no_case_and_others_do_not_matter)
{
    const std::vector<header> many{{"Host", "a"},           {"SVIX-ID", id},
                                   {"host", "b"},           {"Svix-Timestamp", timestamp},
                                   {"webhook-id", "other"}, {"sViX-sIgNaTuRe", signature}};
    BOOST_TEST(verifier_at().verify(many, body).has_value());
}

BOOST_AUTO_TEST_CASE(headers_may_be_looked_up)
{
    const auto all = headers();
    const auto find = [&](std::string_view name) -> std::optional<std::string_view> {
        for (const auto& [known, value] : all)
            if (known == name)
                return value;
        return std::nullopt;
    };
    BOOST_TEST(verifier_at().verify(find, body).has_value());
    const auto nothing = [](std::string_view) { return std::optional<std::string_view>(); };
    BOOST_TEST(why(verifier_at().verify(nothing, body)) == reason::missing_header);
}

BOOST_AUTO_TEST_CASE(any_good_v1_entry_of_the_list_counts_and_the_rest_is_passed_over)
{
    const std::string good = signature;
    const std::string wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (const std::string& list : {good + " " + wrong, wrong + " " + good, "v2," + good.substr(3) + " " + good,
                                    "rubbish " + good, ", " + good, "v1, " + good, "v1 " + good, "  " + good + "  ",
                                    "v1,short " + good, good + " v1a,xyz", wrong + " " + wrong + " ,,, v1,, " + good})
        BOOST_TEST(verifier_at().verify(headers(id, timestamp, list), body).has_value(), list);
    for (const std::string& list :
         {"v2," + good.substr(3), "v1a," + good.substr(3), "V1," + good.substr(3), std::string("v1"),
          std::string("v1,"), good.substr(3), std::string(" "), "v1;" + good.substr(3)})
        BOOST_TEST(why(verifier_at().verify(headers(id, timestamp, list), body)) == reason::no_v1_signature, list);
    for (const std::string& list : {wrong, good.substr(0, good.size() - 1), good + "=", "v1,v1," + good.substr(3),
                                    good + ",", good.substr(0, 3) + " " + good.substr(3) + " v1,x"})
        BOOST_TEST(why(verifier_at().verify(headers(id, timestamp, list), body)) == reason::signature_mismatch, list);
}

BOOST_AUTO_TEST_CASE(another_spelling_of_the_same_bytes_is_no_signature)
{
    // The last four bits of the last digit before the padding say nothing: base64 that is read would accept F for E.
    const std::string twin = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=";
    BOOST_TEST(why(verifier_at().verify(headers(id, timestamp, twin), body)) == reason::signature_mismatch);
}

BOOST_AUTO_TEST_CASE(one_of_several_secrets_is_enough_and_the_verdict_says_which)
{
    const std::vector<usher::secret> both{other_secret(), usher::secret(secret_text)};
    const verifier own(provider::clerk, both, at(sent));
    const auto by_second = own.verify(headers(), body);
    BOOST_TEST_REQUIRE(by_second.has_value());
    BOOST_TEST(by_second->secret == 1U);
    const auto made = sign(other_secret(), id, sent, body);
    const auto by_first = own.verify(made.of(provider::clerk), body);
    BOOST_TEST_REQUIRE(by_first.has_value());
    BOOST_TEST(by_first->secret == 0U);
    const auto stranger = sign(usher::secret("whsec_YWJjZGVmZ2hpamtsbW5vcA"), id, sent, body);
    BOOST_TEST(why(own.verify(stranger.of(provider::clerk), body)) == reason::signature_mismatch);
}

BOOST_AUTO_TEST_CASE(time_is_accepted_up_to_the_edge_on_both_sides)
{
    using std::chrono::nanoseconds;
    const auto verdict_at = [](auto offset) {
        return verifier_at(std::chrono::system_clock::time_point(sent) + offset).verify(headers(), body);
    };
    for (const auto good : {nanoseconds(0), nanoseconds(seconds(300)), nanoseconds(seconds(-300)), nanoseconds(1)})
        BOOST_TEST(verdict_at(good).has_value(), good.count());
    BOOST_TEST(why(verdict_at(seconds(300) + nanoseconds(1))) == reason::too_old);
    BOOST_TEST(why(verdict_at(seconds(301))) == reason::too_old);
    BOOST_TEST(why(verdict_at(-seconds(300) - nanoseconds(1))) == reason::too_new);
    BOOST_TEST(why(verdict_at(seconds(-301))) == reason::too_new);
    verifier_options wide = at(sent + seconds(301));
    wide.tolerance = seconds(301);
    BOOST_TEST(verifier(provider::clerk, usher::secret(secret_text), wide).verify(headers(), body).has_value());
}

BOOST_AUTO_TEST_CASE(a_body_beyond_the_limit_is_refused_before_it_is_signed)
{
    verifier_options options = at(sent);
    options.max_body = std::string_view(body).size();
    const verifier own(provider::clerk, usher::secret(secret_text), options);
    BOOST_TEST(own.verify(headers(), body).has_value());
    const auto longer = own.verify(headers(), std::string(body) + " ");
    BOOST_TEST(why(longer) == reason::body_too_large);
    BOOST_TEST(longer.error().http_status() == 413);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_verified_is_not_signed)
{
    const usher::secret key(secret_text);
    for (const std::string& bad : {std::string(), std::string("a.b"), std::string("a b"), std::string("a\n"),
                                   std::string("\xc3\xa4"), std::string(257, 'a')})
        BOOST_CHECK_THROW(sign(key, bad, sent, body), std::invalid_argument);
    BOOST_CHECK_THROW(sign(key, id, sys_seconds(), body), std::invalid_argument);
    BOOST_CHECK_THROW(sign(usher::secret(), id, sent, body), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_is_wrong_and_nothing_secret)
{
    const auto checked = verifier_at().verify(headers(), "{}");
    BOOST_TEST_REQUIRE(checked.has_error());
    const std::string text = checked.error().message();
    BOOST_TEST(text.starts_with("svix-signature does not fit"));
    BOOST_TEST(text.find("MfKQ") == std::string::npos);
    BOOST_TEST(text.find("g0hM") == std::string::npos);
    BOOST_TEST(checked.error().http_status() == 401);
    BOOST_CHECK_THROW(checked.value(), refused);
}

BOOST_AUTO_TEST_CASE(interceptors_are_answered_in_json)
{
    BOOST_TEST(allow() == R"({"decision":"ALLOW"})");
    BOOST_TEST(deny("not \"you\"\n") == R"({"decision":"DENY","error":{"message":"not \"you\"\n"}})");
}

BOOST_AUTO_TEST_SUITE_END()
