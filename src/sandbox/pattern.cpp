#include "sandbox/pattern.hpp"

namespace usher::sandbox {

// Follows everything that costs no character. The stack is bounded by hand; `seen` makes each state count once.
void pattern::reach(std::size_t at, std::string_view text, std::size_t position, std::vector<std::size_t>& states,
                    std::vector<char>& seen) const
{
    std::vector<std::size_t> pending{at};
    while (!pending.empty()) {
        const auto state = pending.back();
        pending.pop_back();
        if (seen[state])
            continue;
        seen[state] = 1;
        const auto& step = code_[state];
        switch (step.what) {
        case op::split:
            pending.push_back(step.second);
            pending.push_back(step.first);
            break;
        case op::jump:
            pending.push_back(step.first);
            break;
        case op::begin:
            if (position == 0)
                pending.push_back(state + 1);
            break;
        case op::end:
            if (position == text.size())
                pending.push_back(state + 1);
            break;
        case op::set:
        case op::accept:
            states.push_back(state);
            break;
        }
    }
}

bool pattern::matches(std::string_view text) const
{
    std::vector<std::size_t> now, next;
    std::vector<char> seen(code_.size());
    for (std::size_t position = 0;; ++position) {
        reach(0, text, position, now, seen); // a match may begin at every place
        next.clear();
        std::vector<char> seen_next(code_.size());
        for (const auto state : now) {
            if (code_[state].what == op::accept)
                return true;
            if (position < text.size() && sets_[code_[state].first].test(static_cast<unsigned char>(text[position])))
                reach(state + 1, text, position + 1, next, seen_next);
        }
        if (position == text.size())
            return false;
        now.swap(next);
        seen.swap(seen_next);
    }
}

std::string pattern::example(generator& source) const
{
    static constexpr std::string_view preferred = "0123456789abcdefABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ";
    std::string out;
    std::size_t at = 0;
    for (std::size_t steps = 0; code_[at].what != op::accept && steps < 10'000; ++steps) {
        const auto& step = code_[at];
        switch (step.what) {
        case op::jump:
            at = step.first;
            break;
        case op::split:
            at = step.second > step.first && out.size() >= 12 ? step.second
                                                              : (source.below(8) != 0 ? step.first : step.second);
            break;
        case op::set: {
            const auto& set = sets_[step.first];
            std::string choice;
            for (const char c : preferred)
                if (set.test(static_cast<unsigned char>(c)))
                    choice += c;
            for (std::size_t c = 33; choice.empty() && c < 127; ++c)
                if (set.test(c))
                    choice += static_cast<char>(c);
            if (!choice.empty())
                out += choice[source.below(choice.size())];
            ++at;
            break;
        }
        default:
            ++at;
        }
    }
    return out;
}

} // namespace usher::sandbox
