#include "sample.hpp"

#include <usher/clerk/events.hpp>
#include <usher/scalekit/events.hpp>
#include <usher/webhook/receive.hpp>

#include <boost/json/parse.hpp>

#include <new>
#include <stdexcept>

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

    template <class Event>
    auto receive_signed(const std::string& text, handling& held) const
    {
        const auto made = sign(usher::secret(secret_text), id, sent, text);
        return receive<Event>(own, made.of(provider::scalekit), text, held);
    }

    reason reason_of(const std::string& text) const
    {
        const auto made = sign(usher::secret(secret_text), id, sent, text);
        return why(own.verify(made.of(provider::scalekit), text));
    }

    std::shared_ptr<memory_replay_store> store = std::make_shared<memory_replay_store>(16);
    verifier own;
};

/// Has no memory left for itself.
struct throwing_event {
    throwing_event() { throw std::bad_alloc(); }
};
const usher::detail::type_info& usher_type(const throwing_event*) noexcept
{
    return usher_type(static_cast<const events::event*>(nullptr));
}

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
    const auto made = sign(usher::secret("whsec_YWJjZGVmZ2hpamtsbW5vcA"), id, sent, broken);
    const auto stranger = receive<events::event>(own, made.of(provider::scalekit), broken);
    BOOST_TEST_REQUIRE(stranger.has_error());
    BOOST_TEST(stranger.error().why() == reason::signature_mismatch);
    const auto signed_one = receive_signed<events::event>(broken);
    BOOST_TEST_REQUIRE(signed_one.has_error());
    BOOST_TEST(signed_one.error().why() == reason::malformed_event);
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused_and_may_come_again)
{
    for (const char* none : {"", " ", "[]", "null", "\"role.created\"", "7", "{}{}", R"({"type":"role.created")", "{}",
                             R"({"type":7})", R"({"type":null,"data":{}})", R"({"type":""})"}) {
        const auto refused = receive_signed<events::event>(none);
        BOOST_TEST_REQUIRE(refused.has_error(), none);
        BOOST_TEST(refused.error().why() == reason::malformed_event, none);
        BOOST_TEST(refused.error().http_status() == 400);
        const auto envelope = receive_signed<usher::clerk::events::event>(none);
        BOOST_TEST_REQUIRE(envelope.has_error(), none);
        BOOST_TEST(envelope.error().why() == reason::malformed_event, none);
    }
    BOOST_TEST(store->size() == 0U);
    BOOST_TEST(receive_signed<events::event>(role).has_value());
    const auto again = receive_signed<events::event>(role);
    BOOST_TEST_REQUIRE(again.has_error());
    BOOST_TEST(again.error().why() == reason::pending);
}

BOOST_AUTO_TEST_CASE(a_known_event_that_looks_different_is_kept_whole)
{
    for (const char* text :
         {R"({"type":"role.created","id":"evt_1","data":{"name":[]},"of_tomorrow":{"a":[1,null,0.5]}})",
          R"({"data":{"name":"viewer"},"occurred_at":1765281881,"type":"role.created"})",
          R"({"type":"role.created","data":"viewer"})", R"({"type":"moon.risen","data":{"phase":1}})"}) {
        const auto received = receive_signed<events::event>(text);
        BOOST_TEST_REQUIRE(received.has_value(), text);
        const auto* kept = std::get_if<usher::unknown_json>(&*received);
        BOOST_TEST_REQUIRE(kept != nullptr, text);
        BOOST_TEST((kept->json == boost::json::parse(text)), text);
        own.forget(id);
    }
}

