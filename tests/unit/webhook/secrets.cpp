#include "sample.hpp"

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
    // Two spellings of the byte a.
    const auto padded = sign(usher::secret("whsec_YQ=="), "id", sent, "x");
    BOOST_TEST(padded.signature == sign(usher::secret("whsec_YQ"), "id", sent, "x").signature);
    BOOST_TEST(padded.signature == sign(usher::secret("YQ"), "id", sent, "x").signature);
    BOOST_TEST(padded.signature != sign(usher::secret("Yg"), "id", sent, "x").signature);
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
