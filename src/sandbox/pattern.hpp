#pragma once

#include "sandbox/random.hpp"

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace usher::sandbox {

// The regular expressions that API documents use (ECMA-262 without look-around and back references), matched in
// linear time and constant stack: a request's text is hostile, and std::regex recurses once per character.
class pattern {
public:
    // Errors: std::invalid_argument for what is not understood.
    explicit pattern(std::string_view text);

    // Whether some part of the text matches, as JSON Schema has it; ^ and $ tie it to the ends.
    [[nodiscard]] bool matches(std::string_view text) const;

    // A text that matches.
    [[nodiscard]] std::string example(generator& source) const;

private:
    enum class op : std::uint8_t { set, split, jump, begin, end, accept };
    using char_set = std::bitset<256>;
    struct instruction {
        op what;
        std::size_t first;  // set: index of the set; split: preferred; jump: target
        std::size_t second; // split: the other way
    };
    using program = std::vector<instruction>;

    class compiler;
    void reach(std::size_t at, std::string_view text, std::size_t position, std::vector<std::size_t>& states,
               std::vector<char>& seen) const;

    program code_;
    std::vector<char_set> sets_;
};

} // namespace usher::sandbox
