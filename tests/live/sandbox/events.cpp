#include "client.hpp"
#include "jwt.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

// Events that the sandbox sends: another sandbox receives them, and shows what it was sent.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

options plain()
{
    options o;
    o.tls = false;
    return o;
}

struct fixture {
    fixture() : sender(options()), receiver(plain())
    {
        what.url = receiver.origin() + "/hooks?a=1";
        what.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    }

    server sender, receiver;
    event what;

    std::string header(const std::string& name) const
    {
        for (const auto& [key, value] : receiver.last_request().headers)
            if (key == name)
                return value;
        return {};
    }
    json::object body() const { return json::parse(receiver.last_request().body).as_object(); }
    void check_signature(const std::string& prefix) const
    {
        const auto key = unbase64url("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        const auto signed_text =
            header(prefix + "id") + "." + header(prefix + "timestamp") + "." + receiver.last_request().body;
        BOOST_TEST(header(prefix + "signature") == "v1," + hmac(key, signed_text));
        BOOST_TEST(header(prefix + "id").starts_with("msg_"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signed_events, fixture)

BOOST_AUTO_TEST_CASE(every_example_of_scalekit_is_sent_with_its_signature)
{
    const auto types = event_types();
    BOOST_TEST(types.size() == 36u);
    std::set<std::string> ids;
    for (const auto& type : types) {
        what.type = type;
        BOOST_TEST(sender.send_event(what) == 404); // a sandbox has no such page
        BOOST_TEST(body().at("type").as_string() == type);
        BOOST_TEST(receiver.last_request().target == "/hooks?a=1");
        check_signature("webhook-");
        ids.insert(std::string(body().at("id").as_string()));
    }
    BOOST_TEST(ids.size() == types.size());
}

BOOST_AUTO_TEST_CASE(clerk_s_envelope_has_its_own_headers)
{
    what.from = service::clerk;
    what.type = "user.created";
    what.data = "{\"id\":\"user_1\"}";
    sender.send_event(what);
    check_signature("svix-");
    BOOST_TEST(body().at("object").as_string() == "event");
    BOOST_TEST(body().at("data").as_object().at("id").as_string() == "user_1");
    for (const auto* name : {"timestamp", "instance_id", "event_attributes"})
        BOOST_TEST(body().contains(name), name);
}

BOOST_AUTO_TEST_CASE(data_id_and_age_are_those_that_are_given)
{
    what.type = "organization.created";
    what.data = "{\"id\":\"org_1\"}";
    what.id = "msg_twice";
    what.age = std::chrono::seconds(600);
    sender.send_event(what);
    check_signature("webhook-");
    BOOST_TEST(header("webhook-id") == "msg_twice");
    BOOST_TEST(body().at("data") == (json::object{{"id", "org_1"}}));
    const auto age = std::time(nullptr) - std::stoll(header("webhook-timestamp"));
    BOOST_TEST(age >= 600);
    BOOST_TEST(age < 660);
}

BOOST_AUTO_TEST_CASE(https_is_for_receivers_whose_authority_is_known)
{
    const server secure(options{});
    what.type = "user.login";
    what.url = secure.origin() + "/hooks";
    BOOST_CHECK_THROW(sender.send_event(what), std::system_error);
    what.ca_pem = secure.ca_pem();
    BOOST_TEST(sender.send_event(what) == 404);
    what.ca_pem.clear();
    what.url = sender.origin() + "/hooks"; // its own authority is known to it
    BOOST_TEST(sender.send_event(what) == 404);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_refused)
{
    what.type = "user.created.not";
    BOOST_CHECK_THROW(sender.send_event(what), std::invalid_argument);
    what.type = "user.login";
    what.data = "{";
    BOOST_CHECK_THROW(sender.send_event(what), std::invalid_argument);
    what.data.clear();
    for (const auto* url :
         {"ftp://127.0.0.1/", "http://example.com/", "127.0.0.1", "http://a@127.0.0.1/", "https://"}) {
        what.url = url;
        BOOST_CHECK_THROW(sender.send_event(what), std::invalid_argument);
    }
    what.url = receiver.origin();
    for (const auto* secret : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!"}) {
        what.secret = secret;
        BOOST_CHECK_THROW(sender.send_event(what), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(a_receiver_that_says_nothing_is_given_up)
{
    const server silent([] {
        auto o = plain();
        o.services = {service::scalekit};
        o.faults = {fault(fault::kind::silence)};
        return o;
    }());
    what.type = "user.login";
    what.url = silent.origin() + "/oauth/token";
    what.timeout = std::chrono::milliseconds(100);
    BOOST_CHECK_THROW(sender.send_event(what), std::system_error);
    receiver.stop();
    what.url = receiver.origin();
    BOOST_CHECK_THROW(sender.send_event(what), std::system_error);
}

BOOST_AUTO_TEST_SUITE_END()
