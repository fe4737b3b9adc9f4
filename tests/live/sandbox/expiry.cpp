#include "sandbox/service.hpp"

#include <boost/test/unit_test.hpp>

// What time does to tokens, codes, sessions and transfers: the services without their wire, and a clock of our own.

using namespace usher::sandbox;

namespace {

struct clocked {
    clocked() : services(all()) { services.set_origin("https://sandbox.test"); }
    static options all()
    {
        options o;
        set_option(o, "services", "all");
        o.token_lifetime = std::chrono::seconds(60);
        return o;
    }

    backend services;
    std::int64_t wall = 1'750'000'000'000;
    int status = 0;
    std::string key = "opaque";
    std::string location;

    json::object ask(std::string_view method, std::string_view target, std::string_view body = {},
                     std::string_view type = "application/json")
    {
        const auto authorization = "Bearer " + key;
        request asked;
        asked.method = method;
        asked.target = target;
        asked.authorization = authorization;
        asked.content_type = type;
        asked.body = body;
        reply got;
        services.handle(asked, instant(std::chrono::milliseconds(wall)), wall, got);
        status = got.status;
        for (const auto& [name, value] : got.headers)
            if (name == "location")
                location = value;
        return got.body.empty() ? json::object() : json::parse(got.body).as_object();
    }
    json::object form(std::string_view body)
    {
        return ask("POST", "/oauth/token", body, "application/x-www-form-urlencoded");
    }
    void pass(std::chrono::milliseconds time) { wall += time.count(); }
    static std::string text(const json::object& of, std::string_view name)
    {
        return std::string(of.at(name).as_string());
    }

    std::string code()
    {
        ask("GET", "/oauth/authorize?response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fa.co"
                   "&scope=openid+offline_access");
        return location.substr(location.find("code=") + 5);
    }
    json::object exchange(const std::string& code)
    {
        return form("grant_type=authorization_code&client_id=c&client_secret=s&redirect_uri=https%3A%2F%2Fa.co&code=" +
                    code);
    }
    json::object refresh(const json::object& tokens)
    {
        return form("grant_type=refresh_token&client_id=c&client_secret=s&refresh_token=" +
                    text(tokens, "refresh_token"));
    }
};

using namespace std::chrono_literals;
constexpr auto day = 24h;

} // namespace

BOOST_FIXTURE_TEST_SUITE(expiry, clocked)

BOOST_AUTO_TEST_CASE(an_access_token_is_good_until_its_last_millisecond)
{
    key = text(form("grant_type=client_credentials&client_id=c&client_secret=s"), "access_token");
    pass(59'999ms);
    ask("GET", "/api/v1/organizations");
    BOOST_TEST(status == 200);
    pass(1ms);
    BOOST_TEST(ask("GET", "/api/v1/organizations").at("code").as_int64() == 16);
    BOOST_TEST(status == 401);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_ten_minutes)
{
    const auto first = code();
    pass(10min - 1ms);
    exchange(first);
    BOOST_TEST(status == 200);
    const auto second = code();
    pass(10min);
    BOOST_TEST(text(exchange(second), "error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_lives_as_long_as_its_session)
{
    auto tokens = exchange(code());
    for (int i = 0; i != 6; ++i) {
        pass(day);
        tokens = refresh(tokens);
        BOOST_TEST(status == 200);
    }
    const auto sessions = services.count("sessions");
    BOOST_TEST(sessions == 1u);
    pass(day);
    BOOST_TEST(text(refresh(tokens), "error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_mailed_code_is_good_for_as_long_as_was_said)
{
    const auto sent = ask("POST", "/api/v1/passwordless/email/send", R"({"email":"a@b.co","expires_in":60})");
    const auto body = R"({"code":"424242","auth_request_id":")" + text(sent, "auth_request_id") + "\"}";
    pass(60s);
    ask("POST", "/api/v1/passwordless/email/verify", body);
    BOOST_TEST(status == 400);
    ask("POST", "/api/v1/passwordless/email/resend", body.substr(0, 1) + body.substr(body.find("\"auth")));
    pass(59s);
    ask("POST", "/api/v1/passwordless/email/verify", body);
    BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(a_transfer_is_pending_for_a_day)
{
    key = "ak_workspace";
    const auto path = "/v1/platform/applications/" +
                      text(ask("POST", "/v1/platform/applications", R"({"name":"a"})"), "application_id") +
                      "/transfers";
    const auto id = text(ask("POST", path), "id");
    pass(day - 1ms);
    BOOST_TEST(text(ask("GET", path + "/" + id), "status") == "pending");
    ask("POST", path);
    BOOST_TEST(status == 409);
    pass(1ms);
    BOOST_TEST(text(ask("GET", path + "/" + id), "status") == "expired");
    ask("DELETE", path + "/" + id);
    BOOST_TEST(status == 409);
    ask("POST", path);
    BOOST_TEST(status == 201);
}

BOOST_AUTO_TEST_CASE(a_machine_s_token_shows_that_it_has_expired)
{
    key = "ak_0123456789";
    const auto token = text(ask("POST", "/v1/m2m_tokens", R"({"seconds_until_expiration":60})"), "token");
    const auto body = R"({"token":")" + token + "\"}";
    pass(59'999ms);
    BOOST_TEST(!ask("POST", "/v1/m2m_tokens/verify", body).at("expired").as_bool());
    pass(1ms);
    BOOST_TEST(ask("POST", "/v1/m2m_tokens/verify", body).at("expired").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
