// Where to read on in a listing that changes while it is read page by page.
//
// Vocabulary. A listing is ordered by time of creation, and items of one time keep the order that they have. An item is
// *known* when it was taken from an earlier page. A page *joins* when nothing can be missing between the known items
// and its own: it begins where the listing begins, or one of its items is known.
// Invariant. Whatever is in the listing all the time and stands before a known item is known itself. So a page that
// joins holds everything up to its own last item, however much was deleted or added meanwhile. From a page that does
// not join nothing is taken; it is asked for again further back, until one does.
// Two kinds. With a key, each page asks for what was created since the last item known, so that deletions move nothing;
// an offset is needed only among items of one time. Whether the service counts the key's own millisecond in does not
// matter: the key lies one before it. Without a key, pages overlap.
#ifndef USHER_BULK_PAGE_WALK_HPP
#define USHER_BULK_PAGE_WALK_HPP

#include <cstddef>
#include <cstdint>
#include <optional>

namespace usher::bulk {

struct page_position {
    page_position() = default;
    std::optional<std::int64_t> after; ///< milliseconds; what was created before this needs not be in the page
    std::size_t offset = 0;            ///< among those
};

class page_walk {
public:
    enum class kind : std::uint8_t { by_time, by_offset };

    page_walk(kind how, std::size_t page_size, std::size_t overlap);

    bool ended() const noexcept { return ended_; }
    const page_position& position() const noexcept { return position_; }
    /// What came: so many items, so many of them known, the last of them created at this time.
    /// Returns whether the page joins, that is, whether what is new in it may be taken.
    bool took(std::size_t items, std::size_t known, std::int64_t newest);

private:
    void step_back();

    page_position position_;
    kind how_;
    std::size_t page_size_;
    std::size_t overlap_;
    std::size_t back_;
    bool ended_ = false;
};

} // namespace usher::bulk

#endif
