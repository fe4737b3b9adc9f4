#include "sandbox/pattern.hpp"

#include <charconv>
#include <stdexcept>

namespace usher::sandbox {

// Recursive descent over the expression, writing the program as it goes. A repetition compiles its atom again for every
// copy, so it reads the same text several times.
class pattern::compiler {
public:
    compiler(std::string_view text, pattern& to) : text_(text), to_(to) {}

    void run()
    {
        alternatives();
        if (at_ != text_.size())
            fail("unexpected ')'");
        emit(op::accept);
    }

private:
    [[noreturn]] void fail(const char* why) const
    {
        throw std::invalid_argument("pattern " + std::string(text_) + " at " + std::to_string(at_) + ": " + why);
    }

    [[nodiscard]] bool more() const { return at_ < text_.size(); }
    [[nodiscard]] char peek() const { return more() ? text_[at_] : '\0'; }
    bool take(char c) { return peek() == c && more() ? (++at_, true) : false; }

    std::size_t emit(op what, std::size_t first = 0, std::size_t second = 0)
    {
        to_.code_.push_back({what, first, second});
        return to_.code_.size() - 1;
    }
    [[nodiscard]] std::size_t here() const { return to_.code_.size(); }

    void emit_set(const char_set& set)
    {
        to_.sets_.push_back(set);
        emit(op::set, to_.sets_.size() - 1);
    }

    // a|b|c: each split prefers the branch that follows it; every branch ends with a jump to the common end.
    void alternatives()
    {
        std::vector<std::size_t> ends;
        for (;;) {
            const auto split = emit(op::split);
            to_.code_[split].first = here();
            while (more() && peek() != '|' && peek() != ')')
                repeated();
            if (!take('|')) {
                to_.code_[split].second = to_.code_[split].first;
                break;
            }
            ends.push_back(emit(op::jump));
            to_.code_[split].second = here();
        }
        for (const auto end : ends)
            to_.code_[end].first = here();
    }

    void repeated()
    {
        const auto source = at_;
        skip_atom();
        std::size_t least = 1, most = 1;
        bool endless = false;
        quantifier(least, most, endless);
        const auto after = at_;
        const auto copy = [&] {
            at_ = source;
            atom();
        };
        for (std::size_t i = 0; i != least; ++i)
            copy();
        if (endless) {
            const auto split = emit(op::split);
            to_.code_[split].first = here();
            copy();
            emit(op::jump, split);
            to_.code_[split].second = here();
        }
        std::vector<std::size_t> exits;
        for (std::size_t i = least; !endless && i < most; ++i) {
            exits.push_back(emit(op::split));
            to_.code_[exits.back()].first = here();
            copy();
        }
        for (const auto exit : exits)
            to_.code_[exit].second = here();
        at_ = after;
    }

    void quantifier(std::size_t& least, std::size_t& most, bool& endless)
    {
        if (take('*')) {
            least = 0;
            endless = true;
        } else if (take('+'))
            endless = true;
        else if (take('?'))
            least = 0;
        else if (take('{')) {
            least = most = number();
            if (take(',')) {
                if (peek() == '}')
                    endless = true;
                else
                    most = number();
            }
            if (!take('}') || (!endless && most < least) || least > 1000 || most > 1000)
                fail("bad repetition");
        }
        take('?'); // lazy or greedy is the same question when only a match is wanted
    }

    std::size_t number()
    {
        std::size_t value = 0;
        const auto r = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (r.ec != std::errc())
            fail("number expected");
        at_ = static_cast<std::size_t>(r.ptr - text_.data());
        return value;
    }

    // Compiles the atom and throws the code away: only its end in the text is wanted.
    void skip_atom()
    {
        const auto code = to_.code_.size();
        const auto sets = to_.sets_.size();
        atom();
        to_.code_.resize(code);
        to_.sets_.resize(sets);
    }

    void atom()
    {
        if (take('^')) {
            emit(op::begin);
            return;
        }
        if (take('$')) {
            emit(op::end);
            return;
        }
        if (take('(')) {
            if (take('?') && !take(':'))
                fail("only (?:…) is understood");
            alternatives();
            if (!take(')'))
                fail("')' expected");
            return;
        }
        if (take('[')) {
            bracket();
            return;
        }
        if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{')
            fail("nothing to repeat");
        char_set set;
        if (take('.')) {
            set.set();
            set.reset('\n');
            set.reset('\r');
        } else if (take('\\'))
            set = escape();
        else
            set.set(static_cast<unsigned char>(text_[at_++]));
        emit_set(set);
    }

    void bracket()
    {
        char_set set;
        const bool negated = take('^');
        while (peek() != ']') {
            if (!more())
                fail("']' expected");
            if (take('\\')) {
                set |= escape();
                continue;
            }
            const auto low = static_cast<unsigned char>(text_[at_++]);
            auto high = low;
            if (peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
                high = static_cast<unsigned char>(text_[at_ + 1]);
                at_ += 2;
            }
            for (unsigned c = low; c <= high; ++c)
                set.set(c);
        }
        ++at_;
        emit_set(negated ? ~set : set);
    }

    char_set escape()
    {
        if (!more())
            fail("escape expected");
        const char c = text_[at_++];
        char_set set;
        const auto range = [&](int low, int high) {
            for (int i = low; i <= high; ++i)
                set.set(static_cast<std::size_t>(i));
        };
        switch (c) {
        case 'd':
        case 'D':
            range('0', '9');
            break;
        case 'w':
        case 'W':
            range('0', '9');
            range('a', 'z');
            range('A', 'Z');
            range('_', '_');
            break;
        case 's':
        case 'S':
            range(9, 13);
            range(' ', ' ');
            break;
        case 'n':
            range('\n', '\n');
            break;
        case 't':
            range('\t', '\t');
            break;
        case 'r':
            range('\r', '\r');
            break;
        default:
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                fail("unknown escape");
            set.set(static_cast<unsigned char>(c));
        }
        return c == 'D' || c == 'W' || c == 'S' ? ~set : set;
    }

    std::string_view text_;
    pattern& to_;
    std::size_t at_ = 0;
};

pattern::pattern(std::string_view text)
{
    compiler(text, *this).run();
}

} // namespace usher::sandbox
