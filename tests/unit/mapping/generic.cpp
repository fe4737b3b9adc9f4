#include "unit/mapping/digests.hpp"
#include "unit/mapping/records.hpp"

#include <boost/json/serialize.hpp>

using namespace records;
using bulk::source_format;

namespace {

bulk::mapping_options by(const std::string& mapping)
{
    bulk::mapping_options options;
    options.fields = bulk::parse_field_mapping(mapping);
    return options;
}

constexpr std::string_view of_csv = R"({
  "id": "uid",
  "email_addresses": [{"from": "mail", "verified": "mail ok"}, {"from": "more", "separator": ";", "verified": true}],
  "name": "full.name",
  "locale": "lang",
  "password": {"digest": "pw"},
  "backup_codes": {"from": "codes", "separator": " "},
  "created_at": {"from": "joined", "format": "ms"},
  "legal_accepted_at": {"constant": "2024-01-15T10:30:00Z"},
  "banned": {"from": "state", "equals": "DISABLED"},
  "delete_self_enabled": {"constant": false},
  "create_organizations_limit": "limit",
  "public_metadata": {"from": "meta"},
  "private_metadata": {"state": "state", "source": {"constant": "old"}},
  "memberships": {"organization": "org", "roles": "orgrole"},
  "ignore": ["algo"]
})";

bulk::mapped map_one(const std::string& mapping, const std::string& record)
{
    const auto all = map_all(source_format::ndjson, record + "\n", by(mapping));
    BOOST_TEST_REQUIRE(all.size() == 1U);
    return all[0];
}

std::string text(const boost::json::object& object)
{
    return boost::json::serialize(object);
}

} // namespace

BOOST_AUTO_TEST_SUITE(generic)

BOOST_AUTO_TEST_CASE(a_ban_that_nobody_can_read_holds)
{
    const std::string mapping = R"({"id":"id","banned":"b","locked":"l","delete_self_enabled":"d"})";
    const auto made = map_one(mapping, R"({"id":"1","b":"perhaps","l":2,"d":"perhaps"})");
    BOOST_TEST(user(made).banned);
    BOOST_TEST(user(made).locked);
    BOOST_TEST(!user(made).delete_self_enabled.has_value());
    BOOST_TEST(made->notes.size() == 3U);
    const auto silent = map_one(mapping, R"({"id":"1","b":"","l":null})");
    BOOST_TEST(!user(silent).banned);
    BOOST_TEST(!user(silent).locked);
    BOOST_TEST(silent->notes.empty());
}

BOOST_AUTO_TEST_CASE(every_record_of_an_ndjson_has_its_fate_by_the_example_mapping)
{
    const auto all = map_all(source_format::ndjson, fixture("users.ndjson"), by(file("examples/mapping.json")));
    check_fates(all, {"u1 ada@example.com+ l@example.com- +12125550100+ +12125550101- username=ada first=Ada "
                      "last=Lovelace password=bcrypt",
                      "2 grace@example.com- password=pbkdf2_sha256_django banned [profile.given,profile.age]",
                      "u3 half@example.com- password=bcrypt", "refused password_digest_missing hash",
                      "refused password_hasher_unknown algo", "refused password_digest_invalid hash",
                      "refused no_external_id user_id", "refused no_external_id user_id",
                      "-u9 a@example.com- b@example.com- [email_verified_at,phones,registered,settings,"
                      "teams,extra]",
                      "refused no_external_id user_id", "refused password_digest_invalid hash",
                      "refused unreadable_record ", "refused unreadable_record "});
    const auto& ada = user(all[0]);
    BOOST_TEST(ms(ada.created_at) == 1705314600000);
    BOOST_TEST(ms(user(all[1]).created_at) == 1705314600000);
    BOOST_TEST(ms(user(all[8]).created_at) == -1);
    BOOST_TEST(ada.locale == "de-AT");
    BOOST_TEST(text(ada.private_metadata) == R"({"plan":"gold","imported":true})");
    BOOST_TEST(text(ada.unsafe_metadata) == R"({"theme":"dark"})");
    BOOST_TEST(text(user(all[1]).private_metadata) == R"({"imported":true})");
    BOOST_TEST_REQUIRE(ada.memberships.size() == 2U);
    BOOST_TEST(ada.memberships[0].organization == "t1");
    BOOST_TEST(ada.memberships[0].roles == std::vector<std::string>{"admin"}, boost::test_tools::per_element());
    BOOST_TEST(ada.memberships[1].organization == "7");
    BOOST_TEST(ada.memberships[1].roles == (std::vector<std::string>{"viewer", "editor"}),
               boost::test_tools::per_element());
    BOOST_TEST(user(all[8]).memberships.empty());
    BOOST_TEST(ada.password->digest == digests::bcrypt);
}