BOOST_AUTO_TEST_CASE(where_one_type_is_asked_for_another_is_refused)
{
    const auto wrong = receive_signed<events::role_created>(R"({"type":"role.created","data":{"name":[]}})");
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().message().find("/data/name: expected a string") != std::string::npos);
    for (const char* other : {R"({"type":"role.deleted","data":{"name":"viewer"}})", R"({"data":{"name":"viewer"}})"}) {
        const auto refused = receive_signed<events::role_created>(other);
        BOOST_TEST_REQUIRE(refused.has_error(), other);
        BOOST_TEST(refused.error().message() == "the body is no event: /type: expected role.created");
    }
    BOOST_TEST(store->size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_confirmed_is_a_repetition_from_then_on)
{
    {
        handling held;
        BOOST_TEST(receive_signed<events::event>(role, held).has_value());
        BOOST_TEST(held.holds());
        BOOST_TEST(held.id() == id);
        BOOST_TEST(reason_of(role) == reason::pending);
        held.confirm();
        BOOST_TEST(!held.holds());
    }
    BOOST_TEST(reason_of(role) == reason::replayed);
}

BOOST_AUTO_TEST_CASE(what_was_not_confirmed_is_accepted_again)
{
    try {
        handling held;
        BOOST_TEST(receive_signed<events::event>(role, held).has_value());
        throw std::runtime_error("the handler fails");
    } catch (const std::runtime_error&) {
        BOOST_TEST(store->size() == 0U);
    }
    handling held;
    BOOST_TEST(receive_signed<events::event>(role, held).has_value());
    handling moved = std::move(held);
    held = handling();
    BOOST_TEST(reason_of(role) == reason::pending);
    moved = handling();
    BOOST_TEST(receive_signed<events::event>(role, held).has_value());
    held.release();
    held = handling();
    BOOST_TEST(reason_of(role) == reason::pending);
}

BOOST_AUTO_TEST_CASE(a_refused_repetition_does_not_end_the_handling_of_the_first)
{
    handling first;
    BOOST_TEST(receive_signed<events::event>(role, first).has_value());
    {
        handling second;
        BOOST_TEST(receive_signed<events::event>(role, second).has_error());
        BOOST_TEST(!second.holds());
    }
    BOOST_TEST(reason_of(role) == reason::pending);
}

BOOST_AUTO_TEST_CASE(an_exception_on_the_way_to_the_event_does_not_lose_it)
{
    BOOST_CHECK_THROW(receive_signed<throwing_event>(role), std::bad_alloc);
    BOOST_TEST(store->size() == 0U);
    BOOST_TEST(receive_signed<events::event>(role).has_value());
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_when_the_event_is_handled_does_not_let_it_in_again)
{
    struct failing : memory_replay_store {
        void confirm(std::string_view) override { throw std::runtime_error("no connection"); }
    };
    verifier_options made = at(sent);
    made.replays = std::make_shared<failing>();
    const verifier other(provider::scalekit, usher::secret(secret_text), made);
    const auto request = sign(usher::secret(secret_text), id, sent, role);
    {
        handling held;
        BOOST_TEST(receive<events::event>(other, request.of(provider::scalekit), role, held).has_value());
        BOOST_CHECK_THROW(held.confirm(), std::runtime_error);
    }
    BOOST_TEST(why(other.verify(request.of(provider::scalekit), role)) == reason::pending);
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

BOOST_AUTO_TEST_CASE(a_member_of_another_kind_in_clerks_envelope_costs_that_member_alone)
{
    const std::string text = R"({"type":"user.created","object":7,"data":{"id":"user_1","n":[0.5,null]},)"
                             R"("timestamp":"2026-01-01T00:00:00Z","instance_id":"ins_1","event_attributes":[]})";
    const auto received = receive_signed<usher::clerk::events::event>(text);
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_TEST(received->type == "user.created");
    BOOST_TEST((received->data == boost::json::parse(text).at("data")));
    BOOST_TEST(*received->instance_id == "ins_1");
    BOOST_TEST(received->timestamp.is_absent());
    BOOST_TEST(received->event_attributes.is_absent());
    BOOST_TEST(received->object == "event");
}

BOOST_AUTO_TEST_SUITE_END()
