#define BOOST_TEST_MODULE token
#include <boost/test/unit_test.hpp>