BOOST_AUTO_TEST_CASE(every_row_of_a_csv_has_its_fate)
{
    const auto all = map_all(source_format::csv, fixture("users.csv"), by(std::string(of_csv)));
    check_fates(all,
                {"1 ada@example.com+ x@example.com+ y@example.com+ first=Ada last=Lovelace password=bcrypt [junk]",
                 "2 grace@example.com- first=Grace password=pbkdf2_sha256_django banned", "3 [limit]",
                 "4 z@example.com+ [mail ok,mail,more,full.name,joined,meta]", "refused password_hasher_missing pw",
                 "-6 six@example.com+ first=Six", "1 ada@example.com+", "refused unreadable_record "});
    const auto& ada = user(all[0]);
    BOOST_TEST(ms(ada.created_at) == 1705314600126);
    BOOST_TEST(ms(ada.legal_accepted_at) == 1705314600000);
    BOOST_TEST(ada.locale == "de");
    BOOST_TEST((ada.create_organizations_limit == 5));
    BOOST_TEST((ada.delete_self_enabled == false));
    BOOST_TEST(!ada.create_organization_enabled.has_value());
    BOOST_TEST(ada.backup_codes == (std::vector<std::string>{"11", "22", "33"}), boost::test_tools::per_element());
    BOOST_TEST(text(ada.public_metadata) == R"({"plan":"gold"})");
    BOOST_TEST(text(ada.private_metadata) == R"({"state":"ok","source":"old"})");
    BOOST_TEST_REQUIRE(ada.memberships.size() == 1U);
    BOOST_TEST(ada.memberships[0].organization == "o1");
    BOOST_TEST(ada.memberships[0].roles == std::vector<std::string>{"admin"}, boost::test_tools::per_element());
    BOOST_TEST(user(all[1]).memberships.empty());
    BOOST_TEST(user(all[3]).memberships.at(0).roles.empty());
}

BOOST_AUTO_TEST_CASE(a_member_whose_name_has_dots_goes_before_a_path)
{
    const auto mapped = map_one(R"({"id":"a.b.c","username":"a.d","locale":"x.y"})",
                                R"({"a.b.c":"exact","a":{"b":{"c":"path"},"d":"ada"},"x":{"y":{"z":1}}})");
    BOOST_TEST(fate(mapped) == "exact username=ada [x.y]");
}

BOOST_AUTO_TEST_CASE(flags_are_read_by_the_value_that_means_true_or_by_their_usual_spellings)
{
    const auto banned = [](const std::string& rule, const std::string& value) {
        return fate(map_one(R"({"id":"id","banned":)" + rule + "}", R"({"id":1,"b":)" + value + "}"));
    };
    for (const std::string yes : {"true", "1", R"("t")", R"("TRUE")", R"("yes")", R"(" 1 ")"})
        BOOST_TEST(banned(R"("b")", yes) == "1 banned");
    for (const std::string no : {"false", "0", R"("f")", R"("No")", "null", R"("")", "[]"})
        BOOST_TEST(banned(R"("b")", no) == "1");
    for (const std::string odd : {"2", R"("maybe")", "[1]", "1.5"})
        BOOST_TEST(banned(R"("b")", odd) == "1 banned [b]");
    BOOST_TEST(banned(R"({"from":"b","equals":"blocked"})", R"("blocked")") == "1 banned");
    BOOST_TEST(banned(R"({"from":"b","equals":"blocked"})", R"("active")") == "1");
    BOOST_TEST(banned(R"({"from":"b","equals":2})", R"("2")") == "1 banned");
    BOOST_TEST(banned(R"({"from":"b","equals":false})", "0") == "1 banned");
    BOOST_TEST(banned(R"({"from":"b","equals":false})", "1") == "1");
    BOOST_TEST(banned(R"({"from":"b","equals":"x"})", "[1]") == "1");
}

