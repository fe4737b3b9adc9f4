// Every documented event, and what is nearly one.
#include <usher/json.hpp>
#include <usher/scalekit/events.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

namespace json = boost::json;
namespace events = usher::scalekit::events;

namespace {

json::object examples()
{
    std::ifstream file(USHER_SOURCE_DIR "/src/spec/scalekit-webhook-examples.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return json::parse(text).as_object();
}

usher::result<events::event> read(const json::value& from)
{
    return usher::from_json<events::event>(json::serialize(from));
}

bool is_unknown(const events::event& event)
{
    return std::holds_alternative<usher::unknown_json>(event);
}

json::value again(const events::event& event)
{
    return json::parse(usher::to_json(event));
}

/// Calls `change(copy, holder, key, pointer)` for every member at any depth, each time with a copy of the whole in
/// which `holder` is what it stands in.
using changer = std::function<void(const json::value& whole, json::object& holder, const std::string& key,
                                   const std::string& pointer)>;

void each_member(const json::value& whole, const json::value& at, const std::string& pointer, const changer& change)
{
    if (const auto* list = at.if_array())
        for (std::size_t i = 0; i < list->size(); ++i)
            each_member(whole, (*list)[i], pointer + "/" + std::to_string(i), change);
    if (const auto* object = at.if_object())
        for (const auto& [key, value] : *object) {
            json::value copy = whole;
            json::object& holder = copy.at_pointer(pointer).as_object();
            const std::string own = pointer + "/" + std::string(key);
            change(copy, holder, key, own);
            each_member(whole, value, own, change);
        }
}

std::size_t each_member_of_all(const changer& change)
{
    std::size_t count = 0;
    for (const auto& [type, example] : examples())
        each_member(example, example, "", [&](const auto& whole, auto& holder, const auto& key, const auto& pointer) {
            ++count;
            change(whole, holder, key, pointer);
        });
    return count;
}

/// What a member is that never had a value.
bool is_empty(const json::value& value)
{
    if (const auto* text = value.if_string())
        return text->empty() || *text == "1970-01-01T00:00:00Z";
    if (const auto* list = value.if_array())
        return list->empty();
    if (const auto* object = value.if_object())
        return std::all_of(object->begin(), object->end(), [](const auto& each) { return is_empty(each.value()); });
    return value.is_null() || value == json::value(false) || value == json::value(0);
}

/// `result` is `wanted`, but for what is at `pointer`, which is empty or not there.
bool is_but_for(json::value result, json::value wanted, const std::string& pointer)
{
    const std::size_t last = pointer.rfind('/');
    for (json::value* each : {&result, &wanted}) {
        boost::system::error_code none;
        json::value* found = each->find_pointer(pointer, none);
        if (found == nullptr)
            continue;
        if (!is_empty(*found))
            return false;
        each->at_pointer(pointer.substr(0, last)).as_object().erase(pointer.substr(last + 1));
    }
    return result == wanted;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scalekit_events)

BOOST_AUTO_TEST_CASE(all_36_are_read_as_what_they_are_and_written_as_they_came)
{
    std::size_t equal = 0;
    std::size_t index = 0;
    for (const auto& entry : examples()) {
        const auto type = entry.key();
        const json::value& example = entry.value();
        const auto event = read(example);
        BOOST_TEST_REQUIRE(event.has_value(), event.error().message());
        BOOST_TEST(event->index() == index++, type);
        std::visit(
            [&](const auto& own) {
                if constexpr (!std::is_same_v<decltype(own), const usher::unknown_json&>) {
                    BOOST_TEST(own.type == type);
                    BOOST_TEST(own.id == example.at("id").as_string());
                    BOOST_TEST(own.organization_id.has_value() == (example.as_object().count("organization_id") != 0));
                }
            },
            *event);
        equal += again(*event) == example ? 1 : 0;
    }
    BOOST_TEST(equal == 36U);
    BOOST_TEST(equal == std::variant_size_v<events::event> - 1);
}

BOOST_AUTO_TEST_CASE(members_are_where_the_example_has_them)
{
    const auto all = examples();
    const auto login = read(all.at("user.login"));
    const auto& own = std::get<events::user_login>(*login);
    BOOST_TEST(own.data.user.email == "john.doe@acmecorp.com");
    BOOST_TEST(own.data.user.user_profile.external_identities->at(0).connection_provider == "GOOGLE");
    BOOST_TEST(own.data.user_session.logout_at.is_null());
    BOOST_TEST(own.data.user_session.device.location.city == "Patna");
    BOOST_TEST((own.occurred_at == usher::parse_rfc3339("2025-12-09T12:04:41.781873312Z")));
    const auto signup = read(all.at("user.signup"));
    const auto& joined = std::get<events::user_signup>(*signup);
    BOOST_TEST(joined.data.organization.external_id.is_null());
    BOOST_TEST(joined.data.organization.settings.features.at(1).name == "dir_sync");
    BOOST_TEST(joined.data.user.last_login_time.is_absent());
}

BOOST_AUTO_TEST_CASE(a_member_that_is_not_there_changes_nothing_else)
{
    const std::size_t cases = each_member_of_all(
        [](const json::value& whole, json::object& holder, const std::string& key, const auto& pointer) {
            holder.erase(key);
            const auto event = read(whole);
            BOOST_TEST_REQUIRE(event.has_value(), pointer << ": " << event.error().message());
            BOOST_TEST(is_unknown(*event) == (pointer == "/type"), pointer);
            BOOST_TEST(is_but_for(again(*event), whole, pointer), pointer);
        });
    BOOST_TEST_MESSAGE(cases << " members left out");
    BOOST_TEST(cases >= 800U);
}

BOOST_AUTO_TEST_CASE(a_member_that_is_null_changes_nothing_else)
{
    each_member_of_all([](const json::value& whole, json::object& holder, const std::string& key, const auto& pointer) {
        holder[key] = nullptr;
        const auto event = read(whole);
        BOOST_TEST_REQUIRE(event.has_value(), pointer << ": " << event.error().message());
        BOOST_TEST(is_but_for(again(*event), whole, pointer), pointer);
    });
}

BOOST_AUTO_TEST_CASE(a_member_of_another_type_is_named_by_its_pointer)
{
    std::size_t refused = 0;
    each_member_of_all(
        [&](const json::value& whole, json::object& holder, const std::string& key, const auto& pointer) {
            holder[key] = json::array{json::array()};
            const auto event = read(whole);
            if (event) {
                // Only where anything is allowed, and then it is kept.
                BOOST_TEST(again(*event) == whole, pointer);
                return;
            }
            ++refused;
            BOOST_TEST(event.error().message().find(pointer) != std::string::npos,
                       pointer << " in: " << event.error().message());
        });
    BOOST_TEST(refused >= 700U);
}

BOOST_AUTO_TEST_CASE(members_that_are_not_documented_are_passed_over)
{
    const auto all = examples();
    for (const auto& [type, example] : all) {
        json::value more = example;
        more.as_object()["of_tomorrow"] = json::object{{"a", 1}};
        more.at("data").as_object()["of_tomorrow"] = json::array{1, "b"};
        const auto event = read(more);
        BOOST_TEST_REQUIRE(event.has_value());
        BOOST_TEST((again(*event) == example));
    }
}

BOOST_AUTO_TEST_CASE(an_event_that_is_not_known_keeps_its_json)
{
    const json::value strange =
        json::parse(R"({"id":"evt_1","type":"moon.risen","data":{"phase":0.5,"list":[1,null,{}]},"spec_version":"9"})");
    const auto event = read(strange);
    BOOST_TEST_REQUIRE(event.has_value());
    BOOST_TEST_REQUIRE(is_unknown(*event));
    BOOST_TEST((std::get<usher::unknown_json>(*event).json == strange));
    BOOST_TEST((again(*event) == strange));
    for (const char* bare : {"{}", R"({"type":null})", R"({"type":7})", R"({"type":{"a":"user.login"}})"}) {
        const auto other = usher::from_json<events::event>(bare);
        BOOST_TEST_REQUIRE(other.has_value(), bare);
        BOOST_TEST(is_unknown(*other), bare);
        BOOST_TEST((again(*other) == json::parse(bare)), bare);
    }
}

BOOST_AUTO_TEST_CASE(the_order_of_members_does_not_matter)
{
    for (const auto& [type, example] : examples()) {
        json::object first{{"type", type}};
        for (const auto& [key, value] : example.as_object())
            first[key] = value;
        json::object last = example.as_object();
        last.erase("type");
        last["type"] = type;
        for (const json::value& each : {json::value(first), json::value(last)}) {
            const auto event = read(each);
            BOOST_TEST_REQUIRE(event.has_value());
            BOOST_TEST(!is_unknown(*event));
            BOOST_TEST((again(*event) == example));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_event_that_a_program_makes_says_what_it_is)
{
    events::role_created made;
    made.id = "evt_1";
    made.data.name = "viewer";
    BOOST_TEST(made.type == "role.created");
    const events::event any = made;
    const auto back = usher::from_json<events::event>(usher::to_json(any));
    BOOST_TEST_REQUIRE(back.has_value());
    BOOST_TEST(std::get<events::role_created>(*back).data.name == "viewer");
}

BOOST_AUTO_TEST_SUITE_END()
