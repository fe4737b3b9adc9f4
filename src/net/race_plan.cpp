#include "net/race_plan.hpp"

#include <algorithm>

namespace usher::detail {

using boost::asio::ip::tcp;

bool race_plan::begin_one(time_point now) noexcept
{
    if (begun_ == addresses_ || now < next_at_)
        return false;
    ++begun_;
    next_at_ = now + stagger;
    return true;
}

void race_plan::failed(std::size_t attempt) noexcept
{
    ++failed_;
    if (attempt + 1 == begun_)
        next_at_ = time_point::min();
}

std::vector<tcp::endpoint> in_turn(const std::vector<tcp::endpoint>& found)
{
    std::vector<tcp::endpoint> first;
    std::vector<tcp::endpoint> second;
    for (const auto& address : found) {
        const bool as_first = first.empty() || first.front().address().is_v6() == address.address().is_v6();
        (as_first ? first : second).push_back(address);
    }
    std::vector<tcp::endpoint> all;
    all.reserve(found.size());
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            all.push_back(first[i]);
        if (i < second.size())
            all.push_back(second[i]);
    }
    return all;
}

} // namespace usher::detail
