#include "client.hpp"
#include "jwt.hpp"
#include "scalekit_fixture.hpp"

#include <boost/test/unit_test.hpp>

// Sessions, passkeys and logins by mail of Scalekit.

using namespace sandbox_test;
using namespace usher::sandbox;

BOOST_FIXTURE_TEST_SUITE(scalekit_logins, scalekit_fixture)

BOOST_AUTO_TEST_CASE(a_login_begins_a_session_that_can_be_revoked)
{
    const auto home = text(organization({{"display_name", "A"}}), "id");
    const auto id = text(user(home, {{"email", "ada@b.co"}, {"user_profile", {{"name", "Ada L"}}}}), "id");
    const auto log_in = [&] {
        const auto went =
            http.get("/oauth/authorize?response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fa.co&scope="
                     "openid+email+profile+offline_access&login_hint=ada%40b.co")
                .header("location");
        const auto code = went.substr(went.find("code=") + 5);
        return http
            .send("POST", "/oauth/token",
                  "grant_type=authorization_code&client_id=c&client_secret=s&redirect_uri=https%3A%2F%2Fa.co&code=" +
                      code,
                  {{"Content-Type", "application/x-www-form-urlencoded"}})
            .object();
    };
    const auto first = log_in(), second = log_in();
    const auto claims = claims_of(text(first, "access_token"));
    BOOST_TEST(text(claims, "sub") == id);
    BOOST_TEST(text(claims, "oid") == home);
    BOOST_TEST(claims.at("roles").as_array().at(0).as_string() == "member");
    BOOST_TEST(text(claims_of(text(first, "id_token")), "name") == "Ada L");
    const auto session = text(claims, "sid");
    BOOST_TEST(text(http.get(api + "/sessions/" + session).object(), "status") == "active");
    BOOST_TEST(http.get(api + "/users/" + id + "/sessions").object().at("total_size").as_int64() == 2);
    const auto revoked = http.send("POST", api + "/sessions/" + session + "/revoke");
    BOOST_TEST(text(inside(revoked, "revoked_session"), "status") == "revoked");
    BOOST_TEST(http.get(api + "/users/" + id + "/sessions?filter.status=active").object().at("total_size").as_int64() ==
               1);
    const auto refresh = [&](const json::object& tokens) {
        return http
            .send("POST", "/oauth/token",
                  "grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=" + text(tokens, "refresh_token"),
                  {{"Content-Type", "application/x-www-form-urlencoded"}})
            .status;
    };
    BOOST_TEST(refresh(first) == 400);
    BOOST_TEST(refresh(second) == 200);
    BOOST_TEST(http.send("POST", api + "/users/" + id + "/sessions/revoke").object().at("total_revoked").as_int64() ==
               1);
    http.credentials = "Bearer " + text(second, "access_token");
    BOOST_TEST(http.get(api + "/users").status == 401);
}

BOOST_AUTO_TEST_CASE(passkeys_can_be_named_and_deleted)
{
    const auto id = text(user(text(organization({{"display_name", "A"}}), "id"), {{"email", "a@b.co"}}), "id");
    const auto path = api + "/webauthn/credentials";
    const auto all = http.get(path + "?user_id=" + id).object().at("credentials").as_array();
    BOOST_REQUIRE(all.size() == 1u);
    const auto key = text(all[0].as_object(), "id");
    BOOST_TEST(text(inside(http.patch(path + "/" + key, {{"display_name", "Mine"}}), "credential"), "display_name") ==
               "Mine");
    BOOST_TEST(http.remove(path + "/" + key).object().at("success").as_bool());
    refused(http.remove(path + "/" + key), 404, 5);
    BOOST_TEST(http.get(path + "?user_id=" + id).object().at("credentials").as_array().empty());
}

BOOST_AUTO_TEST_CASE(a_mailed_code_logs_in_once)
{
    const auto path = api + "/passwordless/email";
    const auto sent = http.post(path + "/send", {{"email", "a@b.co"}, {"state", "s"}}).object();
    const auto id = text(sent, "auth_request_id");
    BOOST_TEST(sent.at("expires_in").as_int64() == 300);
    BOOST_TEST(http.post(path + "/resend", {{"auth_request_id", id}}).status == 200);
    BOOST_TEST(sandbox.mails() == 2u);
    refused(http.post(path + "/verify", {{"auth_request_id", id}, {"code", "000000"}}), 400, 3, "code");
    const auto verified = http.post(path + "/verify", {{"auth_request_id", id}, {"code", "424242"}}).object();
    BOOST_TEST(text(verified, "email") == "a@b.co");
    BOOST_TEST(text(verified, "state") == "s");
    refused(http.post(path + "/verify", {{"auth_request_id", id}, {"code", "424242"}}), 404, 5);
}

BOOST_AUTO_TEST_SUITE_END()
