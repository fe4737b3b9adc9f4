// What is taken as it stands, what is rewritten, and what says its hasher by itself.
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/text.hpp"
#include "unit/mapping/digests.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>

namespace bulk = usher::bulk;

namespace {

/// The digest that arrives, or the refusal's code and reason.
std::string arrives(std::string_view hasher, std::string_view digest)
{
    const auto checked = bulk::check_digest(hasher, digest);
    if (!checked)
        return checked.error().code + ": " + checked.error().message;
    BOOST_TEST(checked->hasher == hasher);
    return checked->digest;
}

constexpr std::string_view bcrypt = digests::bcrypt;

} // namespace

BOOST_AUTO_TEST_SUITE(hasher_forms)

BOOST_AUTO_TEST_CASE(a_digest_in_the_documented_form_of_any_hasher_arrives_byte_for_byte)
{
    for (const auto& [hasher, digest] : digests::every)
        BOOST_TEST(arrives(hasher, digest) == digest);
    for (const auto name : bulk::clerk_hashers()) {
        const auto same = [name](const digests::example& example) { return example.hasher == name; };
        BOOST_TEST_INFO("hasher " << name);
        BOOST_TEST(std::any_of(std::begin(digests::every), std::end(digests::every), same));
    }
}

BOOST_AUTO_TEST_CASE(what_arrives_is_in_its_final_form_whatever_was_done_to_the_digest)
{
    // A character replaced, dropped or doubled at random: refused, or the same when it is checked once more.
    constexpr std::string_view characters = "$=.:,#{}+/-_09afAFzZ ";
    std::minstd_rand random(20240115);
    std::size_t taken = 0;
    for (const auto& [hasher, digest] : digests::every)
        for (int i = 0; i != 400; ++i) {
            std::string changed(digest);
            const auto at = random() % changed.size();
            const auto how = random() % 3;
            if (how == 0)
                changed[at] = characters[random() % characters.size()];
            else if (how == 1)
                changed.erase(at, 1);
            else
                changed.insert(at, 1, changed[at]);
            const auto once = bulk::check_digest(hasher, changed);
            if (!once)
                continue;
            ++taken;
            BOOST_TEST_INFO(hasher << " " << changed);
            BOOST_TEST(arrives(hasher, once->digest) == once->digest);
        }
    BOOST_TEST(taken > 1000U);
}

BOOST_AUTO_TEST_CASE(upper_case_digits_arrive_in_lower_case)
{
    BOOST_TEST(arrives("md5", "5F4DCC3B5AA765D61D8327DEB882CF99") == "5f4dcc3b5aa765d61d8327deb882cf99");
    BOOST_TEST(arrives("md5_salted", "SALT$5F4DCC3B5AA765D61D8327DEB882CF99") ==
               "SALT$5f4dcc3b5aa765d61d8327deb882cf99");
    BOOST_TEST(arrives("sha256", "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08") ==
               "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    BOOST_TEST(arrives("pbkdf2_sha512", "pbkdf2_sha512$9$SALT$0C60C80F961F0E71F3A9B524AF601206") ==
               "pbkdf2_sha512$9$SALT$0c60c80f961f0e71f3a9b524af601206");
}

BOOST_AUTO_TEST_CASE(bcrypt_loses_what_other_programs_put_before_it)
{
    for (const std::string prefix : {"bcrypt$", "{bcrypt}", "{BCRYPT}", "{crypt}", "{CRYPT}"})
        BOOST_TEST(arrives("bcrypt", prefix + std::string(bcrypt)) == bcrypt);
}

BOOST_AUTO_TEST_CASE(argon2_arrives_in_the_order_of_its_reference_program)
{
    BOOST_TEST(arrives("argon2id", "argon2" + std::string(digests::argon2id)) == digests::argon2id);
    BOOST_TEST(arrives("argon2id", "$argon2id$v=19$p=1,t=2,m=65536$c29tZXNhbHQ=$"
                                   "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=") == digests::argon2id);
}

BOOST_AUTO_TEST_CASE(a_salted_hash_written_the_other_way_round_is_turned)
{
    BOOST_TEST(arrives("sha256_salted", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08$salt") ==
               "salt$9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    // Both could be the hash: it stays as it is documented.
    constexpr std::string_view both = "00000000000000000000000000000000$5f4dcc3b5aa765d61d8327deb882cf99";
    BOOST_TEST(arrives("md5_salted", both) == both);
}

BOOST_AUTO_TEST_CASE(firebase_digests_in_the_alphabet_for_addresses_arrive_in_the_usual_one)
{
    std::string web(digests::firebase);
    std::replace(web.begin(), web.end(), '+', '-');
    std::replace(web.begin(), web.end(), '/', '_');
    web.erase(std::remove(web.begin(), web.end(), '='), web.end());
    BOOST_TEST_REQUIRE(web != digests::firebase);
    BOOST_TEST(arrives("scrypt_firebase", web) == digests::firebase);
}

BOOST_AUTO_TEST_CASE(other_prefixes_of_the_same_hash_are_rewritten)
{
    BOOST_TEST(arrives("phpass", "$H$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1") == "$P$8ohUJ.1sdFw09/bMaAQPTGDNi2BIUt1");
    BOOST_TEST(arrives("ldap_ssha", "{ssha}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0") ==
               "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0");
    BOOST_TEST(arrives("scrypt_werkzeug", "$scrypt:2:8:1$salt$" + std::string(128, 'a')) ==
               "scrypt:2:8:1$salt$" + std::string(128, 'a'));
    BOOST_TEST(arrives("md5", "{MD5}X03MO1qnZdYdgyfeuILPmQ==") == "5f4dcc3b5aa765d61d8327deb882cf99");
}

BOOST_AUTO_TEST_CASE(a_digest_that_begins_as_only_one_hasher_writes_it_says_its_hasher)
{
    for (const auto& [hasher, digest] : digests::every) {
        const auto found = bulk::recognised_hasher(digest);
        BOOST_TEST_INFO("hasher " << hasher);
        if (hasher == "md5" || hasher == "sha256" || hasher.ends_with("_salted") || hasher == "scrypt_firebase")
            BOOST_TEST(found.empty());
        else if (hasher == "md5_phpass")
            BOOST_TEST(found == "phpass");
        else if (hasher == "pbkdf2_sha256")
            BOOST_TEST(found == "pbkdf2_sha256_django");
        else
            BOOST_TEST(found == hasher);
    }
    BOOST_TEST(bulk::recognised_hasher("bcrypt$" + std::string(bcrypt)) == "bcrypt");
    BOOST_TEST(bulk::recognised_hasher("argon2$argon2id$v=19$") == "argon2id");
    BOOST_TEST(bulk::recognised_hasher("pbkdf2:sha256:600000$salt$00") == "pbkdf2_sha256");
    BOOST_TEST(bulk::recognised_hasher("$pbkdf2-sha512$25000$salt$key") == "pbkdf2_sha512_hex");
    for (const std::string_view none : {"", "secret", "$1$salt$hash", "$6$salt$hash", "sha1$salt$hash", "{SHA}hash"})
        BOOST_TEST(bulk::recognised_hasher(none).empty());
}

BOOST_AUTO_TEST_SUITE_END()
