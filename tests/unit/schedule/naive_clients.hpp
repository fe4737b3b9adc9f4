// Clients as they are often written, for comparison: each always has work and puts a refused request in again.
#ifndef USHER_TESTS_SCHEDULE_NAIVE_CLIENTS_HPP
#define USHER_TESTS_SCHEDULE_NAIVE_CLIENTS_HPP

#include "world.hpp"

#include <cstdint>
#include <vector>

namespace schedule_tests {

/// So many workers, each with one request at a time; after a 429 it backs off exponentially with jitter, from 500 ms up
/// to 60 s, and not before Retry-After if it listens to that.
class worker_client final : public client {
public:
    worker_client(world& around, const request_kind& kind, std::uint32_t workers, bool heeds_retry_after)
        : world_(around), kind_(kind), heeds_(heeds_retry_after), who_(around.add(*this)), refusals_(workers, 0)
    {
        for (std::uint32_t i = 0; i != workers; ++i)
            world_.timer(who_, 0, i, world_.now());
    }

    void wake(time_point) override {}
    void timer(std::uint32_t, std::uint32_t worker, time_point) override { world_.send(who_, worker, kind_); }
    void answered(std::uint32_t worker, time_point, time_point now, const answer_info& answer) override
    {
        if (answer.status != 429) {
            refusals_[worker] = 0;
            world_.send(who_, worker, kind_);
            return;
        }
        const duration most = std::min<duration>(
            std::chrono::milliseconds(500) * (1U << std::min(refusals_[worker], 7U)), std::chrono::seconds(60));
        ++refusals_[worker];
        auto pause = world_.dice().within(most / 2, most);
        if (heeds_ && answer.retry_after)
            pause = std::max<duration>(pause, *answer.retry_after);
        world_.timer(who_, 0, worker, now + pause);
    }
    void unanswered(std::uint32_t worker, time_point) override { world_.send(who_, worker, kind_); }

private:
    world& world_;
    const request_kind& kind_;
    bool heeds_;
    std::uint32_t who_;
    std::vector<std::uint32_t> refusals_; // in a row, of each worker
};

/// Takes a token for each request from a limiter of its own, and stops for Retry-After when it is refused.
class token_client : public client {
public:
    void wake(time_point now) override
    {
        while (in_flight_ < most_in_flight && resume_ <= now && take(now)) {
            ++in_flight_;
            world_.send(who_, 0, kind_);
        }
        world_.alarm(who_, in_flight_ == most_in_flight ? time_point::max() : std::max(resume_, next(now)));
    }
    void timer(std::uint32_t, std::uint32_t, time_point now) override { wake(now); }
    void answered(std::uint32_t, time_point, time_point now, const answer_info& answer) override
    {
        --in_flight_;
        if (answer.status == 429 && answer.retry_after)
            resume_ = std::max(resume_, now + *answer.retry_after);
        wake(now);
    }
    void unanswered(std::uint32_t, time_point now) override
    {
        --in_flight_;
        wake(now);
    }

protected:
    token_client(world& around, const request_kind& kind) : world_(around), kind_(kind), who_(around.add(*this))
    {
        world_.timer(who_, 0, 0, world_.now());
    }
    /// True: one was taken.
    virtual bool take(time_point now) = 0;
    /// When the next one can be.
    virtual time_point next(time_point now) const = 0;

private:
    static constexpr std::uint32_t most_in_flight = 64;

    world& world_;
    const request_kind& kind_;
    std::uint32_t who_;
    std::uint32_t in_flight_ = 0;
    time_point resume_{};
};

/// So many at once, filled again at an even rate.
class bucket_client final : public token_client {
public:
    bucket_client(world& around, const request_kind& kind, std::uint32_t capacity, duration interval)
        : token_client(around, kind), interval_(interval), tolerance_(interval * (capacity - 1))
    {
    }

private:
    bool take(time_point now) override
    {
        if (due_ - tolerance_ > now)
            return false;
        due_ = std::max(due_, now) + interval_;
        return true;
    }
    time_point next(time_point) const override { return due_ - tolerance_; }

    duration interval_;
    duration tolerance_;
    time_point due_{};
};

/// Counts windows of its own, from its start on, and sends as fast as it can in each.
class window_client final : public token_client {
public:
    window_client(world& around, const request_kind& kind, std::uint32_t requests, duration window)
        : token_client(around, kind), requests_(requests), window_(window), start_(around.now())
    {
    }

private:
    bool take(time_point now) override
    {
        while (now >= start_ + window_) {
            start_ += window_;
            count_ = 0;
        }
        if (count_ == requests_)
            return false;
        ++count_;
        return true;
    }
    time_point next(time_point now) const override { return count_ == requests_ ? start_ + window_ : now; }

    std::uint32_t requests_;
    duration window_;
    time_point start_;
    std::uint32_t count_ = 0;
};

} // namespace schedule_tests

#endif
