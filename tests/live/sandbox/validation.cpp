#include "client.hpp"

#include <boost/test/unit_test.hpp>

// Every class of what a request can do wrong, with the service's status and code.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;

    void refused(const answer& got, int status, const std::string& code, const std::string& parameter = {})
    {
        BOOST_TEST(got.status == status, got.text);
        BOOST_TEST(got.code() == code, got.text);
        BOOST_TEST(got.parameter() == parameter, got.text);
    }
    std::string new_user()
    {
        const auto made = http.post("/users", {{"email_address", {"u" + std::to_string(++users) + "@example.com"}}});
        BOOST_REQUIRE_EQUAL(made.status, 200);
        return std::string(made.object().at("id").as_string());
    }
    int users = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(validation, fixture)

BOOST_AUTO_TEST_CASE(a_request_needs_a_well_formed_key)
{
    http.credentials.clear();
    refused(http.get("/users"), 401, "authentication_invalid");
    http.credentials = "Basic abc";
    refused(http.get("/users"), 401, "authorization_header_format_invalid");
    for (const auto* key : {"Bearer pk_test_abc", "Bearer sk_test_", "Bearer ak_abc", "Bearer "}) {
        http.credentials = key;
        const auto got = http.get("/users");
        BOOST_TEST(got.status == 401, key);
    }
    http.credentials = "Bearer pk_test_abc";
    refused(http.get("/users"), 401, "clerk_key_invalid");
    http.credentials = "Bearer sk_live_abc";
    BOOST_TEST(http.get("/users").status == 200);
    http.credentials.clear();
    BOOST_TEST(http.get("/public/interstitial").status == 200);
}

BOOST_AUTO_TEST_CASE(a_list_of_keys_shuts_others_out)
{
    options how;
    how.keys = {"sk_test_mine"};
    const server closed(how);
    BOOST_TEST(client(closed, "sk_test_mine").get("/users").status == 200);
    BOOST_TEST(client(closed, "sk_test_other").get("/users").status == 401);
}

BOOST_AUTO_TEST_CASE(an_error_body_has_the_service_s_shape)
{
    const auto body = http.get("/users?nonsense=1").object();
    BOOST_TEST(body.at("clerk_trace_id").as_string().size() == 32u);
    const auto& error = body.at("errors").as_array().at(0).as_object();
    for (const auto* name : {"code", "message", "long_message"})
        BOOST_TEST(!error.at(name).as_string().empty());
    BOOST_TEST(error.at("meta").as_object().at("param_name").as_string() == "nonsense");
}

BOOST_AUTO_TEST_CASE(every_key_is_an_instance_of_its_own)
{
    new_user();
    client other(sandbox, "sk_test_other");
    BOOST_TEST(http.get("/users").body().as_array().size() == 1u);
    BOOST_TEST(other.get("/users").body().as_array().empty());
    BOOST_TEST(other.post("/users", {{"email_address", {"u1@example.com"}}}).status == 200);
    BOOST_TEST(sandbox.count("users") == 2u);
}

BOOST_AUTO_TEST_CASE(unknown_paths_and_methods)
{
    refused(http.get("/nobody"), 404, "resource_not_found");
    refused(http.get("/users/user_1/nothing"), 404, "resource_not_found");
    refused(http.send("PATCH", "/users"), 405, "method_not_allowed");
    refused(http.get("/users/user_1"), 404, "resource_not_found");
    refused(http.get("/users/%zz"), 404, "resource_not_found");
}

BOOST_AUTO_TEST_CASE(query_parameters)
{
    refused(http.get("/users?nonsense=1"), 422, "form_param_unknown", "nonsense");
    refused(http.get("/users?limit=ten"), 422, "form_param_type_invalid", "limit");
    refused(http.get("/users?limit=0"), 422, "form_param_value_invalid", "limit");
    refused(http.get("/users?limit=501"), 422, "form_param_value_invalid", "limit");
    refused(http.get("/users?offset=-1"), 422, "form_param_value_invalid", "offset");
    refused(http.get("/users?limit=1&limit=2"), 422, "form_param_duplicate", "limit");
    refused(http.get("/users?banned=maybe"), 422, "form_param_type_invalid", "banned");
    refused(http.get("/users?order_by=shoe_size"), 422, "form_param_value_invalid", "order_by");
    refused(http.get("/users?query=%4"), 400, "malformed_request_parameters");
    refused(http.get("/api_keys"), 422, "form_param_missing", "subject");
    refused(http.get("/api_keys?subject=somebody"), 422, "form_param_format_invalid", "subject");
    BOOST_TEST(http.get("/users?limit=500&offset=0&banned=false&email_address=a@b.co&email_address=c@d.co").status ==
               200);
}

BOOST_AUTO_TEST_CASE(arrays_in_a_query_are_repeated_or_joined_as_the_document_says)
{
    BOOST_TEST(http.get("/organization_domains?domains=a.co&domains=b.co&enrollment_mode=manual_invitation,automatic_"
                        "invitation")
                   .status == 200);
    refused(http.get("/organization_domains?enrollment_mode=manual_invitation&enrollment_mode=automatic_invitation"),
            422, "form_param_duplicate", "enrollment_mode");
    refused(http.get("/organization_domains?enrollment_mode=manual_invitation,odd"), 422, "form_param_value_invalid",
            "enrollment_mode[1]");
}

BOOST_AUTO_TEST_CASE(path_parameters)
{
    refused(http.get("/api_keys/key_1"), 422, "form_param_format_invalid", "apiKeyID");
    refused(http.get("/templates/letter"), 422, "form_param_value_invalid", "template_type");
}

