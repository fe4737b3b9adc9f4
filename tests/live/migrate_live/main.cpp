#define BOOST_TEST_MODULE migrate_live
#include <boost/test/unit_test.hpp>
