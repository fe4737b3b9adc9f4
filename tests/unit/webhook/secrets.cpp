#include "sample.hpp"

#include <openssl/evp.h>

using namespace sample;

namespace {

std::string complaint(const std::vector<usher::secret>& secrets)
{
    try {
        verifier made(provider::clerk, secrets);
    } catch (const std::invalid_argument& trouble) {
        return trouble.what();
    }
    return {};
}

std::string complaint(const char* text)
{
    return complaint(std::vector<usher::secret>{usher::secret(text)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(an_empty_secret_is_refused)
{
    BOOST_TEST(complaint("") == "the webhook secret is empty");
    BOOST_TEST(complaint("whsec_") == "the webhook secret is empty");
    BOOST_TEST(complaint(std::vector<usher::secret>{}) == "webhook: a verifier needs a secret");
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_no_base64_is_refused_without_its_content)
{
    for (const char* bad : {"whsec_Mf*Q9r8G", "whsec_MfKQ9", "whsec_MfKQ=r8G", "whsec_MfKQ9r==8",
                            "whsec_MfKQ9r8G=", "whsec_====", "whsec_MfKQ9r8G\n", "whsec_MfKQ9-8_", "sk_test_MfKQ9r8G",
                            "whsec_MfK/=", "whsec_MfL="}) {
        const std::string text = complaint(bad);
        BOOST_TEST(text == "the webhook secret is not what stands after whsec_: no base64", bad);
    }
}

BOOST_AUTO_TEST_CASE(of_several_secrets_the_bad_one_is_counted)
{
    const std::vector<usher::secret> keys{usher::secret(secret_text), usher::secret("whsec_*")};
    BOOST_TEST(complaint(keys).starts_with("the webhook secret 2 of 2 is not"));
}

BOOST_AUTO_TEST_CASE(prefix_and_padding_may_be_missing)
{
    // Two spellings of sixteen bytes.
    const auto padded = sign(usher::secret("whsec_AAECAwQFBgcICQoLDA0ODw=="), "id", sent, "x");
    BOOST_TEST(padded.signature == sign(usher::secret("whsec_AAECAwQFBgcICQoLDA0ODw"), "id", sent, "x").signature);
    BOOST_TEST(padded.signature == sign(usher::secret("AAECAwQFBgcICQoLDA0ODw"), "id", sent, "x").signature);
    BOOST_TEST(padded.signature != sign(usher::secret("AAECAwQFBgcICQoLDA0OEA"), "id", sent, "x").signature);
}

BOOST_AUTO_TEST_CASE(a_secret_that_could_be_guessed_is_refused)
{
    for (const char* bad : {"whsec_YQ", "whsec_YWJj", "whsec_AAECAwQFBgcICQoLDA0O"})
        BOOST_TEST(complaint(bad) == "the webhook secret is shorter than 16 bytes", bad);
    BOOST_TEST(complaint("whsec_AAECAwQFBgcICQoLDA0ODw") == "");
    BOOST_CHECK_THROW(sign(usher::secret("whsec_YWJj"), id, sent, body), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(without_an_hmac_in_openssl_no_verifier_is_made)
{
    BOOST_TEST_REQUIRE(EVP_set_default_properties(nullptr, "provider=none") == 1);
    BOOST_CHECK_THROW(verifier_at(), std::runtime_error);
    BOOST_TEST_REQUIRE(EVP_set_default_properties(nullptr, "") == 1);
    BOOST_TEST(verifier_at().verify(headers(), body).has_value());
}

BOOST_AUTO_TEST_CASE(a_tolerance_has_to_be_one)
{
    for (const auto wrong : {seconds(0), seconds(-1), seconds::max()}) {
        verifier_options options;
        options.tolerance = wrong;
        BOOST_CHECK_THROW(verifier(provider::clerk, usher::secret(secret_text), options), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()
