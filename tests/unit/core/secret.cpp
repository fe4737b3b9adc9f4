#include <usher/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <stdexcept>
#include <utility>

using usher::secret;

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(copies_are_independent_and_moves_empty_their_source)
{
    secret a("sk_test_abc");
    secret b = a;
    BOOST_TEST((a == b));
    BOOST_TEST(static_cast<const void*>(a.reveal().data()) != static_cast<const void*>(b.reveal().data()));
    const secret c = std::move(a);
    BOOST_TEST(a.empty());
    BOOST_TEST(c.reveal() == "sk_test_abc");
    b = secret("other");
    BOOST_TEST(!(b == c));
    b = c;
    BOOST_TEST((b == c));
}

BOOST_AUTO_TEST_CASE(a_hint_holds_the_prefix_and_no_more)
{
    const auto hint = secret("sk_live_CANARY1234").hint();
    BOOST_TEST(hint.find("sk_live_") == 0U);
    BOOST_TEST(hint.find("CANARY") == std::string::npos);
    BOOST_TEST(secret("hunter2").hint().find("hunter") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_variable_is_named)
{
    unsetenv("USHER_TEST_SECRET");
    BOOST_CHECK_EXCEPTION(secret::from_env("USHER_TEST_SECRET"), std::invalid_argument,
                          [](const std::invalid_argument& e) {
                              return std::string(e.what()).find("USHER_TEST_SECRET") != std::string::npos;
                          });
    setenv("USHER_TEST_SECRET", "k", 1);
    BOOST_TEST(secret::from_env("USHER_TEST_SECRET").reveal() == "k");
}

BOOST_AUTO_TEST_SUITE_END()
