// What answers say of limits: lists, members and triples.
#include "schedule/rate_hints.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "schedule/structured_field.hpp"

namespace usher::fuzz {
namespace {

using namespace usher::schedule;
namespace chrono = std::chrono;

const chrono::system_clock::time_point now{chrono::seconds(1'700'000'000)};

std::string text_of(const std::optional<rate_hint>& hint)
{
    if (!hint)
        return "none";
    const auto part = [](const auto& one) { return one ? std::to_string(*one) : std::string("-"); };
    return part(hint->quota) + " " + (hint->window ? std::to_string(hint->window->count()) : "-") + " " +
           part(hint->remaining) + " " + (hint->reset ? std::to_string(hint->reset->count()) : "-");
}

/// Numbers that are written in each of the forms are read in each of them.
void look_at_numbers(input from)
{
    const auto quota = static_cast<std::uint32_t>(from.number());
    const auto window = 1 + from.number() % 300'000'000;
    const auto left = static_cast<std::uint32_t>(from.number());
    const auto reset = from.number() % 100'000'000;
    const auto q = std::to_string(quota);
    const auto w = std::to_string(window);
    const auto r = std::to_string(left);
    const auto t = std::to_string(reset);
    rate_hint expected;
    expected.quota = quota;
    expected.window = chrono::seconds(window);
    expected.remaining = left;
    expected.reset = chrono::seconds(reset);

    const auto policy = "\"p\";q=" + q + ";w=" + w;
    const auto limit = "\"p\";r=" + r + ";t=" + t;
    usher::schedule::rate_headers list;
    list.policy = policy;
    list.limit = limit;
    promise(parse_rate_hint(list, now) == expected, "lists are read");

    const auto members = "limit=" + q + ", remaining=" + r + ", reset=" + t;
    const auto older = q + ";w=" + w;
    usher::schedule::rate_headers draft;
    draft.policy = older;
    draft.limit = members;
    promise(parse_rate_hint(draft, now) == expected, "members are read");

    const auto limits = q + ", " + older;
    usher::schedule::rate_headers triple;
    triple.triple_limit = limits;
    triple.triple_remaining = r;
    triple.triple_reset = t;
    promise(parse_rate_hint(triple, now) == expected, "triples are read");
}

} // namespace

void rate_headers(std::string_view bytes)
{
    look_at_numbers(input(bytes));
    input from(bytes);
    usher::schedule::rate_headers fields;
    for (auto* one :
         {&fields.policy, &fields.limit, &fields.triple_limit, &fields.triple_remaining, &fields.triple_reset})
        *one = from.line();
    const auto hint = parse_rate_hint(fields, now);
    if (!hint)
        return;
    promise(hint->quota || hint->window || hint->remaining || hint->reset, "a hint says something");
    promise(!hint->window || (hint->window->count() > 0 && hint->quota), "a window is that of a quota, and above zero");
    promise(!hint->window || *hint->window <= chrono::hours(24 * 3660), "a window is cut");
    promise(!hint->reset || (hint->reset->count() >= 0 && *hint->reset <= chrono::hours(24 * 3660)),
            "a reset is from now on, and cut");

    // Blanks around a field mean nothing.
    std::string padded[5];
    std::size_t i = 0;
    for (auto* one : {&fields.policy, &fields.limit, &fields.triple_limit, &fields.triple_remaining}) {
        padded[i] = " " + std::string(*one) + " ";
        *one = padded[i++];
    }
    promise_same(text_of(parse_rate_hint(fields, now)), text_of(hint), "blanks around a field mean nothing");

    // The lists go first: what the triples say does not change them.
    usher::schedule::rate_headers lists;
    lists.policy = fields.policy;
    lists.limit = fields.limit;
    const auto own = parse_rate_hint(lists, now);
    promise(!own || !own->remaining || own->remaining == hint->remaining, "a list goes before a triple");
    promise(!own || !own->quota || own->quota == hint->quota, "a policy goes before a triple");
}

} // namespace usher::fuzz
