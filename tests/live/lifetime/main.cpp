#define BOOST_TEST_MODULE lifetime
#include <boost/test/unit_test.hpp>
