// The limits of a client that was told of none.
#include "call/service_traits.hpp"

#include <boost/test/unit_test.hpp>

using usher::quota;
using usher::secret;
using usher::detail::quota_of;

BOOST_AUTO_TEST_SUITE(defaults)

BOOST_AUTO_TEST_CASE(a_clerk_key_says_by_its_prefix_which_limits_it_has)
{
    BOOST_CHECK(quota_of("clerk", secret("sk_live_abc")) == quota::clerk_production());
    BOOST_CHECK(quota_of("clerk", secret("sk_test_abc")) == quota::clerk_development());
    BOOST_CHECK(quota_of("clerk", secret("abc")) == quota::unlimited());
    BOOST_CHECK(quota_of("clerk", secret("a_sk_live_abc")) == quota::unlimited());
}

BOOST_AUTO_TEST_CASE(limits_that_a_service_does_not_publish_are_learned)
{
    BOOST_CHECK(quota_of("scalekit", secret("sk_live_abc")) == quota::unknown());
    BOOST_CHECK(quota_of("clerk_platform", secret("ak_abc")) == quota::unknown());
}

BOOST_AUTO_TEST_CASE(a_service_of_the_users_own_has_no_limit_that_it_was_not_given)
{
    BOOST_CHECK(quota_of("pets", secret("sk_live_abc")) == quota::unlimited());
}

BOOST_AUTO_TEST_SUITE_END()
