// What becomes of each kind of record.
#include "live/import/fixture.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <map>

using namespace usher::tests;
namespace json = boost::json;

namespace {

json::object user_by_external_id(const import_fixture& fixture, const std::string& id)
{
    const json::object filter{{"external_id", json::array{"+" + id}}};
    const auto users = fixture.call("GetUserList", json::serialize(filter));
    BOOST_TEST_REQUIRE(users.as_array().size() == 1U, id << " is there once");
    return users.as_array().at(0).as_object();
}

std::map<std::int64_t, json::object> failures_by_line(const import_fixture& fixture)
{
    std::map<std::int64_t, json::object> found;
    for (const auto& line : fixture.lines("failures.ndjson"))
        found[line.at("line").as_int64()] = line;
    return found;
}

std::string code_of(const json::object& failure)
{
    return std::string(failure.at("error").at("code").as_string());
}

const std::string odd_rows =
    "\xEF\xBB\xBF" + auth0_user(1) + "\r\n" // 1: BOM, CRLF
    + auth0_user(1) + "\n"                  // 2: duplicate
    + "\n"                                  // 3: empty
    + R"({"user_id":"auth0|4","email":"user1@example.com","email_verified":true})"
      "\n" // 4: taken
    + R"({"user_id":"-legacy|5","email":"user5@example.com","email_verified":true})"
      "\n" // 5: dash
    + R"({"user_id":"auth0|6","email":"user6@example.com","email_verified":false})"
      "\n" // 6: unverified only
    + R"({"user_id":"auth0|7","username":"seven","email":"user7@example.com","blocked":true})"
      "\n" // 7: banned
    + R"({"user_id":"auth0|8","username":"eight","given_name":"https://x.example","family_name":"+1 555 010 9999"})"
      "\n" +
    R"({"user_id":"auth0|9","username":"nine","password_hash":"$2b$10$short"})"
    "\n" // 9: half a credential
    + R"({"user_id":"auth0|10","username":"tenn","phone_number":"","given_name":"","family_name":null})"
      "\n" +
    R"({"user_id":"auth0|11","username":"eleven","user_metadata":{"x":")" + std::string(9000, 'x') + "\"}}\n" +
    R"({"email":"nobody@example.com","email_verified":true})"
    "\n"                                            // 12: no id
    + R"({"user_id":"auth0|13","username":"thirt)"; // 13: torn

/// The largest resident set of an import of so many users, in KiB, as it says itself while it runs: what the kernel
/// tells afterwards counts the process that it was forked from.
long peak_of_import(std::size_t users)
{
    import_fixture fixture;
    std::string text;
    for (std::size_t i = 0; i < users; ++i) {
        auto user = auth0_user(i);
        user.pop_back();
        text += user + R"(,"user_metadata":{"about":")" + std::string(1000, 'x') + "\"}}\n";
    }
    const auto file = fixture.write("users.json", text);
    std::vector<std::string> command = {
        "/bin/sh", "-c",
        "\"$@\" & while now=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$!/status) && [ -n \"$now\" ]; do "
        "peak=$now; sleep 0.05; done; wait $! && echo $peak",
        "sh"};
    for (auto& word : fixture.command("auth0", file))
        command.push_back(std::move(word));
    auto options = fixture.options();
    options.environment["ASAN_OPTIONS"] = "quarantine_size_mb=1"; // else freed memory counts
    process importing(command, options);
    const auto ended = importing.wait(std::chrono::seconds(120));
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(ended.status == 0);
    BOOST_TEST(fixture.service.count("users") == users);
    return std::stol(ended.out);
}

} // namespace

BOOST_AUTO_TEST_SUITE(fates)

