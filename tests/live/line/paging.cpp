// Listings over more than three pages, by each way of paging: what is asked for, and what comes out.
#include "live/line/listing.hpp"
#include "live/line/page_server.hpp"

#include <usher/clerk_platform/client.hpp>
#include <usher/clerk_platform/domains.hpp>
#include <usher/engine.hpp>
#include <usher/scalekit/client.hpp>
#include <usher/scalekit/domains.hpp>
#include <usher/scalekit/organizations.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>

namespace bj = boost::json;
using namespace usher;
using namespace usher::tests;

namespace {

constexpr int records = 23;

std::string id_of(int n)
{
    return "id_" + std::to_string(n);
}

bj::array page_of(int from, int size)
{
    bj::array page;
    for (int n = std::max(from, 0); n < std::min(from + size, records); ++n)
        page.push_back(bj::object{{"id", id_of(n)}});
    return page;
}

std::string text_of(const page_server::query& asked, const char* name, std::string otherwise = "")
{
    const auto found = asked.find(name);
    return found == asked.end() ? otherwise : found->second;
}

/// Tokens say where their page begins. The second page is empty, which ends nothing.
std::string token_answer(const page_server::query& asked)
{
    const int size = std::stoi(text_of(asked, "page_size", "10"));
    const std::string token = text_of(asked, "page_token", "at-0");
    bj::object answer;
    if (token == "gap") {
        answer["organizations"] = bj::array();
        answer["next_page_token"] = "at-" + std::to_string(size);
        return bj::serialize(answer);
    }
    const int from = std::stoi(token.substr(3));
    answer["organizations"] = page_of(from, size);
    answer["next_page_token"] = from == 0 ? "gap" : from + size >= records ? "" : "at-" + std::to_string(from + size);
    answer["prev_page_token"] = from == 0 ? "" : "at-" + std::to_string(from - size);
    answer["total_size"] = records;
    return bj::serialize(answer);
}

std::string cursor_answer(const page_server::query& asked)
{
    const int size = std::stoi(text_of(asked, "limit", "10"));
    const std::string after = text_of(asked, "starting_after");
    bj::array page = page_of(after.empty() ? 0 : std::stoi(after.substr(3)) + 1, size);
    for (auto& each : page) {
        each.as_object()["object"] = "domain";
        each.as_object()["name"] = "example.com";
    }
    return bj::serialize(bj::object{{"data", page}, {"total_count", records}});
}

std::string number_answer(const page_server::query& asked)
{
    const int size = std::stoi(text_of(asked, "page_size", "10"));
    const int number = std::stoi(text_of(asked, "page_number", "0"));
    return bj::serialize(bj::object{{"domains", page_of(number * size, size)}, {"page_number", number}});
}

struct paging : seen_pages {
    template <class Client>
    Client client(const page_server& server)
    {
        client_options options;
        options.base_url = server.url();
        options.quota = quota::unlimited();
        options.retry = retry_policy::none();
        return Client(on, secret("a-key"), options);
    }

    /// Runs a coroutine to its end; what it throws is thrown here.
    void run(page_server& server, asio::awaitable<void> body)
    {
        std::exception_ptr thrown;
        asio::co_spawn(io, std::move(body), [&](std::exception_ptr failed) {
            thrown = failed;
            server.stop();
            on.close_idle();
        });
        io.run();
        if (thrown)
            std::rethrow_exception(thrown);
    }

    asio::io_context io{1};
    engine on{io.get_executor()};
};

asio::awaitable<void> read_back(scalekit::client service, paging& into)
{
    scalekit::list_organization_params params;
    params.page_size = 5;
    params.page_token = "at-20";
    for (bool more = true; more;) {
        auto page = co_await service.organizations().list(params);
        BOOST_TEST_REQUIRE(page.has_value());
        into.sizes.push_back(page->organizations->size());
        into.seen.insert(into.seen.begin(), 1, id_in(page->organizations->front()));
        more = page->prev_page_token.has_value() && !page->prev_page_token->empty();
        if (more)
            params.page_token = *page->prev_page_token;
    }
}

std::vector<std::string> all_ids()
{
    std::vector<std::string> ids;
    for (int n = 0; n < records; ++n)
        ids.push_back(id_of(n));
    return ids;
}

std::vector<std::string> asked_for(const page_server& server, const char* name)
{
    std::vector<std::string> values;
    for (const auto& each : server.asked)
        values.push_back(text_of(each, name, "none"));
    return values;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(listings, paging)

BOOST_AUTO_TEST_CASE(tokens_are_followed_until_one_is_empty_and_an_empty_page_ends_nothing)
{
    page_server server(io, token_answer);
    scalekit::list_organization_params params;
    params.page_size = 5;
    run(server, read_all(client<scalekit::client>(server).organizations().list_pages(params), *this));
    BOOST_TEST(seen == all_ids(), boost::test_tools::per_element());
    BOOST_TEST(sizes == (std::vector<std::size_t>{5, 5, 5, 5, 3}), boost::test_tools::per_element());
    BOOST_TEST(asked_for(server, "page_token") ==
                   (std::vector<std::string>{"none", "gap", "at-5", "at-10", "at-15", "at-20"}),
               boost::test_tools::per_element());
    BOOST_TEST(asked_for(server, "page_size") == std::vector<std::string>(6, "5"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tokens_lead_back_page_by_page)
{
    page_server server(io, token_answer);
    run(server, read_back(client<scalekit::client>(server), *this));
    BOOST_TEST(seen == (std::vector<std::string>{"id_0", "id_5", "id_10", "id_15", "id_20"}),
               boost::test_tools::per_element());
    BOOST_TEST(sizes == (std::vector<std::size_t>{3, 5, 5, 5, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_listing_begins_where_a_token_says)
{
    page_server server(io, token_answer);
    scalekit::list_organization_params params;
    params.page_size = 5;
    params.page_token = "at-10";
    run(server, read_all(client<scalekit::client>(server).organizations().list_pages(params), *this));
    BOOST_TEST(seen.size() == 13U);
    BOOST_TEST(seen.front() == "id_10");
}

BOOST_AUTO_TEST_CASE(cursors_are_the_last_item_of_each_page_until_one_is_short)
{
    page_server server(io, cursor_answer);
    clerk_platform::platform_list_domains_params params;
    params.limit = 5;
    run(server, read_all(client<clerk_platform::client>(server).domains().list_pages(params), *this));
    BOOST_TEST(seen == all_ids(), boost::test_tools::per_element());
    BOOST_TEST(asked_for(server, "starting_after") ==
                   (std::vector<std::string>{"none", "id_4", "id_9", "id_14", "id_19"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(page_numbers_are_counted_from_zero_until_a_page_is_short)
{
    page_server server(io, number_answer);
    scalekit::list_domains_params params;
    params.page_size = 5;
    run(server, read_all(client<scalekit::client>(server).domains().list_pages("org_1", params), *this));
    BOOST_TEST(seen == all_ids(), boost::test_tools::per_element());
    BOOST_TEST(asked_for(server, "page_number") == (std::vector<std::string>{"none", "1", "2", "3", "4"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(page_numbers_without_a_size_end_with_the_first_empty_page)
{
    page_server server(io, number_answer);
    run(server, read_all(client<scalekit::client>(server).domains().list_pages("org_1"), *this));
    BOOST_TEST(seen == all_ids(), boost::test_tools::per_element());
    BOOST_TEST(server.asked.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
