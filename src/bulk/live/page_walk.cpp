#include "bulk/live/page_walk.hpp"

#include <algorithm>

namespace usher::bulk {

page_walk::page_walk(kind how, std::size_t page_size, std::size_t overlap)
    : how_(how), page_size_(page_size), overlap_(overlap), back_(overlap)
{
}

bool page_walk::took(std::size_t items, std::size_t known, std::int64_t newest)
{
    if (known == 0 && position_.offset != 0) {
        step_back();
        return false;
    }
    back_ = overlap_;
    if (items == known && items < page_size_) {
        ended_ = true;
        return true;
    }
    if (how_ == kind::by_time && (!position_.after || newest - 1 > *position_.after)) {
        position_.after = newest - 1;
        position_.offset = 0;
        return true;
    }
    // A page smaller than the overlap still leads on.
    position_.offset += items - std::min(overlap_, items / 2);
    return true;
}

void page_walk::step_back()
{
    position_.offset -= std::min(position_.offset, back_);
    back_ *= 2;
}

} // namespace usher::bulk
