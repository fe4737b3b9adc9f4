#include "compare.hpp"

#include <usher/time.hpp>

#include <boost/json/serialize.hpp>

#include <string>

namespace conformance {

namespace json = boost::json;

namespace {

bool may_be_missing(const json::object& holder, const json::key_value_pair& member, const tolerance& allowed)
{
    if (member.value().is_null() && allowed.null_is_absent)
        return true;
    if (allowed.unknown_dropped && member.key() == "not_yet_documented")
        return true;
    // An object of nothing but these is free-form, and has to keep them.
    if (member.key() == "first" || member.key() == "second")
        return holder.size() > 2;
    // The sandbox says so for members that are required and described nowhere.
    return member.value() == "given";
}

bool same_scalar(const json::value& expected, const json::value& actual)
{
    // 64-bit integers are texts in protobuf's JSON form; those that are times come back as numbers.
    if (expected.is_string() && actual.is_int64())
        return expected == std::to_string(actual.get_int64()).c_str();
    if (expected.is_number() && actual.is_number()) {
        if (expected.is_double() || actual.is_double())
            return expected.to_number<double>() == actual.to_number<double>();
        return expected == actual;
    }
    if (expected.is_string() && actual.is_string() && expected != actual) {
        const auto left = usher::parse_rfc3339(std::string(expected.get_string()));
        const auto right = usher::parse_rfc3339(std::string(actual.get_string()));
        return left && right && *left == *right;
    }
    return expected == actual;
}

std::string found(const std::string& pointer, const json::value& expected, const json::value& actual)
{
    return pointer + ": " + json::serialize(expected).substr(0, 200) + " became " +
           json::serialize(actual).substr(0, 200);
}

std::string walk(const json::value& expected, const json::value& actual, const tolerance& allowed,
                 const std::string& pointer)
{
    if (expected.is_object() && actual.is_object()) {
        const json::object& left = expected.get_object();
        const json::object& right = actual.get_object();
        for (const auto& member : left) {
            const json::value* other = right.if_contains(member.key());
            const std::string at = pointer + "/" + std::string(member.key());
            if (!other && !may_be_missing(left, member, allowed))
                return at + ": lost (" + json::serialize(member.value()).substr(0, 200) + ")";
            if (other)
                if (std::string difference = walk(member.value(), *other, allowed, at); !difference.empty())
                    return difference;
        }
        for (const auto& member : right)
            if (!left.contains(member.key()))
                return pointer + "/" + std::string(member.key()) + ": was not there";
        return {};
    }
    if (expected.is_array() && actual.is_array()) {
        if (expected.get_array().size() != actual.get_array().size())
            return found(pointer, expected, actual);
        for (std::size_t i = 0; i < expected.get_array().size(); ++i)
            if (std::string difference =
                    walk(expected.get_array()[i], actual.get_array()[i], allowed, pointer + "/" + std::to_string(i));
                !difference.empty())
                return difference;
        return {};
    }
    return same_scalar(expected, actual) ? std::string() : found(pointer, expected, actual);
}

} // namespace

std::string difference(const json::value& expected, const json::value& actual, const tolerance& allowed)
{
    return walk(expected, actual, allowed, "");
}

} // namespace conformance
