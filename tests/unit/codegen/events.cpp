// Types of events from examples.
#include "codegen/events.hpp"
#include "codegen/cpp_types.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace usher::codegen;

namespace {

/// A model keeps pointers into itself: it is made in place.
struct events_of {
    explicit events_of(const std::string& text)
        : examples(read_examples(text)), result(make_events(node(examples, ""), "usher::acme"))
    {
    }

    const type& named(const std::string& name) const
    {
        for (const type& each : result.types)
            if (each.name == name)
                return each;
        throw std::runtime_error("no type " + name);
    }
    /// The C++ type of a member, or nothing.
    std::string cpp(const std::string& name, const std::string& wire) const
    {
        for (const member& each : named(name).members)
            if (each.wire == wire)
                return member_type(named(name), each);
        return {};
    }

    json::value examples;
    model result;
};

/// One event of the object Thing, for each `data`.
std::string things(std::initializer_list<const char*> data)
{
    std::string text;
    int number = 0;
    for (const char* each : data) {
        const std::string name = "thing.n" + std::to_string(++number);
        text += cat(text.empty() ? "{" : ",", "\"", name, "\":{\"type\":\"", name, R"(","object":"Thing","data":)",
                    each, "}");
    }
    return text + "}";
}

std::string spec(const std::string& file)
{
    return read_file(std::string(USHER_SOURCE_DIR) + "/src/spec/" + file);
}

} // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(a_member_is_plain_only_if_every_example_has_it_and_never_as_null)
{
    const events_of made(things({R"({"a":"x","b":"x","c":null,"d":1})", R"({"a":"y","b":null,"c":"y"})"}));
    BOOST_TEST(made.cpp("thing", "a") == "std::string");
    BOOST_TEST(made.cpp("thing", "b") == "usher::field<std::string>");
    BOOST_TEST(made.cpp("thing", "c") == "usher::field<std::string>");
    BOOST_TEST(made.cpp("thing", "d") == "usher::field<std::int64_t>");
}

BOOST_AUTO_TEST_CASE(types_follow_from_the_values)
{
    const events_of made(things(
        {R"({"flag":true,"whole":1,"half":1,"time":"2024-01-15T10:30:00.1Z","text":"2024-01-15T10:30:00Z","mixed":1,
             "none":null,"seen_at":null,"list":["a"],"empty":[],"metadata":{"k":"v"},"raw_attributes":null,"bare":{}})",
         R"({"flag":false,"whole":2,"half":0.5,"time":"2024-01-15T10:30:00Z","text":"","mixed":"1","none":null,
             "seen_at":null,"list":[null],"empty":[],"metadata":{},"raw_attributes":{"x":1},"bare":{}})"}));
    BOOST_TEST(made.cpp("thing", "flag") == "bool");
    BOOST_TEST(made.cpp("thing", "whole") == "std::int64_t");
    BOOST_TEST(made.cpp("thing", "half") == "double");
    BOOST_TEST(made.cpp("thing", "time") == "usher::instant");
    BOOST_TEST(made.cpp("thing", "text") == "std::string");
    BOOST_TEST(made.cpp("thing", "mixed") == "boost::json::value");
    BOOST_TEST(made.cpp("thing", "none") == "usher::field<boost::json::value>");
    BOOST_TEST(made.cpp("thing", "seen_at") == "usher::field<usher::instant>");
    BOOST_TEST(made.cpp("thing", "list") == "std::vector<std::optional<std::string>>");
    BOOST_TEST(made.cpp("thing", "empty") == "std::vector<boost::json::value>");
    BOOST_TEST(made.cpp("thing", "metadata") == "boost::json::object");
    BOOST_TEST(made.cpp("thing", "raw_attributes") == "usher::field<boost::json::object>");
    BOOST_TEST(made.cpp("thing", "bare") == "boost::json::object");
}

BOOST_AUTO_TEST_CASE(elements_of_an_array_have_the_members_of_all_of_them)
{
    const events_of made(things({R"({"parts":[{"id":"a","size":1},{"id":"b","name":"x"}]})"}));
    BOOST_TEST(made.cpp("thing", "parts") == "std::vector<part>");
    BOOST_TEST(made.cpp("part", "id") == "std::string");
    BOOST_TEST(made.cpp("part", "size") == "usher::field<std::int64_t>");
    BOOST_TEST(made.cpp("part", "name") == "usher::field<std::string>");
}

