// Listings, page by page.
#ifndef USHER_PAGES_HPP
#define USHER_PAGES_HPP

#include <usher/client.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace usher {

namespace detail {

/// The untyped half of `pages`: it owns a copy of the parameters, moves them on after each page, and has the
/// next page under way while the caller works on this one.
class page_source;

struct page_source_ops {
    /// Moves the items out of an answer to the end of a `std::vector<Item>`; returns how many there were.
    std::size_t (*take)(void* answer, void* items);
};

std::shared_ptr<page_source> make_page_source(const std::shared_ptr<client_state>& client,
                                              const operation_info& operation, std::vector<std::string> path,
                                              std::shared_ptr<void> params, const call_options& options,
                                              const page_source_ops& ops);
/// Appends the items of the next page to `items`, a `std::vector<Item>`. Nothing appended: the listing has ended.
boost::asio::awaitable<result<void>> next_page(std::shared_ptr<page_source> source, void* items);
/// The same for the page before the one that was handed over last.
boost::asio::awaitable<result<void>> previous_page(std::shared_ptr<page_source> source, void* items);

} // namespace detail

/// A listing that reads itself page by page, one page ahead.
///
/// Offset listings are read in the order that is documented at the function that made this, oldest first where
/// the service can do it, so that records added meanwhile come at the end and none is skipped or seen twice.
/// *Cancellation*: as for any call; the page under way is given up with the last copy of this object.
/// *Retries*: each page is a GET and is repeated as such. *Thread safety*: that of the engine; one wait at a time.
template <class Item>
class pages {
public:
    explicit pages(std::shared_ptr<detail::page_source> source) : source_(std::move(source)) {}

    /// The next page; empty when the listing has ended. After an error the same page is asked for again.
    boost::asio::awaitable<result<std::vector<Item>>> next() { return page_of(source_, &detail::next_page); }

    /// The page before the one that was given last; empty when that was the first. `next` then gives the one after it,
    /// and so on. Items that `next_item` holds back are forgotten.
    /// *Errors*: `invalid_request` for a listing by cursors, or by tokens that lead on only.
    boost::asio::awaitable<result<std::vector<Item>>> previous()
    {
        held_->clear();
        return page_of(source_, &detail::previous_page);
    }

    /// The next item; nothing when the listing has ended.
    boost::asio::awaitable<result<std::optional<Item>>> next_item() { return item_of(source_, held_); }

private:
    using fetch_page = boost::asio::awaitable<result<void>> (*)(std::shared_ptr<detail::page_source>, void*);

    static boost::asio::awaitable<result<std::vector<Item>>> page_of(std::shared_ptr<detail::page_source> source,
                                                                     fetch_page fetch)
    {
        std::vector<Item> items;
        auto done = co_await fetch(std::move(source), &items);
        if (!done)
            co_return done.error();
        co_return std::move(items);
    }

    static boost::asio::awaitable<result<std::optional<Item>>> item_of(std::shared_ptr<detail::page_source> source,
                                                                       std::shared_ptr<std::deque<Item>> held)
    {
        if (held->empty()) {
            std::vector<Item> items;
            auto done = co_await detail::next_page(std::move(source), &items);
            if (!done)
                co_return done.error();
            for (auto& item : items)
                held->push_back(std::move(item));
        }
        std::optional<Item> item;
        if (!held->empty()) {
            item.emplace(std::move(held->front()));
            held->pop_front();
        }
        co_return std::move(item);
    }

    std::shared_ptr<detail::page_source> source_;
    std::shared_ptr<std::deque<Item>> held_ = std::make_shared<std::deque<Item>>();
};

} // namespace usher

#endif
