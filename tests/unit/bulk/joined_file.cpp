#include "temporary_folder.hpp"
#include "unit/bulk/drain.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using usher::tests::temporary_folder;

namespace bulk = usher::bulk;

namespace {

std::string hash_row(const std::string& oid, const std::string& hash)
{
    return R"({"_id":{"$oid":")" + oid + R"("},"passwordHash":")" + hash + "\"}\n";
}

std::string user_row(const std::string& id)
{
    return R"({"user_id":")" + id + "\"}\n";
}

std::string password_of(const bulk::source_record& record)
{
    const auto* value = record.fields.if_contains("password_hash");
    return value ? std::string(value->as_string()) : std::string();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(joined_file, temporary_folder)

BOOST_AUTO_TEST_CASE(hashes_find_their_users_in_any_order)
{
    std::string users, hashes;
    for (int i = 0; i < 3'000; ++i) {
        users += user_row("auth0|" + std::to_string(i));
        hashes = hash_row(std::to_string(i), "h" + std::to_string(i)) + hashes;
    }
    const auto got = drain(write("u", users), bulk::source_format::auth0, write("h", hashes));
    BOOST_TEST_REQUIRE(got.records.size() == 3'000U);
    for (int i = 0; i < 3'000; ++i)
        if (password_of(got.records[static_cast<std::size_t>(i)]) != "h" + std::to_string(i))
            BOOST_FAIL("user " << i);
    BOOST_TEST(got.remarks.empty());
}

BOOST_AUTO_TEST_CASE(what_is_left_over_is_counted_with_its_first_line)
{
    const auto users = user_row("auth0|1") + user_row("auth0|2") + user_row("google-oauth2|3") + user_row("auth0|1");
    const auto hashes = hash_row("1", "a") + hash_row("8", "b") + hash_row("9", "c");
    const auto got = drain(write("u", users), bulk::source_format::auth0, write("h", hashes));
    BOOST_TEST(got.records.size() == 4U);
    BOOST_TEST_REQUIRE(got.remarks.size() == 2U);
    BOOST_TEST(got.remarks[0] ==
               file("h") + ": rows that belong to no record of the source: 2 of 3, the first in line 2");
    BOOST_TEST(got.remarks[1] == file("h") + ": users of a database connection without a row in it: 1");
}

BOOST_AUTO_TEST_CASE(rows_that_contradict_each_other_or_the_record_make_it_unreadable)
{
    const auto users = user_row("auth0|1") + user_row("auth0|2") + R"({"user_id":"auth0|3","password_hash":"own"})" +
                       "\n" + R"({"user_id":"auth0|4","password_hash":"same"})" + "\n";
    const auto hashes = hash_row("1", "a") + hash_row("1", "b") + hash_row("2", "c") + hash_row("2", "c") +
                        hash_row("3", "other") + hash_row("4", "same");
    const auto got = drain(write("u", users), bulk::source_format::auth0, write("h", hashes));
    BOOST_TEST_REQUIRE(got.records.size() == 4U);
    BOOST_TEST(got.records[0].problem == "lines 1 and 2 give this user different passwords in " + file("h"));
    BOOST_TEST(got.records[0].text == R"({"user_id":"auth0|1"})");
    BOOST_TEST(got.records[0].fields.empty());
    BOOST_TEST(got.records[1].problem == "");
    BOOST_TEST(password_of(got.records[1]) == "c");
    BOOST_TEST(got.records[2].problem == "this record has another password than line 5 in " + file("h"));
    BOOST_TEST(got.records[3].problem == "");
}

BOOST_AUTO_TEST_CASE(a_row_that_cannot_be_read_stops_before_the_first_user)
{
    const auto failure = [this](const std::string& hashes) {
        const auto got = drain(write("u", user_row("auth0|1")), bulk::source_format::auth0, write("h", hashes));
        BOOST_TEST(got.records.empty());
        BOOST_TEST(got.remarks.empty());
        return got.failure;
    };
    const std::string end = ". Nobody knows whose password this row holds: mend it, or take it out";
    BOOST_TEST(failure(hash_row("1", "a") + "{\"_id\":{\"$oid\":\"2\"},\"pass") ==
               file("h") + ", line 2: the source is torn: it ends in the middle of this record" + end);
    BOOST_TEST(failure(user_row("auth0|1")) ==
               file("h") + ", line 1: there is no _id.$oid, which a file of Auth0's password hashes has in every row" +
                   end);
}

BOOST_AUTO_TEST_CASE(accounts_of_better_auth_are_joined_without_their_tokens)
{
    const auto users = write("u", "id,email\n1,a@example.com\n2,b@example.com\n");
    const auto accounts =
        write("a", "[{\"userId\":\"1\",\"providerId\":\"credential\",\"accountId\":\"1\",\"password\":"
                   "\"p\"},{\"user_id\":\"1\",\"provider_id\":\"google\",\"account_id\":\"7\","
                   "\"accessToken\":\"secret\"}]");
    const auto got = drain(users, bulk::source_format::better_auth, accounts);
    BOOST_TEST_REQUIRE(got.records.size() == 2U);
    BOOST_TEST(
        boost::json::serialize(got.records[0].fields.at("account")) ==
        R"([{"providerId":"credential","accountId":"1","password":"p"},{"providerId":"google","accountId":"7"}])");
    BOOST_TEST(!got.records[1].fields.contains("account"));
    BOOST_TEST_REQUIRE(got.remarks.size() == 1U);
    BOOST_TEST(got.remarks[0] == file("a") + ": users without a row in it: 1");
}

BOOST_AUTO_TEST_CASE(ids_that_are_numbers_are_joined_as_they_are_mapped)
{
    const auto users = write("u", R"([{"id":1,"email":"a@example.com"},{"id":"2","email":"b@example.com"}])");
    const auto accounts = write("a", R"([{"userId":1,"providerId":"credential","accountId":1,"password":"p"},
                                         {"user_id":2,"providerId":"credential","accountId":"2","password":"q"}])");
    const auto got = drain(users, bulk::source_format::better_auth, accounts);
    BOOST_TEST(got.failure == "");
    BOOST_TEST(got.remarks.empty());
    BOOST_TEST_REQUIRE(got.records.size() == 2U);
    BOOST_TEST(boost::json::serialize(got.records[0].fields.at("account")) ==
               R"([{"providerId":"credential","accountId":"1","password":"p"}])");
    BOOST_TEST(boost::json::serialize(got.records[1].fields.at("account")) ==
               R"([{"providerId":"credential","accountId":"2","password":"q"}])");
}

BOOST_AUTO_TEST_SUITE_END()
