#include "unit/mapping/digests.hpp"
#include "unit/mapping/records.hpp"

using namespace records;
using bulk::source_format;

namespace {

const std::string salt = "0123456789abcdef0123456789abcdef";

std::string scrypt_digest()
{
    std::string key;
    for (int i = 0; i != 64; ++i)
        key += "ab";
    return "scrypt:16384:16:1$" + salt + "$" + key;
}

} // namespace

BOOST_AUTO_TEST_SUITE(better_auth)

BOOST_AUTO_TEST_CASE(every_user_with_the_accounts_joined_in_has_its_fate)
{
    const auto all = map_all(source_format::better_auth, fixture("better_auth.ndjson"));
    check_fates(
        all, {"u1 ada@example.com+ first=Ada last=Lovelace password=scrypt_werkzeug [updatedAt]",
              "u2 grace@example.com- +12125550100+ username=grace password=bcrypt [name,account,displayUsername]",
              "u3 social@example.com+ first=Social [account,account]",
              "u4 banned@example.com- first=Banned banned [banExpires,banReason,role]",
              "refused password_digest_invalid account.password", "u6 none@example.com+ first=None [account.password]",
              "refused password_ambiguous account", "u8 argon@example.com+ first=Argon password=argon2id",
              "u9 joined@example.com- first=Joined password=scrypt_werkzeug [emailVerified]",
              "refused no_external_id id", "u11 [email,phoneNumber,name,isAnonymous,stripeCustomerId]",
              "refused account_malformed account", "-u13 ADA@example.com- password=scrypt_werkzeug [createdAt]",
              "refused password_digest_invalid account.password", "refused unreadable_record "});
    BOOST_TEST_REQUIRE(all[2].has_value());
    BOOST_TEST(all[2]->notes.at(0).reason.starts_with("github: social connections"));
    BOOST_TEST(all[2]->notes.at(1).reason.starts_with("google: social connections"));
    BOOST_TEST(user(all[0]).password->digest == scrypt_digest());
    BOOST_TEST(user(all[1]).password->digest == digests::bcrypt);
    BOOST_TEST(user(all[7]).password->digest == digests::argon2id);
    BOOST_TEST(user(all[8]).password->digest == scrypt_digest());
    BOOST_TEST(ms(user(all[0]).created_at) == 1705314600126);
    BOOST_TEST(ms(user(all[1]).created_at) == 1705314600126);
    BOOST_TEST(ms(user(all[2]).created_at) == 1705314600000);
}

BOOST_AUTO_TEST_CASE(no_token_and_no_digest_is_in_a_note_or_a_refusal)
{
    for (const auto& one : map_all(source_format::better_auth, fixture("better_auth.ndjson"))) {
        std::string said = one ? std::string() : one.error().message + one.error().field;
        if (one)
            for (const auto& note : one->notes)
                said += note.field + note.reason;
        for (const std::string_view secret : {"tok_", "hunter2", "0123456789", "abababab", "CCCC"})
            BOOST_TEST(said.find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_ban_that_is_over_is_none_and_one_that_nobody_can_read_holds)
{
    const auto all =
        map_all(source_format::better_auth, R"({"id":"u1","banned":true,"banExpires":"2020-01-01T00:00:00Z"}
{"id":"u2","banned":true,"banExpires":1577836800000}
{"id":"u3","banned":1,"ban_expires":"2200-01-01 00:00:00+00"}
{"id":"u4","banned":true,"banExpires":null}
{"id":"u5","banned":true,"banExpires":"soon"}
{"id":"u6","banned":"perhaps"}
{"id":"u7","banned":"perhaps","banExpires":"2020-01-01T00:00:00Z"}
{"id":"u8","banned":false,"banExpires":"2200-01-01T00:00:00Z"}
)");
    check_fates(all, {"u1", "u2", "u3 banned [banExpires]", "u4 banned", "u5 banned [banExpires]", "u6 banned [banned]",
                      "u7 [banned]", "u8"});
}

BOOST_AUTO_TEST_CASE(a_csv_of_a_query_that_joins_both_tables_has_the_password_as_a_column)
{
    const auto all = map_all(source_format::better_auth, fixture("better_auth.csv"));
    check_fates(all, {"u1 ada@example.com+ +12125550100- username=ada first=Ada last=Lovelace password=scrypt_werkzeug",
                      "u2 grace@example.com- first=Grace banned", //
                      "refused password_digest_invalid password"});
    BOOST_TEST(user(all[0]).password->digest == scrypt_digest());
    BOOST_TEST(ms(user(all[1]).created_at) == 1705314600126);
}

BOOST_AUTO_TEST_SUITE_END()
