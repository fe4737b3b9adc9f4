#include "client.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

using namespace sandbox_test;
using namespace usher::sandbox;
using namespace std::chrono_literals;

namespace {

struct fixture {
    fixture() : sandbox(options()), http(sandbox) {}

    server sandbox;
    client http;

    void create(const json::object& with) { BOOST_REQUIRE_EQUAL(http.post("/users", with).status, 200); }
    std::vector<std::string> listed(const std::string& query, const char* member = "external_id")
    {
        const auto got = http.get("/users" + query);
        BOOST_REQUIRE_MESSAGE(got.status == 200, got.text);
        std::vector<std::string> out;
        const auto page = got.body();
        for (const auto& one : page.as_array())
            out.emplace_back(
                one.as_object().at(member).is_null() ? "-" : std::string(one.as_object().at(member).as_string()));
        return out;
    }
    using texts = std::vector<std::string>;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(listings, fixture)

BOOST_AUTO_TEST_CASE(pages_cover_every_user_once)
{
    sandbox.add_users(57, "sk_test_key");
    std::set<std::string> seen;
    std::size_t pages = 0;
    for (std::size_t offset = 0; offset < 60; offset += 10, ++pages)
        for (const auto& one : listed("?limit=10&order_by=%2Bcreated_at&offset=" + std::to_string(offset)))
            BOOST_TEST(seen.insert(one).second, one);
    BOOST_TEST(seen.size() == 57u);
    BOOST_TEST(listed("").size() == 10u);
    BOOST_TEST(listed("?offset=57").empty());
    BOOST_TEST(http.get("/users/count").object().at("total_count").as_int64() == 57);
}

BOOST_AUTO_TEST_CASE(orders)
{
    create({{"external_id", "b"},
            {"username", "zoe_z"},
            {"email_address", {"m@x.co"}},
            {"created_at", "2020-01-02T00:00:00Z"}});
    create({{"external_id", "a"},
            {"username", "adam"},
            {"email_address", {"z@x.co"}},
            {"created_at", "2020-01-01T00:00:00Z"}});
    create({{"external_id", "c"},
            {"username", "mike"},
            {"email_address", {"a@x.co"}},
            {"created_at", "2020-01-03T00:00:00Z"}});
    BOOST_TEST(listed("") == (texts{"c", "b", "a"}));
    BOOST_TEST(listed("?order_by=created_at") == (texts{"a", "b", "c"}));
    BOOST_TEST(listed("?order_by=%2Bcreated_at") == (texts{"a", "b", "c"}));
    BOOST_TEST(listed("?order_by=-created_at") == (texts{"c", "b", "a"}));
    BOOST_TEST(listed("?order_by=username") == (texts{"a", "c", "b"}));
    BOOST_TEST(listed("?order_by=-email_address") == (texts{"a", "b", "c"}));
    BOOST_TEST(listed("?created_at_after=1577836800000&order_by=created_at") == (texts{"b", "c"}));
    BOOST_TEST(listed("?created_at_before=1577923200000") == (texts{"a"}));
}

BOOST_AUTO_TEST_CASE(filters_find_by_identifier)
{
    create({{"external_id", "-1"},
            {"username", "adam"},
            {"first_name", "Adam"},
            {"last_name", "Smith"},
            {"email_address", {"adam@x.co"}},
            {"phone_number", {"+15551234567"}}});
    create({{"external_id", "2"}, {"email_address", {"bea@y.co"}}, {"first_name", "Bea"}});
    create({{"external_id", "3"}, {"email_address", {"cleo@x.co"}}});
    BOOST_TEST(listed("?email_address=ADAM@x.co") == texts{"-1"});
    BOOST_TEST(listed("?email_address=adam@x.co&email_address=bea@y.co&email_address=none@x.co").size() == 2u);
    BOOST_TEST(listed("?phone_number=%2B15551234567") == texts{"-1"});
    BOOST_TEST(listed("?username=adam") == texts{"-1"});
    BOOST_TEST(listed("?external_id=2") == texts{"2"});
    BOOST_TEST(listed("?external_id=%2B2") == texts{"2"});
    BOOST_TEST(listed("?external_id=%2B-1") == texts{"-1"});
    BOOST_TEST(listed("?external_id=-1").size() == 3u); // excludes "1", which nobody has
    BOOST_TEST(listed("?external_id=-2&order_by=created_at") == (texts{"-1", "3"}));
    BOOST_TEST(listed("?external_id=nobody").empty());
    BOOST_TEST(listed("?query=x.co").size() == 2u);
    BOOST_TEST(listed("?query=SMITH") == texts{"-1"});
    BOOST_TEST(listed("?email_address_query=BEA") == texts{"2"});
    BOOST_TEST(listed("?name_query=adam%20s") == texts{"-1"});
    BOOST_TEST(http.get("/users/count?query=x.co").object().at("total_count").as_int64() == 2);
    const auto first = listed("?external_id=2", "id").at(0);
    BOOST_TEST(listed("?user_id=" + first) == texts{"2"});
    BOOST_TEST(listed("?user_id=-" + first).size() == 2u);
    std::string many = "?external_id=0";
    for (int i = 1; i != 101; ++i)
        many += "&external_id=" + std::to_string(i);
    BOOST_TEST(http.get("/users" + many).status == 422);
}

BOOST_AUTO_TEST_CASE(a_listing_lags_and_a_get_does_not)
{
    sandbox.set_listing_lag(1h);
    create({{"external_id", "x"}, {"email_address", {"a@b.co"}}});
    BOOST_TEST(listed("").empty());
    BOOST_TEST(listed("?external_id=x").empty());
    BOOST_TEST(http.get("/users/count").object().at("total_count").as_int64() == 0);
    BOOST_TEST(sandbox.count("users") == 1u);
    BOOST_TEST(http.post("/users", {{"external_id", "x"}, {"email_address", {"c@d.co"}}}).code() ==
               "form_identifier_exists");
    sandbox.set_listing_lag(0ms);
    const auto user = listed("", "id").at(0);
    sandbox.set_listing_lag(1h);
    BOOST_TEST(http.get("/users/" + user).status == 200);
}

// Sanitizers make every user some fifty times as dear; a fifth shows a scan as well.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int many_users = 20'000;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int many_users = 20'000;
#else
constexpr int many_users = 100'000;
#endif
#else
constexpr int many_users = 100'000;
#endif

BOOST_AUTO_TEST_CASE(one_of_very_many_users_is_looked_up_without_a_scan)
{
    sandbox.add_users(many_users, "sk_test_key");
    std::vector<std::chrono::steady_clock::duration> took;
    for (int i = 0; i != 200; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        BOOST_REQUIRE_EQUAL(listed("?external_id=%2Buser-" + std::to_string(i * (many_users / 201))).size(), 1u);
        took.push_back(std::chrono::steady_clock::now() - begin);
    }
    std::sort(took.begin(), took.end());
    const auto each = took[took.size() / 2]; // whatever the machine did beside it now and then
    BOOST_TEST_MESSAGE("look-up by external_id among "
                       << many_users << ": " << std::chrono::duration_cast<std::chrono::microseconds>(each).count()
                       << " us, with the round trip");
    BOOST_TEST((each < 20ms)); // a scan that parses takes some hundred
    BOOST_TEST(listed("?limit=500&order_by=%2Bcreated_at&offset=" + std::to_string(many_users - 400)).size() == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
