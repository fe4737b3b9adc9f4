#define BOOST_TEST_MODULE unit_observe
#include <boost/test/unit_test.hpp>
