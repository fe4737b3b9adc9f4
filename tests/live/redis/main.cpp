#define BOOST_TEST_MODULE live_redis
#include <boost/test/unit_test.hpp>
