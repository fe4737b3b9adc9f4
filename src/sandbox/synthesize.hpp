#pragma once

#include "sandbox/random.hpp"
#include "sandbox/schema.hpp"
#include "usher/sandbox.hpp"

#include <unordered_map>

namespace usher::sandbox {

// Makes values that satisfy a schema. The same seed and the same sequence of calls make the same values.
class synthesizer {
public:
    explicit synthesizer(std::uint64_t seed) : source_(seed) {}

    // `now` is what time members get in stateful answers; other modes use a fixed time, so that answers compare.
    json::value make(const schema& of, answers mode, std::int64_t now);

    generator& source() { return source_; }

private:
    struct frame {
        answers mode;
        std::int64_t now;
        std::string_view name;   // of the member that is being made
        std::string_view object; // what the object around it calls itself
        int depth;
    };

    json::value make(const schema& of, const frame& at);
    json::value make_object(const schema& of, const frame& at);
    json::value make_array(const schema& of, const frame& at);
    json::value make_alternative(const schema& of, const frame& at);
    json::value make_number(const schema& of, const frame& at);
    json::value make_text(const schema& of, const frame& at);
    json::value make_free(const frame& at);
    std::size_t turn(const schema& of, std::size_t choices);

    generator source_;
    std::unordered_map<const schema*, std::size_t> turns_; // whose turn it is, for unions and enumerations
};

// A text that suits a member's name: an address for "email_address", a URL for "…_url", an id for "user_id".
std::string example_text(std::string_view name, std::string_view object, const schema& of, bool stateful,
                         std::int64_t now, generator& source);

} // namespace usher::sandbox
