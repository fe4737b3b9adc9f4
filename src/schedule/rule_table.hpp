// Which limits an operation draws on: a quota's rules, matched once against an API document.
//
// Vocabulary. A *bucket* counts what one rule allows for one key: the instance, an operation, or a record. A *draw*
// names a bucket. Records are told apart by a hash of what the path says of them; two that share a hash would share a
// bucket, which costs time and breaks no limit.
#ifndef USHER_SRC_SCHEDULE_RULE_TABLE_HPP
#define USHER_SRC_SCHEDULE_RULE_TABLE_HPP

#include <usher/detail/operation.hpp>
#include <usher/quota.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace usher::schedule {

/// Of one request.
inline constexpr std::size_t most_draws = 6;

struct draw {
    std::uint16_t rule = 0;
    std::uint64_t key = 0; ///< 0 for the instance, the operation's index + 1, or a hash of the record's ids

    friend bool operator==(const draw&, const draw&) = default;
};

/// All that one request draws on, in the order of the rules.
class draw_list {
public:
    draw_list() noexcept = default;
    void add(draw one) noexcept { draws_[size_++] = one; }
    std::size_t size() const noexcept { return size_; }
    const draw& operator[](std::size_t i) const noexcept { return draws_[i]; }
    const draw* begin() const noexcept { return draws_.data(); }
    const draw* end() const noexcept { return draws_.data() + size_; }

private:
    std::array<draw, most_draws> draws_;
    std::uint8_t size_ = 0;
};

class rule_table {
public:
    /// `operations` in the order of their indices; an index beyond them matches the rules that match everything.
    /// *Errors*: `std::invalid_argument` that names the rule and what is wrong with it: no or a repeated name, an
    /// amount or a window that is not positive, an operation that the document does not have (when there is a
    /// document), a path parameter that a matching path does not have, a rule that matches no operation, more than
    /// `most_draws` rules for one operation, a least spread that is negative or above the most.
    explicit rule_table(quota limits, std::span<const detail::operation_info* const> operations = {});

    const quota& limits() const noexcept { return limits_; }
    const std::vector<quota_rule>& rules() const noexcept { return limits_.rules; }
    /// An index that no operation has: it draws on the rules that match everything.
    std::uint16_t no_operation() const noexcept { return static_cast<std::uint16_t>(by_operation_.size()); }
    /// `path` are the values of the operation's path parameters, in the order of its template.
    draw_list draws(std::uint16_t endpoint, std::span<const std::string_view> path) const noexcept;

private:
    struct applied {
        std::uint16_t rule;
        std::vector<std::uint8_t> entity; // places among the path parameters
    };

    quota limits_;
    std::vector<std::vector<applied>> by_operation_;
    std::vector<applied> others_; // of an operation that the table does not know
};

} // namespace usher::schedule

#endif