BOOST_AUTO_TEST_CASE(every_odd_row_of_an_auth0_export_has_its_fate)
{
    import_fixture fixture;
    // One at a time, so that the row whose address is taken comes second.
    const auto ended = fixture.import("auth0", fixture.write("users.json", odd_rows), {"--concurrency", "1"});
    BOOST_TEST(ended.status == 1);
    const auto summary = summary_of(ended);
    BOOST_TEST(number(summary, "records") == 12);
    BOOST_TEST(number(summary, "created") == 6);
    BOOST_TEST(number(summary, "failed") == 6);
    BOOST_TEST(number(summary, "duplicates") == 1);
    BOOST_TEST(number(summary, "taken") == 1);
    BOOST_TEST(number(summary, "added") == 2);
    BOOST_TEST(number(summary, "banned") == 1);
    BOOST_TEST(fixture.service.count("users") == 6U);

    auto failures = failures_by_line(fixture);
    BOOST_TEST_REQUIRE(failures.size() == 6U);
    BOOST_TEST(code_of(failures.at(2)) == "duplicate_in_source");
    BOOST_TEST(code_of(failures.at(4)) == "identifier_taken");
    BOOST_TEST(failures.at(4).at("error").at("status").as_int64() == 422);
    BOOST_TEST(failures.at(4).at("error").at("param").as_string() == "email_address");
    BOOST_TEST(!failures.at(4).at("error").at("trace_id").as_string().empty());
    BOOST_TEST(code_of(failures.at(9)) == "password_digest_invalid");
    BOOST_TEST(code_of(failures.at(11)) == "metadata_too_large");
    BOOST_TEST(code_of(failures.at(12)) == "no_external_id");
    BOOST_TEST(code_of(failures.at(13)) == "unreadable_record");
    BOOST_TEST(failures.at(13).at("source_text").as_string().starts_with(R"({"user_id":"auth0|13")"));

    const auto dash = user_by_external_id(fixture, "-legacy|5");
    BOOST_TEST(dash.at("email_addresses").at(0).at("email_address").as_string() == "user5@example.com");
    const auto unverified = user_by_external_id(fixture, "auth0|6").at("email_addresses").at(0).as_object();
    BOOST_TEST(unverified.at("email_address").as_string() == "user6@example.com");
    BOOST_TEST((unverified.at("verification").is_null() ||
                unverified.at("verification").at("status").as_string() != "verified"));
    const auto verified = user_by_external_id(fixture, "auth0|1").at("email_addresses").at(0).as_object();
    BOOST_TEST(verified.at("verification").at("status").as_string() == "verified");
    BOOST_TEST(user_by_external_id(fixture, "auth0|7").at("banned").as_bool());
    const auto unnamed = user_by_external_id(fixture, "auth0|8");
    BOOST_TEST(unnamed.at("first_name").is_null());
    BOOST_TEST(unnamed.at("last_name").is_null());
}

BOOST_AUTO_TEST_CASE(what_is_not_carried_over_is_counted_and_listed)
{
    import_fixture fixture;
    const auto file =
        fixture.write("users.json", R"({"user_id":"a","username":"aaaa","picture":"p","given_name":"www.x.example"})"
                                    "\n"
                                    R"({"user_id":"b","username":"bbbb","picture":"p"})"
                                    "\n");
    const auto ended = fixture.import("auth0", file, {"--notes", fixture.path("notes.ndjson")});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.err.find("2 x picture") != std::string::npos);
    BOOST_TEST(summary_of(ended).at("not_carried_over").as_array().size() == 2U);
    const auto notes = fixture.lines("notes.ndjson");
    BOOST_TEST_REQUIRE(notes.size() == 3U);
    BOOST_TEST(notes[0].at("source_id").as_string() == "a");
    BOOST_TEST(notes[2].at("line").as_int64() == 2);
    BOOST_TEST(!summary_of(ended).contains("failures_file"));
}

