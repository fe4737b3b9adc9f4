// Reading a listing to its end, whatever it lists.
#ifndef USHER_BULK_CATALOG_PAGES_HPP
#define USHER_BULK_CATALOG_PAGES_HPP

#include <usher/bulk/catalog.hpp>
#include <usher/pages.hpp>

#include <cstdint>
#include <functional>

namespace usher::bulk {

/// Gives every item of a listing as what is known of it. `calls`, which outlives the reading, counts its pages.
template <class Item>
boost::asio::awaitable<result<void>> each_item(pages<Item> listing, std::uint64_t& calls,
                                               known_entity (*known)(const Item&),
                                               std::function<void(const known_entity&)> use)
{
    for (;;) {
        calls += 1;
        auto page = co_await listing.next();
        if (!page)
            co_return page.error();
        if (page->empty())
            co_return result<void>();
        for (const auto& each : *page)
            use(known(each));
    }
}

} // namespace usher::bulk

#endif
