#include "bulk/live/live_store.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace {

using namespace usher::bulk;

kept_membership in(const char* id, const char* user, const char* organization, std::int64_t began)
{
    kept_membership made;
    made.id = id;
    made.user = user;
    made.organization = organization;
    made.began = began;
    made.body = id;
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_live_store)

BOOST_AUTO_TEST_CASE(gives_a_users_memberships_in_the_order_in_which_they_began)
{
    live_store store;
    store.add_membership(in("m1", "u1", "o2", 20));
    store.add_membership(in("m2", "u2", "o1", 5));
    store.add_membership(in("m3", "u1", "o1", 10));
    BOOST_TEST((store.memberships_of("u1", false) == std::vector<std::string>{"m3", "m1"}));
    BOOST_TEST(store.memberships_of("u3", false).empty());
    BOOST_TEST(store.knows_membership("m2"));
    BOOST_TEST(!store.knows_membership("m4"));
}

BOOST_AUTO_TEST_CASE(leaves_out_organizations_that_have_no_record)
{
    live_store store;
    store.add_organization("o1");
    store.add_membership(in("m1", "u1", "o1", 10));
    store.add_membership(in("m2", "u1", "o2", 20));
    BOOST_TEST((store.memberships_of("u1", true) == std::vector<std::string>{"m1"}));
}

BOOST_AUTO_TEST_CASE(counts_the_later_one_of_who_left_and_came_back)
{
    live_store store;
    store.add_membership(in("m1", "u1", "o1", 10));
    store.add_membership(in("m2", "u1", "o1", 20));
    BOOST_TEST((store.memberships_of("u1", false) == std::vector<std::string>{"m2"}));
}

BOOST_AUTO_TEST_CASE(forgets_users_that_can_not_come_again)
{
    live_store store;
    store.add_user("u1", 10);
    store.add_user("u2", 11);
    store.forget_users(11);
    BOOST_TEST(!store.knows_user("u1"));
    BOOST_TEST(store.knows_user("u2"));
}

BOOST_AUTO_TEST_CASE(leaves_no_file_behind_a_name)
{
    live_store store;
    const std::string body(1000, 'x');
    for (int i = 0; i != 20'000; ++i) {
        auto one = in(std::to_string(i).c_str(), std::to_string(i % 50).c_str(), std::to_string(i).c_str(), i);
        one.body = body;
        store.add_membership(one);
    }
    // 20 MB are far more than its cache: there is a file now, and it has no name any more.
    bool has_file = false;
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code failed;
        const auto target = std::filesystem::read_symlink(each.path(), failed).string();
        if (failed || target.find("etilqs") == std::string::npos)
            continue;
        has_file = true;
        BOOST_TEST(target.ends_with("(deleted)"));
    }
    BOOST_TEST(has_file);
    BOOST_TEST(store.memberships_of("7", false).size() == 400U);
}

BOOST_AUTO_TEST_SUITE_END()
