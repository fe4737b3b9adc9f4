#define BOOST_TEST_MODULE auth_live
#include <boost/test/unit_test.hpp>
