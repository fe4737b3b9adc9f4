#include "json/pattern.hpp"

#include "json/text.hpp"

#include <algorithm>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>

namespace usher::detail {
namespace {

bool is_word(char32_t c) noexcept
{
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') || c == U'_';
}

/// The states that are alive, each once.
class state_set {
public:
    explicit state_set(std::size_t states) : member_(states, false) {}

    bool add(std::uint32_t state)
    {
        if (member_[state])
            return false;
        member_[state] = true;
        states_.push_back(state);
        return true;
    }
    void clear()
    {
        for (const std::uint32_t state : states_)
            member_[state] = false;
        states_.clear();
    }
    const std::vector<std::uint32_t>& states() const { return states_; }

private:
    std::vector<std::uint32_t> states_;
    std::vector<bool> member_;
};

/// What an assertion may look at.
struct position {
    bool begin, end, edge;
};

/// Adds a state and all that it reaches without reading; true when the end of the expression is among them.
bool reach(const pattern::program& code, std::uint32_t from, const position& at, state_set& alive,
           std::vector<std::uint32_t>& pending)
{
    bool matched = false;
    pending.assign(1, from);
    while (!pending.empty()) {
        const std::uint32_t state = pending.back();
        pending.pop_back();
        if (!alive.add(state))
            continue;
        const pattern::step& step = code.steps[state];
        switch (step.what) {
        case pattern::op::set:
            break;
        case pattern::op::jump:
            pending.push_back(step.a);
            break;
        case pattern::op::split:
            pending.push_back(step.a);
            pending.push_back(step.b);
            break;
        case pattern::op::at_begin:
            if (at.begin)
                pending.push_back(state + 1);
            break;
        case pattern::op::at_end:
            if (at.end)
                pending.push_back(state + 1);
            break;
        case pattern::op::at_word_edge:
            if (at.edge)
                pending.push_back(state + 1);
            break;
        case pattern::op::not_at_word_edge:
            if (!at.edge)
                pending.push_back(state + 1);
            break;
        case pattern::op::done:
            matched = true;
            break;
        }
    }
    return matched;
}

bool holds(const pattern::program& code, const pattern::step& step, char32_t c)
{
    const auto first = code.ranges.begin() + static_cast<std::ptrdiff_t>(step.a);
    const auto last = code.ranges.begin() + static_cast<std::ptrdiff_t>(step.b);
    const bool found = std::any_of(first, last, [c](const pattern::range& r) { return c >= r.first && c <= r.last; });
    return found != step.negated;
}

/// For what only backtracking can do. The library's matcher recurses for each character: short texts only.
bool backtrack(const char* expression, std::string_view text)
{
    constexpr std::size_t longest = 256;
    if (text.size() > longest)
        return true;
    try {
        const std::regex compiled(expression, std::regex::ECMAScript);
        return std::regex_search(text.begin(), text.end(), compiled);
    } catch (const std::regex_error&) {
        return true;
    }
}

} // namespace

bool pattern::search(std::string_view text) const
{
    state_set alive(code_.steps.size());
    state_set next(code_.steps.size());
    std::vector<std::uint32_t> pending;
    std::string_view ahead = text;
    bool word_before = false;
    for (bool begin = true;; begin = false) {
        const bool end = ahead.empty();
        const char32_t c = end ? 0 : take_code_point(ahead);
        const bool word_after = !end && is_word(c);
        const position at{begin, end, word_before != word_after};
        // The states that were alive behind the last character stand in `next`; a match may also begin here.
        bool matched = false;
        alive.clear();
        for (const std::uint32_t state : next.states())
            matched = reach(code_, state, at, alive, pending) || matched;
        matched = reach(code_, 0, at, alive, pending) || matched;
        if (matched || end)
            return matched;
        next.clear();
        for (const std::uint32_t state : alive.states())
            if (code_.steps[state].what == op::set && holds(code_, code_.steps[state], c))
                next.add(state + 1);
        word_before = word_after;
    }
}

bool matches_pattern(const char* expression, std::string_view text)
{
    thread_local std::unordered_map<const char*, std::optional<pattern>> compiled;
    auto found = compiled.find(expression);
    if (found == compiled.end())
        found = compiled.emplace(expression, pattern::compile(expression)).first;
    return found->second ? found->second->search(text) : backtrack(expression, text);
}

} // namespace usher::detail
