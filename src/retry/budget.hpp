// What may be sent beyond the first request of each call: pure counts, no time in them.
//
// Vocabulary. A *retry* is an attempt after the first one of its call. A *throttle* is a 429. A *hedge* is a second
// request beside one that takes long. Invariants. Both budgets belong to one instance of a service, whoever calls it.
// While a service fails for good, its calls cost what is in the bucket and no more; while it fails for fewer than one
// call in fifteen, the bucket stays full enough for all of them.
#ifndef USHER_SRC_RETRY_BUDGET_HPP
#define USHER_SRC_RETRY_BUDGET_HPP

#include <algorithm>

namespace usher::retry {

/// The figures are those of the AWS SDKs' standard mode.
class retry_budget {
public:
    static constexpr int size = 500;
    static constexpr int price = 14;
    static constexpr int price_after_throttle = 5;
    static constexpr int reward = 1;

    /// Draws for one retry. False: there is too little, and nothing was drawn.
    bool take(bool after_throttle) noexcept
    {
        const int cost = after_throttle ? price_after_throttle : price;
        if (left_ < cost)
            return false;
        left_ -= cost;
        return true;
    }
    /// An attempt was answered with a success.
    void succeeded() noexcept { left_ = std::min(size, left_ + reward); }

    int left() const noexcept { return left_; }

private:
    int left_ = size;
};

/// At most one hedge for fifty requests, counted from the start. What was saved up in quiet times is at most ten.
class hedge_budget {
public:
    static constexpr int requests_for_one = 50;
    static constexpr int most_saved = 10;

    /// A request that might be hedged was sent.
    void sent() noexcept { credit_ = std::min(requests_for_one * most_saved, credit_ + 1); }
    bool has_one() const noexcept { return credit_ >= requests_for_one; }
    /// Draws for one hedge. Only when it `has_one`.
    void take() noexcept { credit_ -= requests_for_one; }

private:
    int credit_ = 0;
};

} // namespace usher::retry

#endif
