// Where a parameter goes, and what is refused, as the program itself does it.
#include "live/cli/process.hpp"

#include <usher/sandbox.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace usher::tests;
namespace json = boost::json;
namespace sandbox = usher::sandbox;

namespace {

struct services {
    services() : server(options())
    {
        process.environment["ANY_KEY"] = "sk_test_000000000000000000000000000000000000";
        std::filesystem::create_directory(folder);
        std::ofstream(picture) << "the bytes";
    }
    ~services() { std::filesystem::remove_all(folder); }

    static sandbox::options options()
    {
        sandbox::options options;
        options.tls = false;
        options.mode = sandbox::answers::full;
        options.services = {sandbox::service::clerk, sandbox::service::clerk_platform, sandbox::service::scalekit};
        return options;
    }

    process_end call(const std::string& operation, const std::string& params, const std::string& service = "clerk")
    {
        const std::string url = server.url(service == "clerk"            ? sandbox::service::clerk
                                           : service == "clerk-platform" ? sandbox::service::clerk_platform
                                                                         : sandbox::service::scalekit);
        const auto ended = run({USHER_COMMAND, "call", operation, "--service", service, "--key-env", "ANY_KEY",
                                "--base-url", url, "--params", params},
                               process);
        BOOST_TEST_INFO_SCOPE(ended.err);
        sent = server.last_request();
        return ended;
    }

    std::string header(const std::string& name) const
    {
        for (const auto& [each, value] : sent.headers)
            if (each == name)
                return value;
        return {};
    }

    void refused(const std::string& operation, const std::string& params, const std::string& told,
                 const std::string& service = "clerk")
    {
        const auto before = server.stats().requests;
        const auto ended = call(operation, params, service);
        BOOST_TEST(ended.status == 2, operation << " " << params);
        BOOST_TEST(ended.err.find(told) != std::string::npos, params << ": " << ended.err);
        BOOST_TEST(server.stats().requests == before);
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("usher-call-" + std::to_string(::getpid()));
    std::string picture = (folder / "a \"picture\".png").string();
    sandbox::server server;
    process_options process;
    sandbox::recorded_request sent;
};

std::string quoted(const std::string& text)
{
    return json::serialize(json::value(text));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_parameters, services)

BOOST_AUTO_TEST_CASE(a_header_parameter_is_a_header)
{
    const std::string ids = R"("applicationID":"app_1","envOrInsID":"ins_1")";
    BOOST_TEST(
        call("PlatformPatchConfig", "{" + ids + R"(,"If-Match":"\"v1\"","body":{"a":{"b":1}}})", "clerk-platform")
            .status == 0);
    BOOST_TEST(sent.method == "PATCH");
    BOOST_TEST(header("If-Match") == "\"v1\"");
    BOOST_TEST(sent.body == R"({"a":{"b":1}})");
    BOOST_TEST(
        call("PlatformPatchConfig", "{" + ids + R"(,"header":{"If-Match":"\"v2\""},"body":{}})", "clerk-platform")
            .status == 0);
    BOOST_TEST(header("If-Match") == "\"v2\"");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_an_array_stands_under_body)
{
    process.input = R"({"body":[{"email_address":"a@example.com"},{"email_address":"b@example.com"}]})";
    BOOST_TEST(call("CreateBulkInvitations", "@-").status == 0);
    BOOST_TEST(json::parse(sent.body).as_array().size() == 2U);
    process.input = R"({"body":[{"email_address":"a@example.com"},{"email_address":7}]})";
    refused("CreateBulkInvitations", "@-", "/body/1/email_address: expected a string, found an integer");
}

