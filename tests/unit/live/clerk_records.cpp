#include "bulk/live/clerk_records.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace usher;

clerk::email_address address(std::string id, std::string text)
{
    clerk::email_address made;
    made.id = std::move(id);
    made.email_address = std::move(text);
    return made;
}

template <class Verification>
clerk::email_address verified_by(std::string id, std::string text, std::string_view status)
{
    auto made = address(std::move(id), std::move(text));
    Verification by;
    by.status = decltype(by.status)(status);
    made.verification = by;
    return made;
}

bulk::user converted(clerk::user of)
{
    std::vector<bulk::note> lost;
    return bulk::from_clerk(std::move(of), lost);
}

bool is_noted(const std::vector<bulk::note>& lost, std::string_view field)
{
    return std::count_if(lost.begin(), lost.end(), [&](const auto& each) { return each.field == field; }) == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_clerk_user)

BOOST_AUTO_TEST_CASE(is_verified_only_where_clerk_says_so_in_a_word_that_is_known)
{
    clerk::user from;
    from.email_addresses = {
        verified_by<clerk::verification_otp>("1", "otp@example.com", "verified"),
        verified_by<clerk::verification_otp>("2", "begun@example.com", "unverified"),
        verified_by<clerk::verification_otp>("3", "late@example.com", "expired"),
        verified_by<clerk::verification_admin>("4", "admin@example.com", "verified"),
        verified_by<clerk::verification_from_oauth>("5", "oauth@example.com", "verified"),
        verified_by<clerk::verification_saml>("6", "saml@example.com", "transferable"),
        verified_by<clerk::verification_email_link>("7", "link@example.com", "failed"),
        verified_by<clerk::verification_ticket>("8", "ticket@example.com", "something new"),
        address("9", "never@example.com"),
    };
    const auto made = converted(from);
    std::vector<bool> verified;
    for (const auto& each : made.email_addresses)
        verified.push_back(each.verified);
    BOOST_TEST((verified == std::vector<bool>{true, false, false, true, true, false, false, false, false}));
}

BOOST_AUTO_TEST_CASE(is_not_promoted_by_a_verification_that_is_newer_than_this_library)
{
    clerk::user from;
    auto unknown = address("1", "ada@example.com");
    unknown.verification = unknown_json();
    from.email_addresses = {unknown};
    BOOST_TEST(!converted(from).email_addresses.front().verified);
}

BOOST_AUTO_TEST_CASE(has_its_primary_address_and_number_first)
{
    clerk::user from;
    from.email_addresses = {address("1", "one@example.com"), address("2", "two@example.com"),
                            address("3", "three@example.com")};
    from.primary_email_address_id = "2";
    clerk::phone_number one;
    one.id = "p1";
    one.phone_number = "+12025550101";
    clerk::phone_number two;
    two.id = "p2";
    two.phone_number = "+12025550102";
    from.phone_numbers = {one, two};
    from.primary_phone_number_id = "p2";
    const auto made = converted(from);
    BOOST_TEST(made.email_addresses[0].value == "two@example.com");
    BOOST_TEST(made.email_addresses[1].value == "one@example.com");
    BOOST_TEST(made.email_addresses[2].value == "three@example.com");
    BOOST_TEST(made.phone_numbers[0].value == "+12025550102");
}

BOOST_AUTO_TEST_CASE(says_what_it_has_and_no_record_holds)
{
    clerk::user from;
    from.password_enabled = true;
    from.totp_enabled = true;
    from.backup_code_enabled = true;
    from.has_image = true;
    from.external_id = "crm-1";
    from.bypass_client_trust = true;
    from.passkeys.emplace_back();
    from.web3_wallets.emplace_back();
    from.external_accounts.emplace_back();
    from.saml_accounts.emplace_back();
    from.enterprise_accounts.emplace_back();
    clerk::phone_number factor;
    factor.reserved_for_second_factor = true;
    from.phone_numbers = {factor};
    std::vector<bulk::note> lost;
    (void)bulk::from_clerk(from, lost);
    for (const auto* field : {"password", "totp_secret", "backup_codes", "passkeys", "web3_wallets",
                              "reserved_for_second_factor", "external_accounts", "saml_accounts", "enterprise_accounts",
                              "profile_image", "external_id", "bypass_client_trust"})
        BOOST_TEST(is_noted(lost, field), field);
    BOOST_TEST(lost.size() == 12U);
    lost.clear();
    (void)bulk::from_clerk(clerk::user(), lost);
    BOOST_TEST(lost.empty());
}

BOOST_AUTO_TEST_SUITE_END()
