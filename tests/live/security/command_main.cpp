#define BOOST_TEST_MODULE security_command
#include <boost/test/unit_test.hpp>
