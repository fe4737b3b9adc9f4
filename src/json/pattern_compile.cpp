// From a regular expression to a program: recursive descent, emitting as it reads.
#include "json/pattern.hpp"
#include "json/pattern_sets.hpp"

namespace usher::detail {
namespace {

using op = pattern::op;
using range = pattern::range;

constexpr std::size_t most_steps = 20'000;
constexpr std::size_t most_nesting = 200;

class compiler {
public:
    explicit compiler(std::string_view expression) : rest_(expression) {}

    pattern::program run()
    {
        alternatives();
        if (!rest_.empty())
            throw pattern_refused();
        emit(op::done);
        return std::move(code_);
    }

private:
    std::uint32_t here() const { return static_cast<std::uint32_t>(code_.steps.size()); }

    std::uint32_t emit(op what, std::uint32_t a = 0, std::uint32_t b = 0, bool negated = false)
    {
        if (code_.steps.size() == most_steps)
            throw pattern_refused();
        code_.steps.push_back({what, a, b, negated});
        return here() - 1;
    }

    bool next_is(char c) const { return rest_.starts_with(c); }
    bool skip(std::string_view text) { return skip_in(rest_, text); }
    /// Opens a gap for one step at `at`. The steps behind it move on with their targets; those before it that point
    /// to `at` mean what is put in there.
    void insert(std::uint32_t at, op what)
    {
        emit(op::done);
        code_.steps.pop_back();
        for (std::size_t i = at; i != code_.steps.size(); ++i) {
            pattern::step& step = code_.steps[i];
            if (step.what == op::jump || step.what == op::split) {
                ++step.a;
                ++step.b;
            }
        }
        code_.steps.insert(code_.steps.begin() + static_cast<std::ptrdiff_t>(at), {what, 0, 0, false});
    }

    void alternatives()
    {
        if (++nesting_ > most_nesting)
            throw pattern_refused();
        const std::uint32_t start = here();
        sequence();
        if (skip("|")) {
            insert(start, op::split);
            const std::uint32_t over = emit(op::jump);
            code_.steps[start].a = start + 1;
            code_.steps[start].b = here();
            alternatives();
            code_.steps[over].a = here();
        }
        --nesting_;
    }

    void sequence()
    {
        while (!rest_.empty() && !next_is('|') && !next_is(')')) {
            const std::uint32_t start = here();
            if (atom())
                quantifier(start);
        }
    }

    /// False for an assertion, which can't be repeated.
    bool atom()
    {
        if (skip("(")) {
            if (!skip("?:") && next_is('?'))
                throw pattern_refused(); // look-around and named groups
            alternatives();
            if (!skip(")"))
                throw pattern_refused();
            return true;
        }
        if (skip("[")) {
            const bool negated = skip("^");
            return emit_set(read_set(rest_), negated), true;
        }
        if (skip("^"))
            return emit(op::at_begin), false;
        if (skip("$"))
            return emit(op::at_end), false;
        if (skip("\\b"))
            return emit(op::at_word_edge), false;
        if (skip("\\B"))
            return emit(op::not_at_word_edge), false;
        if (skip("."))
            return emit_set(line_ends(), true), true;
        if (next_is('*') || next_is('+') || next_is('?'))
            throw pattern_refused();
        if (skip("\\")) {
            std::vector<range> found;
            read_escape(rest_, found);
            return emit_set(found, false), true;
        }
        const char32_t c = take_from(rest_);
        return emit_set({{c, c}}, false), true;
    }

    void emit_set(const std::vector<range>& ranges, bool negated)
    {
        const auto first = static_cast<std::uint32_t>(code_.ranges.size());
        code_.ranges.insert(code_.ranges.end(), ranges.begin(), ranges.end());
        emit(op::set, first, static_cast<std::uint32_t>(code_.ranges.size()), negated);
    }

    /// `{2}`, `{2,}` or `{2,5}`; false when the brace stands for itself.
    bool counts(std::size_t& least, std::size_t& most)
    {
        const std::string_view before = rest_;
        const auto number = [&](std::size_t& value) {
            const std::size_t length = rest_.size();
            for (value = 0; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1))
                value = value < most_steps ? value * 10 + static_cast<std::size_t>(rest_[0] - '0') : value;
            return rest_.size() != length;
        };
        if (skip("{") && number(least)) {
            most = least;
            if (skip(",") && !number(most))
                most = unbounded;
            if (skip("}"))
                return true;
        }
        rest_ = before;
        return false;
    }

    void quantifier(std::uint32_t start)
    {
        std::size_t least = 1;
        std::size_t most = 1;
        if (skip("*"))
            least = 0, most = unbounded;
        else if (skip("+"))
            most = unbounded;
        else if (skip("?"))
            least = 0;
        else if (!counts(least, most))
            return;
        skip("?"); // as few as possible: the same texts match
        if (most < least)
            throw pattern_refused();
        repeat(start, least, most);
    }

    /// The steps from `start` on, `least` to `most` times.
    void repeat(std::uint32_t start, std::size_t least, std::size_t most)
    {
        const std::vector<pattern::step> body(code_.steps.begin() + static_cast<std::ptrdiff_t>(start),
                                              code_.steps.end());
        code_.steps.resize(start);
        const auto copy = [&] {
            const std::uint32_t moved = here() - start;
            for (pattern::step step : body) {
                if (step.what == op::jump || step.what == op::split) {
                    step.a += moved;
                    step.b += moved;
                }
                emit(step.what, step.a, step.b, step.negated);
            }
        };
        for (std::size_t i = 0; i != least; ++i)
            copy();
        if (most == unbounded) {
            const std::uint32_t loop = emit(op::split);
            copy();
            emit(op::jump, loop);
            code_.steps[loop].a = loop + 1;
            code_.steps[loop].b = here();
            return;
        }
        std::vector<std::uint32_t> ways_out;
        for (std::size_t i = least; i != most; ++i) {
            ways_out.push_back(emit(op::split));
            code_.steps[ways_out.back()].a = here();
            copy();
        }
        for (const std::uint32_t split : ways_out)
            code_.steps[split].b = here();
    }

    static constexpr std::size_t unbounded = static_cast<std::size_t>(-1);

    std::string_view rest_;
    pattern::program code_;
    std::size_t nesting_ = 0;
};

} // namespace

std::optional<pattern> pattern::compile(std::string_view expression)
{
    try {
        return pattern(compiler(expression).run());
    } catch (const pattern_refused&) {
        return std::nullopt;
    }
}

} // namespace usher::detail
