#define BOOST_TEST_MODULE token_live
#include <boost/test/unit_test.hpp>
