#define BOOST_TEST_MODULE job
#include <boost/test/unit_test.hpp>