BOOST_AUTO_TEST_CASE(a_file_is_a_part_of_a_form_or_the_body_itself_as_the_caller_says)
{
    const auto form =
        call("PlatformUploadApplicationLogo",
             R"({"applicationID":"app_1","file":)" + quoted("@" + picture + ";type=image/png") + "}", "clerk-platform");
    BOOST_TEST(form.status == 0);
    BOOST_TEST(header("Content-Type").find("multipart/form-data; boundary=") == 0U);
    BOOST_TEST(sent.body.find("name=\"file\"; filename=\"a %22picture%22.png\"\r\nContent-Type: image/png\r\n\r\n"
                              "the bytes\r\n--") != std::string::npos,
               sent.body);
    const auto alone = call("PlatformUploadApplicationLogo",
                            R"({"applicationID":"app_1","body":)" + quoted("@" + picture) + "}", "clerk-platform");
    BOOST_TEST(alone.status == 0);
    BOOST_TEST(header("Content-Type") == "application/octet-stream");
    BOOST_TEST(sent.body == "the bytes");
    refused("SetUserProfileImage", R"({"user_id":"user_1","file":"picture.png"})", "/file");
    refused("SetUserProfileImage", R"({"user_id":"user_1","file":"@/no/such/picture.png"})", "/no/such/picture.png");
    refused("SetUserProfileImage", R"({"user_id":"user_1","body":)" + quoted("@" + picture) + "}", "body");
}

BOOST_AUTO_TEST_CASE(a_name_that_goes_to_two_places_is_told_apart_by_its_group)
{
    refused("UserService_UpdateUser", R"({"id":"usr_1","external_id":"x"})",
            R"("external_id" stands in more than one place: say which, as {"query": {"external_id": …}} or {"body")",
            "scalekit");
    const auto both = call("UserService_UpdateUser",
                           R"({"id":"usr_1","query":{"external_id":"old"},"body":{"external_id":"new"}})", "scalekit");
    BOOST_TEST(both.status == 0);
    BOOST_TEST(sent.target == "/api/v1/users/usr_1?external_id=old");
    BOOST_TEST(sent.body == R"({"external_id":"new"})");
}

BOOST_AUTO_TEST_CASE(lists_and_reserved_characters_stand_in_the_query_as_the_document_says)
{
    BOOST_TEST(call("GetUserList", R"({"email_address":["a+b@example.com","c,d"],"limit":2,"banned":true})").status ==
               0);
    BOOST_TEST(sent.target.find("email_address=a%2Bb%40example.com&email_address=c%2Cd") != std::string::npos,
               sent.target);
    BOOST_TEST(sent.target.find("&banned=true") != std::string::npos, sent.target);
    BOOST_TEST(call("ListAllOrganizationDomains",
                    R"({"verified":"true","enrollment_mode":["manual_invitation","automatic_suggestion"]})")
                   .status == 0);
    BOOST_TEST(sent.target ==
               "/v1/organization_domains?verified=true&enrollment_mode=manual_invitation,automatic_suggestion");
    BOOST_TEST(call("GetUser", R"({"user_id":"a/b?c#d é"})").status == 0);
    BOOST_TEST(sent.target == "/v1/users/a%2Fb%3Fc%23d%20%C3%A9");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_and_never_sent)
{
    refused("GetUser", R"({"user":"user_1"})", R"("user": the operation has no such parameter; it has user_id)");
    refused("GetUser", R"({"user_id":".."})", "user_id");
    refused("GetUser", R"({"user_id":""})", "user_id");
    refused("GetUser", R"({"user_id":true})", "/user_id: a text was expected");
    refused("GetUserList", R"({"limit":0})", "/limit");
    refused("GetUserList", R"({"limit":501})", "/limit");
    refused("GetUserList", R"({"limit":1.5})", "/limit");
    refused("GetUserList", R"({"query":{"limit":1}})", "/query");
    refused("CreateUser", R"({"body":{"first_name":7}})", "/body/first_name");
    refused("CreateUser", R"({"first_name":"x"} y)", "the document");
    refused("CreateUser", R"(["x"])", "the document: expected an object, found an array");
    refused("CreateSAMLConnection", R"({"name":"x","provider":"saml_okta"})", "required");
    refused("CreateBulkWaitlistEntries", R"({"body":[{"email_address":"nobody"}]})",
            "/body/0/email_address: not an email address");
    refused("GetUserList", R"({"banned":"true"})", "/banned: expected true or false, found a string");
    refused("ListAllOrganizationDomains", R"({"enrollment_mode":["any"]})", "/enrollment_mode/0: not \"manual");
}

BOOST_AUTO_TEST_SUITE_END()
