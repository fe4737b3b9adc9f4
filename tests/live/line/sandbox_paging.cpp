// Listings of the sandbox over more than three pages, forward and back.
#include "live/line/listing.hpp"

#include <usher/engine.hpp>
#include <usher/sandbox.hpp>
#include <usher/scalekit/client.hpp>
#include <usher/scalekit/domains.hpp>
#include <usher/scalekit/organizations.hpp>

#include <boost/asio/co_spawn.hpp>
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

/// Seven organizations and seven domains of one of them, two a page; the organizations backwards as well.
asio::awaitable<void> through_the_sandbox(scalekit::client service, paging& into)
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

} // namespace

BOOST_FIXTURE_TEST_SUITE(listings_of_the_sandbox, paging)

BOOST_AUTO_TEST_CASE(the_sandbox_s_organizations_and_domains_are_listed_whole_forward_and_back)
{
    sandbox::options how;
    how.tls = false;
    how.services = {sandbox::service::scalekit};
    sandbox::server served(how);
    client_options options;
    options.base_url = served.url();
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