BOOST_AUTO_TEST_CASE(objects_of_one_name_are_one_type_only_if_they_are_alike)
{
    const events_of made(things({R"({"thing":{"id":"a"},"owner":{"id":"a","name":"b"},"x":{"owner":{"id":"a"}},
                                     "y":{"owner":{"street":"a","town":"b"}}})"}));
    BOOST_TEST(made.cpp("thing_data", "thing") == "thing");
    BOOST_TEST(made.cpp("thing_data", "owner") == "owner");
    BOOST_TEST(made.cpp("x", "owner") == "owner");
    BOOST_TEST(made.cpp("owner", "name") == "usher::field<std::string>");
    BOOST_TEST(made.cpp("y", "owner") == "y_owner");
    BOOST_TEST(made.cpp("y_owner", "town") == "std::string");
}

BOOST_AUTO_TEST_CASE(events_are_told_apart_by_their_type)
{
    const events_of made(things({R"({"a":"x"})", R"({"a":"y"})"}));
    const type& all = made.named("event");
    BOOST_TEST(all.discriminator == "type");
    BOOST_TEST_REQUIRE(all.alternatives.size() == 2U);
    BOOST_TEST((all.alternatives[1].tags == std::vector<std::string>{"thing.n2"}));
    BOOST_TEST(all.alternatives[1].base->name == "thing_n2");
    BOOST_TEST(made.cpp("thing_n2", "data") == "thing");
}

BOOST_AUTO_TEST_CASE(what_is_no_example_is_refused_with_its_pointer)
{
    const auto pointer_of = [](const std::string& text) {
        try {
            events_of made(text);
        } catch (const refused& failure) {
            return failure.pointer();
        }
        return std::string("accepted");
    };
    BOOST_TEST(pointer_of("{") == "");
    BOOST_TEST(pointer_of("[]") == "");
    BOOST_TEST(pointer_of(R"({"a":[]})") == "/a");
    BOOST_TEST(pointer_of(R"({"a":{"type":"b","object":"X","data":{}}})") == "/a/type");
    BOOST_TEST(pointer_of(R"({"a":{"type":"a","object":1,"data":{"x":1}}})") == "/a/object");
    BOOST_TEST(pointer_of(R"({"a":{"type":"a","object":"X","data":[]}})") == "/a/data");
    BOOST_TEST(pointer_of(R"({"a":{"type":"a","object":"X","data":{}}})") == "accepted");
}

BOOST_AUTO_TEST_CASE(the_examples_of_scalekit_are_36_events_with_one_type_for_each_kind_of_data)
{
    const events_of made(spec("scalekit-webhook-examples.json"));
    BOOST_TEST(made.named("event").alternatives.size() == 36U);
    BOOST_TEST(made.cpp("organization_directory_user_deleted", "data") == "directory_user");
    BOOST_TEST(made.cpp("user_signup", "data") == "org_membership");
    BOOST_TEST(made.cpp("org_membership", "organization") == "organization");
    BOOST_TEST(made.cpp("organization", "settings") == "settings");
    BOOST_TEST(made.cpp("user_profile", "external_identities") == "usher::field<std::vector<external_identity>>");
    BOOST_TEST(made.cpp("user_session", "logout_at") == "usher::field<usher::instant>");
    for (const alternative& each : made.named("event").alternatives) {
        BOOST_TEST(made.cpp(each.base->name, "occurred_at") == "usher::instant");
        BOOST_TEST(made.cpp(each.base->name, "organization_id") == "usher::field<std::string>");
    }
}

BOOST_AUTO_TEST_CASE(the_index_of_events_in_the_repository_is_the_one_that_the_generator_writes)
{
    const events_of made(spec("scalekit-webhook-examples.json"));
    const std::string kept = spec("EVENTS.md");
    std::string index = events_index(made.result);
    // Made here for another service than the index is.
    for (std::size_t at = index.find("acme"); at != std::string::npos; at = index.find("acme"))
        index.replace(at, 4, "scalekit");
    BOOST_TEST(kept == index, "src/spec/EVENTS.md is not up to date: build the target usher_endpoints");
}

BOOST_AUTO_TEST_CASE(a_header_of_the_service_is_not_replaced)
{
    const events_of made(things({R"({"a":"x"})"}));
    output files;
    files.add("include/usher/acme/events.hpp", "a group");
    BOOST_CHECK_THROW(add_events(made.result, files), refused);
    output free_place;
    add_events(made.result, free_place);
    BOOST_TEST(free_place.files().count("include/usher/acme/events.hpp") == 1U);
    BOOST_TEST(free_place.files().count("src/acme_events_tables_1.cpp") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
