// What a listing brought.
#ifndef USHER_TESTS_LIVE_LINE_LISTING_HPP
#define USHER_TESTS_LIVE_LINE_LISTING_HPP

#include <usher/pages.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>
#include <vector>

namespace usher::tests {

struct seen_pages {
    std::vector<std::string> seen; ///< ids
    std::vector<std::size_t> sizes;
};

template <class Item>
std::string id_in(const Item& item)
{
    if constexpr (std::is_convertible_v<decltype(item.id), std::string>)
        return item.id;
    else
        return item.id.value_or("");
}

template <class Item>
std::vector<std::string> ids_of(const std::vector<Item>& items)
{
    std::vector<std::string> ids;
    for (const auto& item : items)
        ids.push_back(id_in(item));
    return ids;
}

template <class Item>
boost::asio::awaitable<void> read_all(pages<Item> listing, seen_pages& into)
{
    for (;;) {
        auto page = co_await listing.next();
        BOOST_TEST_REQUIRE(page.has_value());
        if (page->empty())
            break;
        into.sizes.push_back(page->size());
        for (const auto& item : *page)
            into.seen.push_back(id_in(item));
    }
}

} // namespace usher::tests

#endif
