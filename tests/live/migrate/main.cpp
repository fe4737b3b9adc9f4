#define BOOST_TEST_MODULE migrate
#include <boost/test/unit_test.hpp>
