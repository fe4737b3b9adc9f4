#include "unit/check/made_up.hpp"

#include <usher/bulk/plan.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace usher::tests;
namespace bulk = usher::bulk;

namespace {

struct planned {
    planned() = default;
    bulk::plan_result totals;
    texts findings; ///< "line code field"
    std::vector<std::string> messages;
};

planned plan(bulk::source& from, bulk::target* to, bulk::plan_options options = bulk::plan_options())
{
    asio::io_context io(1);
    planned made;
    std::optional<usher::result<bulk::plan_result>> ended;
    const auto found = [&made](const bulk::plan_finding& each) {
        made.findings.push_back(std::to_string(each.line) + ' ' + each.code + ' ' + each.field);
        made.messages.push_back(each.message);
    };
    asio::co_spawn(io, bulk::plan(io.get_executor(), from, to, std::move(options), found),
                   [&](std::exception_ptr thrown, usher::result<bulk::plan_result> result) {
                       if (thrown)
                           std::rethrow_exception(thrown);
                       ended.emplace(std::move(result));
                   });
    io.run();
    BOOST_TEST_REQUIRE(ended.has_value());
    BOOST_TEST_REQUIRE(ended->has_value());
    made.totals = std::move(ended->value());
    return made;
}

planned plan_texts(const texts& records, bulk::target* to, bulk::plan_options options = bulk::plan_options())
{
    made_source from(records.size(), [&](std::uint64_t line) { return json::parse(records.at(line - 1)).as_object(); });
    return plan(from, to, std::move(options));
}

json::object simple_user(std::uint64_t line)
{
    const auto number = std::to_string(line);
    json::object email;
    email["value"] = "user-" + number + "@example.com";
    email["verified"] = true;
    json::object phone;
    phone["value"] = "+1555" + std::string(7 - std::min<std::size_t>(7, number.size()), '0') + number;
    phone["verified"] = true;
    json::object user;
    user["kind"] = "user";
    user["id"] = "auth0|" + number;
    user["email_addresses"] = json::array{email};
    user["phone_numbers"] = json::array{phone};
    user["username"] = "name_" + number;
    user["first_name"] = "Ada";
    return user;
}

long resident_kib()
{
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (word == "VmHWM:") {
            long kib = 0;
            status >> kib;
            return kib;
        }
    return 0;
}

void forget_peak()
{
    std::ofstream("/proc/self/clear_refs") << "5";
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_of_a_source)

BOOST_AUTO_TEST_CASE(every_kind_of_finding_names_its_line)
{
    made_target to;
    bulk::known_entity stranger;
    stranger.id = "user_9";
    stranger.email_addresses = {"taken@example.com"};
    bulk::known_entity ours;
    ours.id = "user_8";
    ours.source_id = "old";
    ours.email_addresses = {"old@example.com"};
    to.there.known = {stranger, ours};
    to.there.users = 2;
    bulk::known_entity other;
    other.id = "org_9";
    other.slug = "taken";
    to.there.organizations = {other};
    const auto made = plan_texts(
        {R"({"kind":"organization","id":"o1","name":"One","slug":"one","max_allowed_memberships":1})",
         R"({"kind":"organization","id":"o2","name":"Two","slug":"taken"})",
         R"({"kind":"user","id":"a","email_addresses":[{"value":"a@example.com","verified":true}],"memberships":[{"organization":"o1","roles":["org:member"]},{"organization":"o2","roles":["org:boss"]}]})",
         R"({"kind":"user","id":"b","email_addresses":[{"value":"A@Example.com","verified":true}],"memberships":[{"organization":"o2","roles":["org:member"]}]})",
         R"({"kind":"user","id":"a","email_addresses":[{"value":"c@example.com","verified":true}]})",
         R"({"kind":"user","id":"d","email_addresses":[{"value":"taken@example.com","verified":true}]})",
         R"({"kind":"user","id":"old","email_addresses":[{"value":"old@example.com","verified":true}],"locale":"xx"})",
         R"({"kind":"user","id":"e","last_name":"No","username":"e"})",
         R"({"kind":"user","id":"f","username":"f","memberships":[{"organization":"o1","roles":["org:member"]},{"organization":"gone","roles":["org:member"]}]})",
         R"({"kind":"what"})"},
        &to);
    BOOST_TEST(made.findings.size() == 7U);
    // What a record says itself comes while it is read …
    BOOST_TEST(made.findings.at(0) == "8 invalid_request last_name");
    BOOST_TEST(made.findings.at(1).substr(0, 3) == "10 ");
    // … what it has in common with others at the end.
    const texts rest(made.findings.begin() + 2, made.findings.end());
    BOOST_TEST(rest == (texts{"2 slug_taken slug", "4 duplicate_in_source email_address", "5 duplicate_in_source id",
                              "6 identifier_taken email_address", "9 organization_missing membership"}),
               boost::test_tools::per_element());
    BOOST_TEST(made.messages.at(3) == "line 3 has the same email_address");
    BOOST_TEST(made.messages.at(5) == "email_address belongs to user_9 at the target already");
    const auto& totals = made.totals;
    BOOST_TEST(totals.records == 10U);
    BOOST_TEST(totals.organizations == 2U);
    BOOST_TEST(totals.users == 3U);
    BOOST_TEST(totals.memberships == 3U);
    BOOST_TEST(totals.refused == 6U);
    BOOST_TEST(totals.duplicates == 2U);
    BOOST_TEST(totals.taken == 1U);
    BOOST_TEST(totals.already_there == 1U);
    BOOST_TEST(totals.steps.at("create") == 5U);
    BOOST_TEST(totals.steps.at("membership") == 3U);
    BOOST_TEST(totals.calls == 8U);
    BOOST_TEST(totals.users_there.value() == 2);
    BOOST_TEST(totals.organizations_there.value() == 1);
    BOOST_TEST(totals.refusals.at("duplicate_in_source") == 2U);
    BOOST_TEST_REQUIRE(totals.notes.size() == 1U);
    BOOST_TEST(totals.notes.front().what.field == "locale");
    BOOST_TEST(totals.notes.front().example == "old");
    BOOST_TEST(totals.warnings == (texts{"the target has no role org:boss, which 1 membership needs",
                                         "organization o1 (line 1) allows 1 membership and the source has 2 for it"}),
               boost::test_tools::per_element());
    BOOST_TEST(to.there.listings == 1);
    BOOST_TEST(to.there.asked.empty());
}

BOOST_AUTO_TEST_CASE(where_many_are_there_each_of_the_source_is_asked_for_once)
{
    made_target to;
    to.there.users = 1'000'000;
    bulk::known_entity stranger;
    stranger.id = "user_9";
    stranger.email_addresses = {"user-777@example.com"};
    to.there.known = {stranger};
    made_source from(2'050, simple_user);
    const auto made = plan(from, &to);
    BOOST_TEST(to.there.listings == 0);
    BOOST_TEST(to.there.asked.size() == 2'050U);
    BOOST_TEST(std::set<std::string>(to.there.asked.begin(), to.there.asked.end()).size() == 2'050U);
    BOOST_TEST(to.there.most_at_once == 100U);
    BOOST_TEST(made.findings == (texts{"777 identifier_taken email_address"}), boost::test_tools::per_element());
    BOOST_TEST(made.totals.calls == 2'049U);
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_source_are_the_whole)
{
    texts records;
    for (int i = 0; i < 40; ++i)
        records.push_back(R"({"kind":"user","id":"u)" + std::to_string(i % 30) + R"(","email_addresses":[{"value":"u)" +
                          std::to_string(i % 20) + R"(@example.com","verified":true}]})");
    made_target to;
    const auto whole = plan_texts(records, &to);
    std::uint64_t users = 0, refused = 0;
    std::multiset<std::string> findings;
    for (std::uint32_t part = 0; part < 3; ++part) {
        bulk::plan_options options;
        options.parts = 3;
        options.part = part;
        const auto some = plan_texts(records, &to, options);
        users += some.totals.users;
        refused += some.totals.refused;
        findings.insert(some.findings.begin(), some.findings.end());
    }
    BOOST_TEST(whole.totals.users == 20U);
    BOOST_TEST(users == whole.totals.users);
    BOOST_TEST(refused == whole.totals.refused);
    BOOST_TEST((findings == std::multiset<std::string>(whole.findings.begin(), whole.findings.end())));
}

BOOST_AUTO_TEST_CASE(without_a_target_only_the_source_is_looked_at)
{
    const auto made = plan_texts(
        {R"({"kind":"user","id":"a","username":"x"})", R"({"kind":"user","id":"b","username":"X"})"}, nullptr);
    BOOST_TEST(made.findings == (texts{"2 duplicate_in_source username"}), boost::test_tools::per_element());
    BOOST_TEST(made.totals.users == 1U);
    BOOST_TEST(made.totals.calls == 0U);
    BOOST_TEST(!made.totals.users_there.has_value());
}

/// With USHER_PLAN_RECORDS a long form, which also says how fast it is.
BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_source)
{
    const char* wanted = std::getenv("USHER_PLAN_RECORDS");
    const std::uint64_t many = wanted ? std::strtoull(wanted, nullptr, 10) : USHER_SANITIZED ? 20'000 : 100'000;
    made_target to;
    const auto peak_of = [&](std::uint64_t count) {
        forget_peak();
        made_source from(count, simple_user);
        const auto begun = std::chrono::steady_clock::now();
        const auto made = plan(from, &to);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        BOOST_TEST(made.totals.users == count);
        BOOST_TEST(made.findings.empty());
        const auto peak = resident_kib();
        BOOST_TEST_MESSAGE(count << " records: " << static_cast<double>(count) / took.count() << " a second, peak "
                                 << peak << " KiB");
        return peak;
    };
    const auto few = peak_of(10'000);
    const auto more = peak_of(many);
#if !USHER_SANITIZED
    BOOST_TEST(more < few + 5 * 1024);
    BOOST_TEST(more < 64 * 1024);
#else
    BOOST_TEST(more > 0);
    BOOST_TEST(few > 0);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
