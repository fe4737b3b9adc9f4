#define BOOST_TEST_MODULE bulk
#include <boost/test/unit_test.hpp>
