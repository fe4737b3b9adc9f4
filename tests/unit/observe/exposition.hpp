// A strict reader of Prometheus' text format 0.0.4.
#ifndef USHER_TESTS_UNIT_OBSERVE_EXPOSITION_HPP
#define USHER_TESTS_UNIT_OBSERVE_EXPOSITION_HPP

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace usher::tests {

struct sample {
    sample() = default;
    std::string name;
    std::map<std::string, std::string> labels;
    double value = 0;
};

struct family {
    family() = default;
    std::string name;
    std::string type;
    std::string help;
    std::vector<sample> samples;
};

/// *Errors*: `std::invalid_argument` with the line and what is wrong: syntax, names, escapes, a sample before or
/// outside its family, a family or a sample that comes twice, a histogram whose buckets are not cumulative, have no
/// +Inf, or do not agree with its count.
std::vector<family> read_exposition(std::string_view text);

} // namespace usher::tests

#endif
