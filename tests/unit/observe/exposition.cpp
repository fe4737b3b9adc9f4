#include "unit/observe/exposition.hpp"

#include <charconv>
#include <limits>
#include <set>
#include <stdexcept>

namespace usher::tests {

namespace {

class reader {
public:
    explicit reader(std::string_view text) : text_(text) {}

    std::vector<family> read()
    {
        if (!text_.empty() && text_.back() != '\n')
            fail("the last line has no end");
        while (!text_.empty()) {
            ++line_number_;
            line_ = text_.substr(0, text_.find('\n'));
            text_.remove_prefix(line_.size() + 1);
            if (line_.starts_with("# HELP "))
                help(line_.substr(7));
            else if (line_.starts_with("# TYPE "))
                type(line_.substr(7));
            else if (!line_.empty() && line_.front() != '#')
                one_sample();
            else
                fail("neither a head nor a sample");
        }
        for (const auto& one : families_)
            if (one.type == "histogram")
                check_histogram(one);
        return families_;
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw std::invalid_argument("line " + std::to_string(line_number_) + ": " + what + ": " + std::string(line_));
    }

    static bool is_name(std::string_view name, bool is_label)
    {
        if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
            return false;
        for (const char c : name)
            if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c == ':' && !is_label)))
                return false;
        return true;
    }

    void help(std::string_view rest)
    {
        const auto space = rest.find(' ');
        const auto name = std::string(rest.substr(0, space));
        if (!is_name(name, false))
            fail("no name");
        if (!names_.insert(name).second)
            fail("this family was there already");
        families_.emplace_back();
        families_.back().name = name;
        families_.back().help = space == std::string_view::npos ? "" : std::string(rest.substr(space + 1));
    }

    void type(std::string_view rest)
    {
        const auto space = rest.find(' ');
        if (families_.empty() || families_.back().name != rest.substr(0, space) || !families_.back().type.empty() ||
            !families_.back().samples.empty())
            fail("a type without its help right before it");
        const auto type = std::string(space == std::string_view::npos ? "" : rest.substr(space + 1));
        if (type != "counter" && type != "gauge" && type != "histogram")
            fail("no type");
        families_.back().type = type;
    }

    void one_sample()
    {
        auto rest = line_;
        sample one;
        one.name = rest.substr(0, rest.find_first_of("{ "));
        rest.remove_prefix(one.name.size());
        if (!is_name(one.name, false))
            fail("no name");
        if (families_.empty() || families_.back().type.empty())
            fail("a sample without a family");
        const auto& of = families_.back();
        const bool is_own = of.type == "histogram" ? one.name == of.name + "_bucket" || one.name == of.name + "_sum" ||
                                                         one.name == of.name + "_count"
                                                   : one.name == of.name;
        if (!is_own)
            fail("a sample of another family");
        if (rest.starts_with('{'))
            labels(rest, one);
        if (!rest.starts_with(' '))
            fail("no space before the value");
        rest.remove_prefix(1);
        one.value = number(rest);
        if (of.type == "counter" && !(one.value >= 0))
            fail("a counter below zero");
        if (!seen_.insert(std::string(line_.substr(0, line_.rfind(' ')))).second)
            fail("this sample was there already");
        families_.back().samples.push_back(std::move(one));
    }

    void labels(std::string_view& rest, sample& one)
    {
        rest.remove_prefix(1);
        while (!rest.starts_with('}')) {
            const auto name = std::string(rest.substr(0, rest.find('=')));
            rest.remove_prefix(std::min(name.size() + 1, rest.size()));
            if (!is_name(name, true) || name.starts_with("__") || !rest.starts_with('"'))
                fail("no label");
            rest.remove_prefix(1);
            std::string value;
            for (; !rest.starts_with('"'); rest.remove_prefix(1)) {
                if (rest.empty())
                    fail("a label without an end");
                if (rest.front() != '\\') {
                    value += rest.front();
                    continue;
                }
                rest.remove_prefix(1);
                if (rest.empty() || (rest.front() != '\\' && rest.front() != '"' && rest.front() != 'n'))
                    fail("no escape");
                value += rest.front() == 'n' ? '\n' : rest.front();
            }
            rest.remove_prefix(1);
            if (!one.labels.emplace(name, value).second)
                fail("a label that comes twice");
            if (rest.starts_with(','))
                rest.remove_prefix(1);
            else if (!rest.starts_with('}'))
                fail("labels without a comma");
        }
        rest.remove_prefix(1);
    }

    double number(std::string_view text) const
    {
        if (text == "+Inf")
            return std::numeric_limits<double>::infinity();
        double value = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
        if (end.ec != std::errc() || end.ptr != text.data() + text.size())
            fail("no number");
        return value;
    }

    void check_histogram(const family& of) const
    {
        struct series {
            double bound = -1;
            double count = 0;
            bool is_whole = false;
            int ends = 0;
        };
        std::map<std::map<std::string, std::string>, series> all;
        for (const auto& one : of.samples) {
            auto key = one.labels;
            const auto le = key.find("le");
            const bool is_bucket = one.name.ends_with("_bucket");
            if (is_bucket != (le != key.end()))
                fail("a bucket without le, or le without a bucket, in " + of.name);
            if (!is_bucket) {
                auto& its = all[key];
                ++its.ends;
                if (!its.is_whole || (one.name.ends_with("_count") && one.value != its.count))
                    fail("a count that is not that of le=\"+Inf\" in " + of.name);
                continue;
            }
            const auto bound = number(le->second);
            key.erase(le);
            auto& its = all[key];
            if (bound <= its.bound || one.value < its.count)
                fail("buckets that do not grow in " + of.name);
            its.bound = bound;
            its.count = one.value;
            its.is_whole = bound == std::numeric_limits<double>::infinity();
        }
        for (const auto& [key, its] : all)
            if (!its.is_whole || its.ends != 2)
                fail("a histogram without +Inf, sum or count: " + of.name);
    }

    std::string_view text_;
    std::string_view line_;
    int line_number_ = 0;
    std::vector<family> families_;
    std::set<std::string> names_;
    std::set<std::string> seen_;
};

} // namespace

std::vector<family> read_exposition(std::string_view text)
{
    return reader(text).read();
}

} // namespace usher::tests
