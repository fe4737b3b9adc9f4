// Whether the service still answers, so that a run which stands still says why.
#ifndef USHER_CLI_ANSWER_WATCH_HPP
#define USHER_CLI_ANSWER_WATCH_HPP

#include <usher/observer.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace usher::cli {

class answer_watch final : public observer {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void on_attempt(const attempt_event& event) noexcept override;
    /// `no answer for 0:12: connection refused`; nothing while it answers, and for the first seconds without.
    std::optional<std::string> trouble(time_point now) const;

private:
    std::optional<time_point> since_; ///< the first attempt that failed after the last one that was answered
    char why_[120] = {};
};

} // namespace usher::cli

#endif