BOOST_AUTO_TEST_CASE(a_body_must_be_readable)
{
    refused(http.send("POST", "/users", "{\"first_name\":"), 400, "request_body_invalid");
    refused(http.send("POST", "/users", "[]"), 400, "request_body_invalid");
    refused(http.send("POST", "/invitations/bulk", "{}"), 400, "request_body_invalid");
    refused(http.send("POST", "/users", "first_name=a", {{"Content-Type", "text/plain"}}), 415,
            "unsupported_content_type");
    refused(http.send("GET", "/users", "{}"), 400, "request_body_invalid");
    refused(http.send("POST", "/users"), 422, "form_data_missing");
}

BOOST_AUTO_TEST_CASE(members_of_a_body)
{
    refused(http.post("/users", {{"nickname", "a"}}), 422, "form_param_unknown", "nickname");
    refused(http.post("/organizations", {{"slug", "a"}}), 422, "form_param_missing", "name");
    refused(http.send("POST", "/organizations"), 422, "form_param_missing", "name");
    refused(http.post("/organizations", {{"name", nullptr}}), 422, "form_param_nil", "name");
    refused(http.post("/organizations", {{"name", 7}}), 422, "form_param_type_invalid", "name");
    refused(http.post("/organizations", {{"name", "a"}, {"max_allowed_memberships", -1}}), 422,
            "form_param_value_invalid", "max_allowed_memberships");
    refused(http.post("/users", {{"email_address", "a@b.co"}}), 422, "form_param_type_invalid", "email_address");
    refused(http.post("/users", {{"email_address", {"a@b.co", 7}}}), 422, "form_param_type_invalid",
            "email_address[1]");
    refused(http.post("/machines", {{"name", ""}}), 422, "form_param_format_invalid", "name");
    refused(http.post("/machines", {{"name", std::string(256, 'x')}}), 422, "form_param_exceeds_allowed_size", "name");
    BOOST_TEST(http.post("/machines", {{"name", std::string(255, 'x')}}).status == 200);
    refused(http.post("/api_keys", {{"name", "my key"}, {"subject", "user_1"}}), 422, "form_param_format_invalid",
            "subject");
    refused(http.post("/users/ban", {{"user_ids", json::array()}}), 422, "form_param_value_invalid", "user_ids");
    refused(http.post("/users/ban", {{"user_ids", json::array(51, "user_1")}}), 422, "form_param_array_size_exceeded",
            "user_ids");
    refused(http.post("/role_sets", {{"name", "a"},
                                     {"default_role_key", "org:a"},
                                     {"creator_role_key", "org:a"},
                                     {"roles", {"org:a"}},
                                     {"type", "odd"}}),
            422, "form_param_value_invalid", "type");
    refused(http.post("/invitations/bulk", {{{"email_address", "a@b.co"}}, {{"email", "a@b.co"}}}), 422,
            "form_param_missing", "[1].email_address");
}

BOOST_AUTO_TEST_CASE(an_exclusive_bound_excludes_itself)
{
    http.credentials = "Bearer ak_machine";
    refused(http.post("/m2m_tokens", {{"seconds_until_expiration", 0}}), 422, "form_param_value_invalid",
            "seconds_until_expiration");
    BOOST_TEST(http.post("/m2m_tokens", {{"seconds_until_expiration", 0.5}}).status == 201);
}

BOOST_AUTO_TEST_CASE(of_parameters_that_stand_for_each_other_one_is_needed)
{
    refused(http.post("/saml_connections", {{"name", "a"}, {"provider", "saml_custom"}}), 422,
            "form_conditional_param_missing", "domain");
    BOOST_TEST(
        http.post("/saml_connections", {{"name", "a"}, {"provider", "saml_custom"}, {"domains", {"a.co"}}}).status ==
        200);
}

BOOST_AUTO_TEST_CASE(several_mistakes_are_told_at_once)
{
    const auto got = http.post("/users", {{"nickname", "a"}, {"username", 7}});
    BOOST_TEST(got.object().at("errors").as_array().size() == 2u);
}

BOOST_AUTO_TEST_CASE(uploads)
{
    const auto path = "/users/" + new_user() + "/profile_image";
    const client::fields form{{"Content-Type", "multipart/form-data; boundary=xyz"}};
    const std::string picture("\x89PNG\r\n\0\r\n--xy\xff", 14);
    const auto good = http.send("POST", path, multipart("xyz", "file", picture), form);
    BOOST_TEST(good.status == 200, good.text);
    BOOST_TEST(good.object().at("has_image").as_bool());
    BOOST_TEST(sandbox.last_request().body.find(picture) != std::string::npos);
    refused(http.send("POST", path, multipart("xyz", "picture", picture), form), 422, "form_param_unknown", "picture");
    refused(http.send("POST", path, multipart("xyz", "file", "text", false), form), 422, "form_param_type_invalid",
            "file");
    refused(http.send("POST", path, multipart("xyz", "file", ""), form), 422, "form_param_value_invalid", "file");
    refused(http.send("POST", path, "--abc\r\n", form), 400, "malformed_request_parameters");
    refused(http.send("POST", path, multipart("xyz", "file", picture), {{"Content-Type", "multipart/form-data"}}), 400,
            "malformed_request_parameters");
    refused(http.send("POST", path, "{}"), 415, "unsupported_content_type");
    const auto organization = std::string(http.post("/organizations", {{"name", "a"}}).object().at("id").as_string());
    refused(http.send("PUT", "/organizations/" + organization + "/logo",
                      multipart("xyz", "uploader_user_id", "user_1", false), form),
            422, "form_param_missing", "file");
    BOOST_TEST(
        http.send("PUT", "/organizations/" + organization + "/logo", multipart("xyz", "file", picture), form).status ==
        200);
}

BOOST_AUTO_TEST_SUITE_END()
