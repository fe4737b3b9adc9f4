#define BOOST_TEST_MODULE security_texts
#include <boost/test/unit_test.hpp>
