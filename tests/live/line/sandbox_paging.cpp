// Listings of the sandbox over more than three pages, forward and back.
#include "live/line/listing.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/clerk_platform/client.hpp>
#include <usher/clerk_platform/domains.hpp>
#include <usher/engine.hpp>
#include <usher/sandbox.hpp>
#include <usher/scalekit/client.hpp>
#include <usher/scalekit/domains.hpp>
#include <usher/scalekit/organizations.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <set>

namespace asio = boost::asio;
using namespace usher;
using namespace usher::tests;

namespace {

struct paging : seen_pages {
    asio::io_context io{1};
    engine on{io.get_executor()};
};

/// Seven organizations, and seven domains of the one that is returned.
asio::awaitable<std::string> fill(scalekit::client service)
{
    std::string organization;
    for (int n = 0; n < 7; ++n) {
        const scalekit::create_organization_params params("Organization " + std::to_string(n));
        auto made = co_await service.organizations().create(params);
        BOOST_TEST_REQUIRE(made.has_value());
        organization = made->organization->id.value_or("");
    }
    for (int n = 0; n < 7; ++n) {
        scalekit::create_domain_params params;
        params.domain = "d" + std::to_string(n) + ".example.com";
        auto made = co_await service.domains().create(organization, params);
        BOOST_TEST_REQUIRE(made.has_value());
    }
    co_return organization;
}

/// Two a page; the organizations backwards as well.
asio::awaitable<void> through_the_sandbox(scalekit::client service, paging& into)
{
    const auto organization = co_await fill(service);
    scalekit::list_organization_params organizations;
    organizations.page_size = 2;
    co_await read_all(service.organizations().list_pages(organizations), into);
    scalekit::list_domains_params domains;
    domains.page_size = 2;
    co_await read_all(service.domains().list_pages(organization, domains), into);

    std::vector<std::vector<std::string>> forward;
    std::vector<std::vector<std::string>> back;
    std::string before;
    for (bool more = true; more;) {
        auto page = co_await service.organizations().list(organizations);
        BOOST_TEST_REQUIRE(page.has_value());
        forward.push_back(ids_of(*page->organizations));
        before = page->prev_page_token.value_or("");
        more = !page->next_page_token.value_or("").empty();
        organizations.page_token = page->next_page_token.value_or("");
    }
    while (!before.empty()) {
        organizations.page_token = before;
        auto page = co_await service.organizations().list(organizations);
        BOOST_TEST_REQUIRE(page.has_value());
        back.insert(back.begin(), ids_of(*page->organizations));
        before = page->prev_page_token.value_or("");
    }
    forward.pop_back();
    BOOST_TEST(back.size() == 3U);
    BOOST_TEST((back == forward));
}

/// There and back: every page before the last one is given again, in the opposite order, and then the listing goes on.
template <class Item>
asio::awaitable<void> there_and_back(pages<Item> listing)
{
    std::vector<std::vector<std::string>> forward;
    for (;;) {
        auto page = co_await listing.next();
        BOOST_TEST_REQUIRE(page.has_value());
        if (page->empty())
            break;
        forward.push_back(ids_of(*page));
    }
    BOOST_TEST_REQUIRE(forward.size() == 4U);
    for (std::size_t at = 3; at-- > 0;) {
        auto page = co_await listing.previous();
        BOOST_TEST_REQUIRE(page.has_value());
        BOOST_TEST(ids_of(*page) == forward[at], boost::test_tools::per_element());
    }
    auto none = co_await listing.previous();
    BOOST_TEST_REQUIRE(none.has_value());
    BOOST_TEST(none->empty());
    auto second = co_await listing.next();
    BOOST_TEST_REQUIRE(second.has_value());
    BOOST_TEST(ids_of(*second) == forward[1], boost::test_tools::per_element());
    auto first = co_await listing.previous();
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(ids_of(*first) == forward[0], boost::test_tools::per_element());
}

asio::awaitable<void> both_ways(scalekit::client service, clerk::client by_offset)
{
    const auto organization = co_await fill(service);
    scalekit::list_organization_params by_token;
    by_token.page_size = 2;
    co_await there_and_back(service.organizations().list_pages(by_token));
    scalekit::list_domains_params by_number;
    by_number.page_size = 2;
    co_await there_and_back(service.domains().list_pages(organization, by_number));
    clerk::get_user_list_params users;
    users.limit = 2;
    co_await there_and_back(by_offset.users().list_pages(users));
}

asio::awaitable<void> back_by_cursor(clerk_platform::client platform, std::optional<error>& failed)
{
    auto listing = platform.domains().list_pages();
    auto page = co_await listing.previous();
    failed = page ? error() : page.error();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(listings_of_the_sandbox, paging)

BOOST_AUTO_TEST_CASE(listings_by_token_number_and_offset_are_read_back_page_by_page)
{
    sandbox::options how;
    how.tls = false;
    how.services = {sandbox::service::scalekit, sandbox::service::clerk};
    sandbox::server served(how);
    const std::string key = "sk_test_000000000000000000000000000000";
    served.add_users(7, key);
    client_options options;
    options.base_url = served.url(sandbox::service::scalekit);
    options.quota = quota::unlimited();
    scalekit::client service(on, secret("a-key"), options);
    options.base_url = served.url(sandbox::service::clerk);
    clerk::client by_offset(on, secret(key), options);
    asio::co_spawn(io, both_ways(service, by_offset), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    io.run();
}

BOOST_AUTO_TEST_CASE(a_listing_by_cursors_says_that_it_has_no_way_back)
{
    client_options options;
    options.base_url = "http://127.0.0.1:9";
    clerk_platform::client platform(on, secret("ak_test"), options);
    std::optional<error> failed;
    asio::co_spawn(io, back_by_cursor(platform, failed), asio::detached);
    io.run();
    BOOST_TEST_REQUIRE(failed.has_value());
    BOOST_CHECK(failed->kind() == error_kind::invalid_request);
}

BOOST_AUTO_TEST_CASE(the_sandbox_s_organizations_and_domains_are_listed_whole_forward_and_back)
{
    sandbox::options how;
    how.tls = false;
    how.services = {sandbox::service::scalekit};
    sandbox::server served(how);
    client_options options;
    options.base_url = served.url();
    options.quota = quota::unlimited();
    scalekit::client service(on, secret("a-key"), options);
    std::optional<std::exception_ptr> ended;
    asio::co_spawn(io, through_the_sandbox(service, *this), [&](std::exception_ptr failed) { ended = failed; });
    io.run();
    BOOST_TEST_REQUIRE(ended.has_value());
    if (*ended)
        std::rethrow_exception(*ended);
    BOOST_TEST(sizes == (std::vector<std::size_t>{2, 2, 2, 1, 2, 2, 2, 1}), boost::test_tools::per_element());
    BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()).size() == 14U);
}

BOOST_AUTO_TEST_SUITE_END()