BOOST_AUTO_TEST_CASE(times_are_read_in_the_form_that_is_named_and_in_no_other)
{
    const auto time = [](const std::string& format, const std::string& value) {
        const auto rule = format.empty() ? R"("t")" : R"({"from":"t","format":")" + format + R"("})";
        const auto mapped = map_one(R"({"id":"id","created_at":)" + rule + "}", R"({"id":1,"t":)" + value + "}");
        BOOST_TEST(mapped->notes.empty() == user(mapped).created_at.has_value());
        return ms(user(mapped).created_at);
    };
    constexpr long long expected = 1705314600126;
    BOOST_TEST(time("ms", "1705314600126") == expected);
    BOOST_TEST(time("ms", R"("1705314600126")") == expected);
    BOOST_TEST(time("s", "1705314600") == expected - 126);
    BOOST_TEST(time("rfc3339", R"("2024-01-15T11:30:00.126079+01:00")") == expected);
    BOOST_TEST(time("sql", R"("2024-01-15 10:30:00.126079+00")") == expected);
    BOOST_TEST(time("sql", R"("2024-01-15 10:30:00.126")") == expected);
    BOOST_TEST(time("sql", R"("2024-01-15T10:30:00.126")") == expected);
    BOOST_TEST(time("", R"("2024-01-15T10:30:00.126Z")") == expected);
    BOOST_TEST(time("", R"("2024-01-15 12:30:00.126+02")") == expected);
    BOOST_TEST(time("", "1705314600126") == -1);
    BOOST_TEST(time("ms", R"("2024-01-15T10:30:00Z")") == -1);
    BOOST_TEST(time("ms", "-1") == -1);
    BOOST_TEST(time("ms", "9223372036854775807") == -1);
    BOOST_TEST(time("s", "9223372036854775807") == -1);
    BOOST_TEST(time("s", "1.5") == -1);
    BOOST_TEST(time("rfc3339", R"("2024-01-15 10:30:00")") == -1);
    BOOST_TEST(time("rfc3339", R"("2024-02-30T10:30:00Z")") == -1);
    BOOST_TEST(time("sql", "1705314600") == -1);
    BOOST_TEST(time("", R"("yesterday")") == -1);
}

BOOST_AUTO_TEST_CASE(memberships_may_be_ids_alone_with_a_role_for_all)
{
    const auto mapped = map_one(R"({"id":"id","memberships":{"from":"o","roles":{"constant":["member"]}}})",
                                R"({"id":1,"o":["o1",2,"",null,{"id":"o3"}]})");
    const auto& memberships = user(mapped).memberships;
    BOOST_TEST_REQUIRE(memberships.size() == 2U);
    BOOST_TEST(memberships[1].organization == "2");
    BOOST_TEST(memberships[1].roles == std::vector<std::string>{"member"}, boost::test_tools::per_element());
    BOOST_TEST(fate(mapped) == "1 [o]");
}

BOOST_AUTO_TEST_CASE(what_nobody_named_is_noted_once_and_to_its_depth)
{
    const auto mapped = map_one(R"({"id":"id","username":"p.login","email_addresses":[{"from":"e","value":"v"}],)"
                                R"("ignore":["p.skip","q"]})",
                                R"({"id":1,"p":{"login":"ada","skip":1,"more":{"a":1}},"q":{"r":1},)"
                                R"("e":[{"v":"a@example.com","w":1},{"v":"b@example.com","w":2}],"z":[],"y":0})");
    BOOST_TEST(fate(mapped) == "1 a@example.com- b@example.com- username=ada [e.w,p.more,y]");
}

BOOST_AUTO_TEST_SUITE_END()
