#include "sample.hpp"

#include <usher/clerk/events.hpp>
#include <usher/scalekit/events.hpp>
#include <usher/webhook/receive.hpp>

using namespace sample;
namespace events = usher::scalekit::events;

namespace {

struct receiver {
    receiver() : own(provider::scalekit, usher::secret(secret_text), options()) {}

    verifier_options options() const
    {
        verifier_options made = at(sent);
        made.replays = store;
        return made;
    }

    template <class Event>
    auto receive_signed(const std::string& text) const
    {
        const auto made = sign(usher::secret(secret_text), id, sent, text);
        return receive<Event>(own, made.of(provider::scalekit), text);
    }

    std::shared_ptr<memory_replay_store> store =
        std::make_shared<memory_replay_store>(16, [] { return std::chrono::system_clock::time_point(sent); });
    verifier own;
};

const std::string role = R"({"type":"role.created","id":"evt_1","data":{"name":"viewer"}})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(receiving, receiver)

BOOST_AUTO_TEST_CASE(a_signed_event_is_typed)
{
    const auto received = receive_signed<events::event>(role);
    BOOST_TEST_REQUIRE(received.has_value());
    const std::string seen =
        std::visit(overloaded{[](const events::role_created& e) { return "created " + e.data.name; },
                              [](const usher::unknown_json&) { return std::string("unknown"); },
                              [](const auto& e) { return "other " + e.id; }},
                   *received);
    BOOST_TEST(seen == "created viewer");
}

BOOST_AUTO_TEST_CASE(nothing_is_read_before_it_is_verified)
{
    const std::string broken = "{ no json";
    const auto made = sign(usher::secret("whsec_YWJj"), id, sent, broken);
    const auto stranger = receive<events::event>(own, made.of(provider::scalekit), broken);
    BOOST_TEST_REQUIRE(stranger.has_error());
    BOOST_TEST(stranger.error().why() == reason::signature_mismatch);
    const auto signed_one = receive_signed<events::event>(broken);
    BOOST_TEST_REQUIRE(signed_one.has_error());
    BOOST_TEST(signed_one.error().why() == reason::malformed_event);
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused_with_its_pointer_and_may_come_again)
{
    const auto wrong = receive_signed<events::event>(R"({"type":"role.created","data":{"name":[]}})");
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().message().find("/data/name: expected a string") != std::string::npos);
    BOOST_TEST(wrong.error().http_status() == 400);
    for (const char* none : {"", " ", "[]", "null", "\"role.created\"", "7", "{}{}", R"({"type":"role.created")"}) {
        const auto refused = receive_signed<events::event>(none);
        BOOST_TEST_REQUIRE(refused.has_error(), none);
        BOOST_TEST(refused.error().why() == reason::malformed_event, none);
    }
    BOOST_TEST(store->size() == 0U);
    BOOST_TEST(receive_signed<events::event>(role).has_value());
    const auto again = receive_signed<events::event>(role);
    BOOST_TEST_REQUIRE(again.has_error());
    BOOST_TEST(again.error().why() == reason::replayed);
}

BOOST_AUTO_TEST_CASE(one_type_of_event_may_be_asked_for)
{
    const auto received = receive_signed<events::role_created>(role);
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_TEST(received->data.name == "viewer");
}

BOOST_AUTO_TEST_CASE(clerks_events_come_the_same_way_and_headers_may_be_looked_up)
{
    const std::string text = R"({"type":"user.created","object":"event","data":{"id":"user_1"}})";
    const auto made = sign(usher::secret(secret_text), id, sent, text);
    const auto all = made.of(provider::clerk);
    const auto find = [&](std::string_view name) -> std::optional<std::string_view> {
        for (const auto& [known, value] : all)
            if (known == name)
                return value;
        return std::nullopt;
    };
    const auto received = receive<usher::clerk::events::event>(verifier_at(), find, text);
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_TEST(received->type == "user.created");
}

BOOST_AUTO_TEST_SUITE_END()