BOOST_AUTO_TEST_CASE(the_export_of_a_dashboard_comes_whole)
{
    import_fixture fixture;
    const auto file = fixture.write(
        "users.csv",
        "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,"
        "unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,"
        "password_hasher\r\n"
        "user_1,Ada,\"Love\"\"lace, "
        "of\r\nLondon\",ada1,a@example.com,,a@example.com|b@example.com,c@example.com,,,,,\r\n"
        "user_2,Grace,Hopper,grace,g@example.com,,g@example.com,,,,,5f4dcc3b5aa765d61d8327deb882cf99,md5\r\n"
        "user_3,Ken,Thompson,ken1,k@example.com,,k@example.com,,,,,5f4dcc3b5aa765d61d8327deb882cf99,rot13\r\n"
        "user_4,torn");
    const auto ended = fixture.import("clerk-csv", file);
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(number(summary_of(ended), "created") == 2);
    const auto failures = failures_by_line(fixture);
    BOOST_TEST_REQUIRE(failures.size() == 2U);
    BOOST_TEST(code_of(failures.at(5)) == "password_hasher_unknown");
    BOOST_TEST(failures.at(5).at("source").at("password_hasher").as_string() == "rot13");
    BOOST_TEST(code_of(failures.at(6)) == "unreadable_record");
    const auto ada = user_by_external_id(fixture, "user_1");
    BOOST_TEST(ada.at("last_name").as_string() == "Love\"lace, of\r\nLondon");
    BOOST_TEST(ada.at("email_addresses").as_array().size() == 3U);
    BOOST_TEST(user_by_external_id(fixture, "user_2").at("password_enabled").as_bool());
}

BOOST_AUTO_TEST_CASE(an_array_and_a_pipe_are_sources_too)
{
    import_fixture fixture;
    BOOST_TEST(fixture.import("auth0", fixture.write("users.json", "[" + auth0_user(1) + ",\n" + auth0_user(2) + "]\n"))
                   .status == 0);
    BOOST_TEST(fixture.service.count("users") == 2U);
    auto options = fixture.options();
    for (std::size_t i = 3; i < 2000; ++i)
        options.input += auth0_user(i) + "\n";
    const auto ended = run(fixture.command("auth0", "-", {"--json", "--job", fixture.path("input.usher")}), options);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(number(summary_of(ended), "created") == 1997);
    BOOST_TEST(fixture.service.count("users") == 1999U);
}

BOOST_AUTO_TEST_CASE(a_dry_run_checks_everything_and_sends_nothing)
{
    import_fixture fixture;
    const auto file = fixture.write("users.json", odd_rows);
    auto options = fixture.options();
    options.environment.clear(); // and it needs no key
    auto ended = run(fixture.command("auth0", file, {"--dry-run", "--json"}), options);
    BOOST_TEST(ended.status == 1);
    const auto summary = last_line(ended);
    BOOST_TEST(summary.at("event").as_string() == "plan");
    BOOST_TEST(number(summary, "users") == 6);
    BOOST_TEST(number(summary, "refused") == 6);
    BOOST_TEST(number(summary, "duplicates") == 2); // the taken address is one within the file
    BOOST_TEST(!summary.at("asked_target").as_bool());
    BOOST_TEST(fixture.lines("failures.ndjson").size() == 6U);
    BOOST_TEST(fixture.service.stats().connections == 0U);
    ended = run({USHER_COMMAND, "import", "--from", "auth0", fixture.write("good.json", auth0_users(10)), "--dry-run"},
                options);
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(says(ended, "10 of 10 records would be sent"));
    BOOST_TEST(!std::filesystem::exists(file + ".usher"));
}

BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_source)
{
    const auto few = peak_of_import(2'000);
    const auto many = peak_of_import(20'000);
    BOOST_TEST_MESSAGE("peak of 2,000: " << few << " KiB, of 20,000: " << many << " KiB");
    BOOST_TEST(few > 1024);
    // 18,000 more users of more than a kilobyte each. What grows is the journal's cache of pages, up to its bound, and
    // what a record is known by again. A sanitizer adds its own.
    BOOST_TEST(many - few < USHER_MEMORY_MIB * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
