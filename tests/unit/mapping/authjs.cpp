#include "unit/mapping/records.hpp"

using namespace records;
using bulk::source_format;

BOOST_AUTO_TEST_SUITE(authjs)

BOOST_AUTO_TEST_CASE(every_row_of_a_csv_with_a_mark_carriage_returns_and_a_torn_end_has_its_fate)
{
    const auto csv = fixture("authjs.csv");
    BOOST_TEST_REQUIRE(csv.starts_with("\xef\xbb\xbf"));
    BOOST_TEST_REQUIRE(csv.find("\r\n") != std::string::npos);
    const auto all = map_all(source_format::authjs, csv);
    check_fates(all, {"1 ada@example.com+ first=Ada last=Lovelace [image]", //
                      "2 grace@example.com- first=Grace", "3 jl@example.com- [emailVerified,name]",
                      "4 spam@example.com+ [name]", "5 call@example.com+ [name]", "refused no_external_id id",
                      "-7 dash@example.com+ first=Dash", "1 ada@example.com- first=Ada last=Again [createdAt]",
                      "8 [email]", "9 ada9@example.com+ [name]", "10 ada10@example.com- first=Ada last=Lovelace",
                      "refused unreadable_record ", "refused unreadable_record "});
    BOOST_TEST(ms(user(all[0]).created_at) == 1682928000000);
    BOOST_TEST(ms(user(all[2]).created_at) == 1682928000000);
    BOOST_TEST(ms(user(all[4]).created_at) == 1705314600126);
    BOOST_TEST(ms(user(all[1]).created_at) == -1);
}

BOOST_AUTO_TEST_CASE(every_user_of_a_json_array_has_its_fate)
{
    const auto all = map_all(source_format::authjs, fixture("authjs.json"));
    check_fates(all, {"1 ada@example.com+ first=Ada last=Lovelace", //
                      "cku1 b@example.com-", "cku2", "cku3 c@example.com- first=Ada [emailVerified,tenant]",
                      "cku4 d@example.com+ password=bcrypt", "refused password_hasher_missing password",
                      "refused password_digest_invalid password", "refused no_external_id id",
                      "refused no_external_id id", "cku7 i@example.com- [updatedAt]"});
    BOOST_TEST(ms(user(all[1]).created_at) == 1705314600126);
    BOOST_TEST(all[5].error().message.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
