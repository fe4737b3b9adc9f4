#pragma once

#include "tour.hpp"

#include <boost/test/unit_test.hpp>

namespace sandbox_test {

struct scalekit_fixture {
    scalekit_fixture() : sandbox(only_scalekit()), http(sandbox, "opaque") { tour::of("scalekit").watch(http); }

    static usher::sandbox::options only_scalekit()
    {
        usher::sandbox::options o;
        o.services = {usher::sandbox::service::scalekit};
        return o;
    }

    usher::sandbox::server sandbox;
    client http;
    const std::string api = "/api/v1";

    static std::string text(const json::object& of, std::string_view name)
    {
        const auto* v = of.if_contains(name);
        return v && v->is_string() ? std::string(v->get_string()) : std::string();
    }
    // The object in an answer that means success.
    static json::object inside(const answer& got, std::string_view name)
    {
        BOOST_REQUIRE_MESSAGE(got.status == 200 || got.status == 201, got.status << ' ' << got.text);
        return got.object().at(name).as_object();
    }
    json::object organization(const json::value& body)
    {
        return inside(http.post(api + "/organizations", body), "organization");
    }
    answer make_user(const std::string& organization, const json::value& body)
    {
        return http.post(api + "/organizations/" + organization + "/users?send_invitation_email=false", body);
    }
    json::object user(const std::string& organization, const json::value& body)
    {
        return inside(make_user(organization, body), "user");
    }
    // Refused with this status and gRPC code, and because of this field.
    static void refused(const answer& got, int status, int code, const std::string& field = {})
    {
        BOOST_TEST(got.status == status, got.status << ' ' << got.text);
        const auto body = got.object();
        BOOST_TEST(body.at("code").as_int64() == code);
        BOOST_TEST(!text(body, "message").empty());
        const auto detail = body.at("details").as_array().at(0).as_object();
        BOOST_TEST(!text(detail, "error_code").empty());
        if (field.empty())
            return;
        const auto* info = detail.if_contains("validation_error_info");
        BOOST_REQUIRE_MESSAGE(info, got.text);
        const auto first = info->as_object().at("field_violations").as_array().at(0).as_object();
        BOOST_TEST(text(first, "field") == field);
    }
};

} // namespace sandbox_test
