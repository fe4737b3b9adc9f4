#pragma once

#include "client.hpp"

#include <boost/test/unit_test.hpp>

namespace sandbox_test {

inline usher::sandbox::options scalekit()
{
    usher::sandbox::options o;
    o.services = {usher::sandbox::service::scalekit};
    o.clients = {{"skc_1", "secret one"}, {"skc_public", ""}};
    o.token_lifetime = std::chrono::seconds(600);
    return o;
}

struct oauth_fixture {
    oauth_fixture() : sandbox(scalekit()), http(sandbox) { http.credentials.clear(); }

    usher::sandbox::server sandbox;
    client http;

    answer token(const std::string& form)
    {
        return http.send("POST", "/oauth/token", form, {{"Content-Type", "application/x-www-form-urlencoded"}});
    }
    answer own_token() { return token("grant_type=client_credentials&client_id=skc_1&client_secret=secret+one"); }

    static constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636, appendix B
    static constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    std::string authorization(const std::string& more = {})
    {
        return "/oauth/"
               "authorize?response_type=code&client_id=skc_1&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&state=s%26t"
               "&nonce=n1&scope=openid%20profile%20email%20offline_access&login_hint=ada%40example.com"
               "&organization_id=org_7&connection_id=conn_7&code_challenge_method=S256&code_challenge=" +
               std::string(challenge) + more;
    }
    std::string code()
    {
        const auto got = http.get(authorization());
        BOOST_REQUIRE(got.status == 302);
        const auto where = got.header("location");
        const auto from = where.find("code=") + 5;
        return where.substr(from, where.find('&', from) - from);
    }
    std::string exchange_form(const std::string& code, const std::string& with = verifier)
    {
        return "grant_type=authorization_code&client_id=skc_1&client_secret=secret+one&redirect_uri=https%3A%2F%2F"
               "app.test%2Fcb&code=" +
               code + "&code_verifier=" + with;
    }
    static std::string error(const answer& got) { return std::string(got.object().at("error").as_string()); }
};

} // namespace sandbox_test
