// A listing that is changed between any two pages, in ten thousand ways: what is in it all the time is read once.
#include "bulk/live/page_walk.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace {

using namespace usher::bulk;

struct item {
    item(int id_, std::int64_t created_) : id(id_), created(created_) {}
    int id;
    std::int64_t created;
};

class listing {
public:
    explicit listing(std::mt19937& random) : random_(random) {}

    void create(std::int64_t at)
    {
        const auto place = std::upper_bound(items_.begin(), items_.end(), at,
                                            [](std::int64_t time, const item& each) { return time < each.created; });
        items_.insert(place, item(next_id_++, at));
    }
    void remove(std::size_t from, std::size_t count)
    {
        from = std::min(from, items_.size());
        count = std::min(count, items_.size() - from);
        for (std::size_t i = from; i != from + count; ++i)
            gone_.insert(items_[i].id);
        const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(from);
        items_.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
    std::vector<item> page(const page_position& at, std::size_t limit, bool inclusive) const
    {
        std::vector<item> found;
        for (const auto& each : items_)
            if (!at.after || each.created > *at.after || (inclusive && each.created == *at.after))
                found.push_back(each);
        found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(at.offset, found.size())));
        if (found.size() > limit)
            found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
        return found;
    }
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    const std::vector<item>& items() const { return items_; }
    const std::set<int>& gone() const { return gone_; }
    std::int64_t newest() const { return items_.empty() ? 0 : items_.back().created; }

private:
    std::mt19937& random_;
    std::vector<item> items_;
    std::set<int> gone_;
    int next_id_ = 0;
};

struct outcome {
    std::map<int, int> times; ///< how often an item was taken
    int pages = 0;
    bool ended = false;
};

constexpr std::size_t page_size = 10;

template <class Change>
outcome walk_through(listing& all, page_walk::kind how, bool inclusive, int most_pages, Change change)
{
    page_walk walk(how, page_size, 3);
    outcome seen;
    std::map<int, std::int64_t> known;
    while (!walk.ended() && seen.pages < most_pages) {
        const auto at = walk.position();
        const auto page = all.page(at, page_size, inclusive);
        ++seen.pages;
        const auto old = static_cast<std::size_t>(
            std::count_if(page.begin(), page.end(), [&](const item& each) { return known.contains(each.id); }));
        if (walk.took(page.size(), old, page.empty() ? 0 : page.back().created)) {
            for (const auto& each : page)
                if (known.emplace(each.id, each.created).second)
                    ++seen.times[each.id];
        }
        // As the store does: with a key, only what may come again is remembered.
        if (const auto& next = walk.position(); next.after && next.after != at.after)
            std::erase_if(known, [&](const auto& each) { return each.second < *next.after; });
        change(seen.pages);
    }
    seen.ended = walk.ended();
    return seen;
}

std::set<int> ids(const std::vector<item>& items)
{
    std::set<int> made;
    for (const auto& each : items)
        made.insert(each.id);
    return made;
}

void check(const listing& all, const std::set<int>& before, const outcome& seen)
{
    BOOST_TEST_REQUIRE(seen.ended);
    for (const int id : before)
        if (!all.gone().contains(id))
            BOOST_TEST_REQUIRE(seen.times.contains(id), id << " was missed");
    for (const auto& [id, times] : seen.times)
        BOOST_TEST_REQUIRE(times == 1, id << " was taken " << times << " times");
}

/// Items in clusters of equal times, some larger than a page.
void fill(listing& all)
{
    std::int64_t at = 1000;
    for (const std::size_t count = all.below(120); all.items().size() < count;) {
        const auto alike = all.below(4) == 0 ? all.below(25) : 1;
        for (std::size_t i = 0; i != alike; ++i)
            all.create(at);
        at += static_cast<std::int64_t>(all.below(3));
    }
}

void change_somehow(listing& all)
{
    for (auto times = all.below(4); times != 0; --times) {
        const auto what = all.below(6);
        if (what < 2)
            all.remove(all.below(all.items().size() + 1), 1 + all.below(3));
        else if (what == 2)
            all.remove(0, all.below(all.items().size() / 2 + 1)); // many at once, and all of them read already
        else if (what == 3)
            all.create(1000 + static_cast<std::int64_t>(all.below(60))); // with a time of its own, in the past
        else
            all.create(all.newest() + static_cast<std::int64_t>(all.below(2)));
    }
}

void try_changes(page_walk::kind how, bool inclusive)
{
    int changed = 0;
    for (unsigned seed = 0; seed != 3500; ++seed) {
        BOOST_TEST_INFO("seed " << seed);
        std::mt19937 random(seed);
        listing all(random);
        fill(all);
        const auto before = ids(all.items());
        const auto seen = walk_through(all, how, inclusive, 2000, [&](int page) {
            if (page < 60)
                change_somehow(all);
        });
        check(all, before, seen);
        changed += all.gone().empty() ? 0 : 1;
    }
    BOOST_TEST(changed > 3000);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_walk)

BOOST_AUTO_TEST_CASE(by_offset_misses_nothing_and_takes_nothing_twice_whatever_changes_between_pages)
{
    try_changes(page_walk::kind::by_offset, false);
}

BOOST_AUTO_TEST_CASE(by_time_misses_nothing_and_takes_nothing_twice_whatever_changes_between_pages)
{
    try_changes(page_walk::kind::by_time, false);
}

BOOST_AUTO_TEST_CASE(by_time_may_have_its_key_counted_in)
{
    try_changes(page_walk::kind::by_time, true);
}

BOOST_AUTO_TEST_CASE(that_meets_a_page_which_joins_nothing_goes_back_and_takes_nothing_of_it)
{
    page_walk walk(page_walk::kind::by_offset, 10, 3);
    BOOST_TEST(walk.took(10, 0, 10));
    BOOST_TEST(walk.position().offset == 7U);
    BOOST_TEST(!walk.took(10, 0, 30));
    BOOST_TEST(walk.position().offset == 4U);
    BOOST_TEST(!walk.took(0, 0, 0)); // not even an empty one says that there is no more
    BOOST_TEST(!walk.ended());
    BOOST_TEST(walk.position().offset == 0U);
    BOOST_TEST(walk.took(10, 0, 30)); // everything that was known is gone
    BOOST_TEST(walk.position().offset == 7U);
}

BOOST_AUTO_TEST_CASE(of_a_listing_that_does_not_change_asks_for_little_more_than_its_pages)
{
    for (const auto how : {page_walk::kind::by_offset, page_walk::kind::by_time}) {
        std::mt19937 random(1);
        listing all(random);
        for (int i = 0; i != 1000; ++i)
            all.create(i);
        const auto seen = walk_through(all, how, false, 2000, [](int) {});
        check(all, ids(all.items()), seen);
        const int most = how == page_walk::kind::by_offset ? 1000 / 7 + 3 : 1000 / 9 + 3;
        BOOST_TEST(seen.pages <= most);
        BOOST_TEST(seen.times.size() == 1000U);
    }
}

BOOST_AUTO_TEST_CASE(of_nothing_ends_at_once)
{
    for (const auto how : {page_walk::kind::by_offset, page_walk::kind::by_time}) {
        std::mt19937 random(1);
        listing all(random);
        const auto seen = walk_through(all, how, false, 10, [](int) {});
        BOOST_TEST(seen.ended);
        BOOST_TEST(seen.pages == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
