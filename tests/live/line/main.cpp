#define BOOST_TEST_MODULE line
#include <boost/test/unit_test.hpp>
