// Regular expressions of JSON Schema, in time that grows with the text and never with the stack.
#ifndef USHER_JSON_PATTERN_HPP
#define USHER_JSON_PATTERN_HPP

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::detail {

/// A regular expression as a program: a set of states goes over the text once, code point by code point.
/// ECMAScript's syntax, without what needs backtracking: back references and look-around.
class pattern {
public:
    /// Nothing when the expression is malformed or needs backtracking.
    static std::optional<pattern> compile(std::string_view expression);

    /// True if the expression matches somewhere in the text, as JSON Schema means it.
    bool search(std::string_view text) const;

    enum class op : std::uint8_t { set, jump, split, at_begin, at_end, at_word_edge, not_at_word_edge, done };
    struct range {
        char32_t first, last;
    };
    struct step {
        op what;
        std::uint32_t a = 0; ///< set: its first range; jump, split: where to
        std::uint32_t b = 0; ///< set: the end of its ranges; split: the other way
        bool negated = false;
    };
    struct program {
        std::vector<step> steps;
        std::vector<range> ranges;
    };

private:
    explicit pattern(program code) : code_(std::move(code)) {}

    program code_;
};

/// True if `text` matches, or if it can't be told: expressions that need backtracking are tried on short texts
/// only, and the service has the last word. `expression` has static storage; it is compiled once per thread.
bool matches_pattern(const char* expression, std::string_view text);

} // namespace usher::detail

#endif
