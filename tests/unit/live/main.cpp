#define BOOST_TEST_MODULE live_walk
#include <boost/test/unit_test.hpp>
