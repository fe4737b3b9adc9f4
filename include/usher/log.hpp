// What happens in calls, as lines that a person reads.
#ifndef USHER_LOG_HPP
#define USHER_LOG_HPP

#include <usher/observer.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace usher {

enum class log_level : std::uint8_t {
    off,
    info, ///< one line for each call that failed
    debug ///< one line for each attempt and each call
};

/// `off`, `info` or `debug`; nothing for any other text.
std::optional<log_level> parse_log_level(std::string_view text) noexcept;

/// Writes lines as calls go by. Holds no secret, no record's id and no query: paths are templates.
///
/// Every engine has one on standard error when it is made while the environment variable `USHER_LOG` says `info` or
/// `debug`; this class is for a program that wants the lines elsewhere. *Thread safety*: that of the sink.
class log_observer final : public observer {
public:
    /// Takes one line without its end. What it throws is swallowed.
    using sink = std::function<void(std::string_view line)>;

    /// Without a sink: standard error, each line in one piece.
    explicit log_observer(log_level level, sink to = sink());

    void on_attempt(const attempt_event& event) noexcept override;
    void on_call(const call_event& event) noexcept override;

private:
    log_level level_;
    sink to_;
};

} // namespace usher

#endif
