#define BOOST_TEST_MODULE wire_faults
#include <boost/test/unit_test.hpp>
