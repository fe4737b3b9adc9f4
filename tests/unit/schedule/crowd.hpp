// A scheduler with very many in line: what one admission costs then.
#ifndef USHER_TESTS_SCHEDULE_CROWD_HPP
#define USHER_TESTS_SCHEDULE_CROWD_HPP

#include "instance.hpp"

#include "schedule/scheduler.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace schedule_tests {

/// So many wait, in both lanes, for four tenants, on 1,000 users' limits and on none of their own. Each that starts is
/// answered 80 ms later, and another one joins.
class crowd {
public:
    enum step : std::size_t { denial, prediction, joining, starting, looking, answering, steps };
    static constexpr const char* names[] = {"try_admit, denied", "predicted_start", "join", "next",
                                            "next_look",         "answered"};

    explicit crowd(std::size_t size) : all_(way(), 1), service_(all_, limits()), scheduler_(service_.rules())
    {
        std::vector<const request_kind*> kinds;
        for (std::uint32_t i = 0; i != users; ++i)
            kinds.push_back(&service_.of_user(i));
        const auto& plain = service_.plain();
        for (std::uint16_t i = 0; i != 4; ++i)
            tenants_[i] = scheduler_.tenant("tenant " + std::to_string(i), 1U + i);
        for (std::size_t i = 0; i != size; ++i) {
            const auto& kind = i % 2 ? plain : *kinds[i / 2 % users];
            const auto priority = i % 3 ? usher::lane::bulk : usher::lane::interactive;
            auto& one =
                waiting_.emplace_back(usher::schedule::demand(kind.endpoint, kind.draws, priority, tenants_[i / 7 % 4]),
                                      now_ + std::chrono::hours(100) + std::chrono::seconds(i % 1009));
            scheduler_.join(one, now_);
        }
    }

    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;
    ~crowd()
    {
        for (auto& one : waiting_)
            if (one.in_line())
                scheduler_.leave(one, now_);
    }

    /// Admits so many. With `times`, notes what each call took.
    void run(std::size_t admissions, std::array<std::vector<double>, steps>* times = nullptr)
    {
        const auto timed = [times](step which, auto&& call) {
            const auto before = std::chrono::steady_clock::now();
            call();
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - before;
            if (times)
                (*times)[which].push_back(took.count());
        };
        for (const auto last = admitted_ + admissions; admitted_ < last;) {
            usher::schedule::waiting_entry* found = nullptr;
            usher::schedule::ticket pass;
            timed(starting, [&] { found = scheduler_.next(now_, pass); });
            if (!found) {
                auto look = time_point::max();
                timed(looking, [&] { look = scheduler_.next_look(now_); });
                if (has_open())
                    look = std::min(look, oldest().answer);
                if (look == time_point::max() || look <= now_)
                    return; // the caller sees that too few were admitted
                now_ = look;
                while (has_open() && oldest().answer <= now_) {
                    timed(answering, [&] {
                        scheduler_.answered(oldest().pass, oldest().answer - round_trip, now_, answer_info(200));
                    });
                    ++first_open_;
                }
                continue;
            }
            ++admitted_;
            open_[last_open_++ % open_.size()] = {std::move(pass), now_ + round_trip};
            timed(joining, [&] { scheduler_.join(*found, now_); });
            timed(denial, [&] { denied_ += scheduler_.try_admit(found->what(), now_) ? 0U : 1U; });
            timed(prediction, [&] { predicted_ = scheduler_.predicted_start(found->what(), found->deadline(), now_); });
        }
    }

    std::size_t waiting() const noexcept { return scheduler_.waiting(); }
    std::size_t admitted() const noexcept { return admitted_; }
    std::size_t denied() const noexcept { return denied_; }
    time_point predicted() const noexcept { return predicted_; }
    time_point now() const noexcept { return now_; }

private:
    static constexpr std::uint32_t users = 1000;
    static constexpr std::chrono::milliseconds round_trip{80};

    class entry final : public usher::schedule::waiting_entry {
    public:
        using waiting_entry::waiting_entry;
    };

    struct sent {
        usher::schedule::ticket pass;
        time_point answer;
    };

    bool has_open() const noexcept { return first_open_ != last_open_; }
    sent& oldest() noexcept { return open_[first_open_ % open_.size()]; }

    static nested_limits limits()
    {
        nested_limits all;
        all.user = limit{10, std::chrono::seconds(10), algorithm::fixed_window};
        all.users = users;
        return all;
    }

    world all_;
    instance service_;
    usher::schedule::scheduler scheduler_;
    std::array<std::uint16_t, 4> tenants_{};
    std::deque<entry> waiting_;
    std::vector<sent> open_{1024}; // a ring: a deque would allocate
    std::size_t first_open_ = 0;
    std::size_t last_open_ = 0;
    time_point now_ = world::start;
    time_point predicted_{};
    std::size_t admitted_ = 0;
    std::size_t denied_ = 0;
};

/// The share-th of them.
inline double percentile(std::vector<double>& values, double share)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * share);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace schedule_tests

#endif
