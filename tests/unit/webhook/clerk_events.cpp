#include <usher/clerk/events.hpp>
#include <usher/clerk/types/deleted_object.hpp>
#include <usher/clerk/types/organization.hpp>
#include <usher/clerk/types/session.hpp>
#include <usher/clerk/types/user.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace clerk = usher::clerk;
namespace json = boost::json;

namespace {

clerk::events::event read(const std::string& text)
{
    auto event = usher::from_json<clerk::events::event>(text);
    BOOST_TEST_REQUIRE(event.has_value(), event.error().message());
    return *event;
}

std::string envelope(const std::string& type, const std::string& data)
{
    return R"({"data":)" + data +
           R"(,"event_attributes":{"http_request":{"client_ip":"192.0.2.1","user_agent":"x"}},"object":"event",)"
           R"("timestamp":1654012591835,"type":")" +
           type + R"(","instance_id":"ins_1"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(clerk_events)

BOOST_AUTO_TEST_CASE(the_envelope_is_typed_and_written_as_it_came)
{
    const std::string text = envelope("user.created", R"({"id":"user_1","first_name":"Ada"})");
    const auto event = read(text);
    BOOST_TEST(event.type == "user.created");
    BOOST_TEST(event.object == "event");
    BOOST_TEST(event.timestamp->time_since_epoch().count() == 1654012591835);
    BOOST_TEST(*event.instance_id == "ins_1");
    BOOST_TEST(event.event_attributes->at("http_request").at("client_ip").as_string() == "192.0.2.1");
    BOOST_TEST((json::parse(usher::to_json(event)) == json::parse(text)));
}

BOOST_AUTO_TEST_CASE(data_is_read_as_the_generated_types)
{
    const auto user =
        read(envelope("user.updated", R"({"id":"user_1","object":"user","first_name":"Ada","last_name":null,
        "created_at":1654012591514,"email_addresses":[{"id":"idn_1","email_address":"ada@example.com"}],"of_tomorrow":1})"))
            .data_as<clerk::user>();
    BOOST_TEST_REQUIRE(user.has_value());
    BOOST_TEST(user->id == "user_1");
    BOOST_TEST(user->email_addresses.at(0).email_address == "ada@example.com");
    const auto organization =
        read(envelope("organization.created", R"({"id":"org_1","name":"Acme"})")).data_as<clerk::organization>();
    BOOST_TEST_REQUIRE(organization.has_value());
    BOOST_TEST(organization->name == "Acme");
    const auto session =
        read(envelope("session.ended", R"({"id":"sess_1","status":"ended"})")).data_as<clerk::session>();
    BOOST_TEST_REQUIRE(session.has_value());
    BOOST_TEST(session->id == "sess_1");
    const auto gone = read(envelope("user.deleted", R"({"deleted":true,"id":"user_1","object":"user"})"))
                          .data_as<clerk::deleted_object>();
    BOOST_TEST_REQUIRE(gone.has_value());
    BOOST_TEST(gone->deleted);
}

BOOST_AUTO_TEST_CASE(data_of_another_shape_is_refused_with_its_pointer)
{
    const auto user = read(envelope("user.created", R"({"email_addresses":[{"id":7}]})")).data_as<clerk::user>();
    BOOST_TEST_REQUIRE(user.has_error());
    BOOST_TEST(user.error().message().find("/email_addresses/0/id") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_event_that_is_not_known_keeps_everything)
{
    const std::string text = envelope("moon.risen", R"([1,null,{"phase":0.5}])");
    const auto event = read(text);
    BOOST_TEST(event.type == "moon.risen");
    BOOST_TEST((json::parse(usher::to_json(event)) == json::parse(text)));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_absent_and_null_is_null)
{
    for (const std::string text :
         {R"({"type":"email.created","object":"event","data":{}})",
          R"({"type":"email.created","object":"event","data":null,"instance_id":null,"timestamp":null})"})
        BOOST_TEST((json::parse(usher::to_json(read(text))) == json::parse(text)), text);
    BOOST_TEST(read(R"({"type":"a"})").timestamp.is_absent());
    const auto wrong = usher::from_json<clerk::events::event>(R"({"type":7})");
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().message().find("/type") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_family_of_events_is_recognised)
{
    const auto event = read(R"({"type":"user.created"})");
    BOOST_TEST(event.is_about("user"));
    BOOST_TEST(!event.is_about("use"));
    BOOST_TEST(!event.is_about("user.created"));
    BOOST_TEST(!event.is_about("organization"));
    BOOST_TEST(read(R"({"type":"organizationDomain.created"})").is_about("organizationDomain"));
}

BOOST_AUTO_TEST_SUITE_END()
