#include "bulk/journal/names.hpp"

#include <algorithm>
#include <bit>

namespace usher::bulk::detail {

void sieve::insert(std::uint64_t hash) noexcept
{
    for (int look = 0; look < looks; ++look, hash = std::rotl(hash, 16) * 0x9e3779b97f4a7c15U) {
        const auto bit = hash >> 40U; // 24 bits: as many as there are
        words_[bit >> 6U] |= std::uint64_t{1} << (bit & 63U);
    }
}

bool sieve::may_contain(std::uint64_t hash) const noexcept
{
    for (int look = 0; look < looks; ++look, hash = std::rotl(hash, 16) * 0x9e3779b97f4a7c15U) {
        const auto bit = hash >> 40U;
        if ((words_[bit >> 6U] >> (bit & 63U) & 1U) == 0)
            return false;
    }
    return true;
}

void name_run::put(slot what) noexcept
{
    auto at = what.hash & mask();
    while (slots_[at].number != 0)
        at = (at + 1) & mask();
    slots_[at] = what;
}

void name_run::insert(std::uint64_t hash, std::uint64_t number)
{
    if (2 * (size_ + 1) > slots_.size()) {
        auto old = std::exchange(slots_, std::vector<slot>(2 * slots_.size()));
        for (const auto& each : old)
            if (each.number != 0)
                put(each);
    }
    put({hash, number});
    ++size_;
}

void name_run::clear()
{
    slots_.assign(least_slots_, slot());
    slots_.shrink_to_fit();
    size_ = 0;
}

std::vector<name_row> name_run::rows() const
{
    std::vector<name_row> all;
    all.reserve(size_);
    for (const auto& each : slots_)
        if (each.number != 0)
            all.emplace_back(static_cast<std::int64_t>(each.hash), each.number);
    return all;
}

void names::insert(std::uint64_t hash, std::uint64_t number)
{
    now_.insert(hash, number);
    sieve_.insert(hash);
    last_ = std::max(last_, number);
}

std::shared_ptr<written_run> names::take_run(bool whatever_length)
{
    if (is_writing_ || now_.size() == 0 || (now_.size() < run_length && !whatever_length))
        return nullptr;
    auto run = std::make_shared<written_run>();
    run->rows = now_.rows();
    run->up_to = last_;
    std::swap(before_, now_); // that one was cleared when it had been written
    is_writing_ = true;
    return run;
}

void names::written()
{
    before_.clear();
    is_writing_ = false;
}

} // namespace usher::bulk::detail
