#include "unit/bulk/mapped.hpp"
#include "unit/bulk/read_all.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace bulk = usher::bulk;

namespace {

constexpr std::string_view header =
    "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,"
    "unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_"
    "hasher\n";

const std::string digest = "$2b$10$abcdefghijklmnopqrstuuHgNhGqVVtiYH3MpjLgnbfVqbOG0wJTK";

bulk::mapped map(const std::string& row)
{
    const auto records = read_all(bulk::source_format::clerk_csv, std::string(header) + row + "\n");
    BOOST_TEST_REQUIRE(records.size() == 1U);
    return bulk::map_record(records[0]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_clerk_csv)

BOOST_AUTO_TEST_CASE(every_column_finds_its_place)
{
    const auto plan =
        map("user_1,Ada,Lovelace,ada,ada@example.com,+12125550100,first@example.com|ada@example.com,old@example.com,"
            "\"+12125550101,+12125550100\",+12125550102,JBSWY3DPEHPK3PXP," +
            digest + ",bcrypt");
    BOOST_TEST_REQUIRE(plan.has_value());
    const auto& made = user_of(plan);
    BOOST_TEST(made.id == "user_1");
    BOOST_TEST(made.first_name == "Ada");
    BOOST_TEST(made.last_name == "Lovelace");
    BOOST_TEST(made.username == "ada");
    BOOST_TEST((texts(made.email_addresses) ==
                std::vector<std::string>{"ada@example.com+", "first@example.com+", "old@example.com-"}));
    BOOST_TEST(
        (texts(made.phone_numbers) == std::vector<std::string>{"+12125550100+", "+12125550101+", "+12125550102-"}));
    BOOST_TEST(made.totp_secret == "JBSWY3DPEHPK3PXP");
    BOOST_TEST(made.password.value().digest == digest);
    BOOST_TEST(made.password->hasher == "bcrypt");
    BOOST_TEST(plan->notes.empty());
}

BOOST_AUTO_TEST_CASE(a_primary_address_is_verified_only_if_the_export_says_so)
{
    auto plan = map("user_1,,,ada,ada@example.com,,,ada@example.com,,,,,");
    BOOST_TEST((texts(user_of(plan).email_addresses) == std::vector<std::string>{"ada@example.com-"}));
    BOOST_TEST(plan->notes.empty());
    plan = map("user_1,,,ada,ada@example.com,,,,,,,,");
    BOOST_TEST((texts(user_of(plan).email_addresses) == std::vector<std::string>{"ada@example.com-"}));
    BOOST_TEST(plan->notes.size() == 1U);
    plan = map("user_1,,,ada,ada@example.com,,b@example.com,ada@example.com,,,,,");
    BOOST_TEST(
        (texts(user_of(plan).email_addresses) == std::vector<std::string>{"ada@example.com-", "b@example.com+"}));
}

BOOST_AUTO_TEST_CASE(half_a_credential_refuses_the_record)
{
    const auto code = [](const std::string& credential) {
        const auto plan = map("user_1,,,ada,,,,,,,," + credential);
        return plan.has_value() ? std::string() : plan.error().code;
    };
    BOOST_TEST(code(",") == "");
    BOOST_TEST(code(digest + ",") == "password_hasher_missing");
    BOOST_TEST(code(",bcrypt") == "password_digest_missing");
    BOOST_TEST(code(digest + ",rot13") == "password_hasher_unknown");
    BOOST_TEST(code("$2b$10$short,bcrypt") == "password_digest_invalid");
    BOOST_TEST(code("0123456789abcdef0123456789abcdef,md5") == "");
    BOOST_TEST(code("0123456789abcdef,md5") == "password_digest_invalid");
}

BOOST_AUTO_TEST_CASE(a_row_without_id_is_refused)
{
    BOOST_TEST(map(",,,ada,,,,,,,,,").error().code == "no_external_id");
}

BOOST_AUTO_TEST_SUITE_END()
