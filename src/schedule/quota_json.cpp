#include "schedule/quota_json.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

namespace json = boost::json;

namespace usher::schedule {

namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, quota_key>, 3> keys = {
    {{"instance", quota_key::instance}, {"endpoint", quota_key::endpoint}, {"entity", quota_key::entity}}};
constexpr std::array<std::pair<std::string_view, quota_amount>, 3> amounts = {
    {{"known", quota_amount::known}, {"unknown", quota_amount::unknown}, {"unlimited", quota_amount::unlimited}}};
// The longest first: a time is written with the first of which it is a multiple.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units = {
    {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

[[noreturn]] void refuse(const std::string& place, const std::string& why)
{
    throw std::invalid_argument(place.empty() ? why : place + ": " + why);
}

std::string quoted(std::string_view text)
{
    return json::serialize(json::string_view(text.data(), text.size()));
}

milliseconds parse_time(std::string_view text, const std::string& place)
{
    std::int64_t number = 0;
    const char* const last = text.data() + text.size();
    const auto [end, failed] = std::from_chars(text.data(), last, number);
    const std::string_view unit(end, static_cast<std::size_t>(last - end));
    const auto* const known =
        std::find_if(units.begin(), units.end(), [unit](const auto& one) { return one.first == unit; });
    const bool is_time = failed == std::errc() && number >= 0 && known != units.end() &&
                         number <= std::numeric_limits<std::int64_t>::max() / 1'000'000 / known->second;
    if (!is_time)
        refuse(place, quoted(text) + R"( is no time such as "150ms", "10s", "5m" or "1h")");
    return milliseconds(number * known->second);
}

std::string time_text(milliseconds time)
{
    for (const auto& [unit, length] : units)
        if (time.count() != 0 && time.count() % length == 0)
            return std::to_string(time.count() / length) + std::string(unit);
    return "0s";
}

/// An object whose members are read one by one; what is not read keeps its value.
class members {
public:
    members(const json::value& value, std::string place, std::initializer_list<std::string_view> known)
        : place_(std::move(place))
    {
        object_ = value.if_object();
        if (!object_)
            refuse(place_, "has to be an object");
        for (const auto& one : *object_) {
            const std::string_view name(one.key().data(), one.key().size());
            if (std::find(known.begin(), known.end(), name) == known.end())
                refuse(place_, "there is no member " + quoted(name));
        }
    }

    std::string place(std::string_view name) const
    {
        return (place_.empty() ? std::string() : place_ + '.') + std::string(name);
    }

    const json::value* find(std::string_view name) const { return object_->if_contains({name.data(), name.size()}); }

    void read(std::string_view name, std::string& to) const
    {
        if (const auto* value = find(name))
            to = text(*value, place(name));
    }

    void read(std::string_view name, std::vector<std::string>& to) const
    {
        const auto* value = find(name);
        if (!value)
            return;
        const auto* array = value->if_array();
        if (!array)
            refuse(place(name), "has to be an array of texts");
        to.clear();
        for (std::size_t i = 0; i < array->size(); ++i)
            to.push_back(text((*array)[i], place(name) + '[' + std::to_string(i) + ']'));
    }

    void read(std::string_view name, std::uint32_t& to) const
    {
        const auto* value = find(name);
        if (!value)
            return;
        const auto* number = value->if_int64();
        if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max())
            refuse(place(name), "has to be a whole number from 0 to 4294967295");
        to = static_cast<std::uint32_t>(*number);
    }

    void read(std::string_view name, milliseconds& to) const
    {
        if (const auto* value = find(name))
            to = parse_time(text(*value, place(name)), place(name));
    }

    template <class Value, std::size_t Size>
    void read(std::string_view name, Value& to, const std::array<std::pair<std::string_view, Value>, Size>& words) const
    {
        const auto* value = find(name);
        if (!value)
            return;
        const auto word = text(*value, place(name));
        std::string choices;
        for (const auto& [one, meaning] : words) {
            if (one == word) {
                to = meaning;
                return;
            }
            choices += (choices.empty() ? "" : ", ") + std::string(one);
        }
        refuse(place(name), quoted(word) + " is none of " + choices);
    }

private:
    static std::string text(const json::value& value, const std::string& place)
    {
        const auto* string = value.if_string();
        if (!string)
            refuse(place, "has to be a text");
        return {string->data(), string->size()};
    }

    std::string place_;
    const json::object* object_;
};

quota_rule read_rule(const json::value& value, const std::string& place)
{
    const members in(
        value, place,
        {"name", "operations", "methods", "paths", "key", "entity", "amount", "requests", "window", "burst"});
    quota_rule rule;
    in.read("name", rule.name);
    if (rule.name.empty())
        refuse(in.place("name"), "a rule needs a name");
    in.read("operations", rule.operations);
    in.read("methods", rule.methods);
    in.read("paths", rule.paths);
    in.read("key", rule.key, keys);
    in.read("entity", rule.entity);
    in.read("amount", rule.amount, amounts);
    in.read("requests", rule.requests);
    if (rule.amount == quota_amount::known && rule.requests == 0)
        refuse(in.place("requests"), "has to be at least 1 where the amount is known");
    in.read("window", rule.window);
    if (rule.window.count() == 0)
        refuse(in.place("window"), "has to be above zero");
    if (in.find("burst"))
        in.read("burst", rule.burst.emplace());
    if (rule.burst == 0U)
        refuse(in.place("burst"), "has to be at least 1");
    return rule;
}

json::value parse(std::string_view text)
{
    json::parser parser;
    json::error_code failed;
    const auto read = parser.write_some(text.data(), text.size(), failed);
    if (!failed && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        failed = json::make_error_code(json::error::extra_data);
    if (failed) {
        const auto before = text.substr(0, read);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto column = before.size() - (before.rfind('\n') + 1) + 1;
        refuse("line " + std::to_string(line) + ", column " + std::to_string(column), failed.message());
    }
    return parser.release();
}

template <class Value, std::size_t Size>
std::string_view word_for(Value value, const std::array<std::pair<std::string_view, Value>, Size>& words)
{
    for (const auto& [word, meaning] : words)
        if (meaning == value)
            return word;
    return {};
}

std::string rule_text(const quota_rule& rule)
{
    const quota_rule usual;
    std::string text = "{\"name\": " + quoted(rule.name);
    const auto add = [&text](std::string_view name, const std::string& value) {
        text.append(", \"").append(name).append("\": ").append(value);
    };
    const auto add_texts = [&add](std::string_view name, const std::vector<std::string>& values) {
        if (values.empty())
            return;
        std::string array;
        for (const auto& value : values)
            array += (array.empty() ? "[" : ", ") + quoted(value);
        add(name, array + "]");
    };
    add_texts("operations", rule.operations);
    add_texts("methods", rule.methods);
    add_texts("paths", rule.paths);
    if (rule.key != usual.key)
        add("key", quoted(word_for(rule.key, keys)));
    add_texts("entity", rule.entity);
    if (rule.amount != usual.amount)
        add("amount", quoted(word_for(rule.amount, amounts)));
    if (rule.requests != usual.requests)
        add("requests", std::to_string(rule.requests));
    if (rule.amount != quota_amount::unlimited || rule.window != usual.window)
        add("window", quoted(time_text(rule.window)));
    if (rule.burst)
        add("burst", std::to_string(*rule.burst));
    return text + "}";
}

} // namespace

quota parse_quota(std::string_view text)
{
    const auto whole = parse(text);
    const members in(whole, {}, {"rules", "burst", "in_flight", "least_spread", "most_spread", "slow_start"});
    quota limits;
    if (const auto* rules = in.find("rules")) {
        if (!rules->is_array())
            refuse("rules", "has to be an array");
        std::set<std::string> names;
        for (const auto& one : rules->get_array()) {
            const auto place = "rules[" + std::to_string(limits.rules.size()) + "]";
            limits.rules.push_back(read_rule(one, place));
            if (!names.insert(limits.rules.back().name).second)
                refuse(place + ".name", quoted(limits.rules.back().name) + " is the name of another rule");
        }
    }
    in.read("burst", limits.burst);
    if (limits.burst == 0)
        refuse("burst", "has to be at least 1");
    in.read("in_flight", limits.in_flight);
    in.read("least_spread", limits.least_spread);
    in.read("most_spread", limits.most_spread);
    in.read("slow_start", limits.slow_start);
    if (limits.least_spread > limits.most_spread)
        refuse("least_spread", "is above most_spread");
    return limits;
}

std::string quota_text(const quota& limits)
{
    std::string rules;
    for (const auto& rule : limits.rules)
        rules += (rules.empty() ? "\n    " : ",\n    ") + rule_text(rule);
    std::string text = "{\n  \"rules\": [" + rules + (rules.empty() ? "" : "\n  ") + "],\n";
    text += "  \"burst\": " + std::to_string(limits.burst) + ",\n";
    text += "  \"in_flight\": " + std::to_string(limits.in_flight) + ",\n";
    text += "  \"least_spread\": " + quoted(time_text(limits.least_spread)) + ",\n";
    text += "  \"most_spread\": " + quoted(time_text(limits.most_spread)) + ",\n";
    text += "  \"slow_start\": " + quoted(time_text(limits.slow_start)) + "\n}\n";
    return text;
}

} // namespace usher::schedule
