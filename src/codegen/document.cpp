#include "document.hpp"

#include <boost/json/parse.hpp>

namespace usher::codegen {

namespace {

/// RFC 6901 and the percent-encoding of RFC 3986, which a reference in a URL fragment may carry.
std::string unescape(std::string_view step, const node& from)
{
    const auto digit = [&](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        from.refuse("a reference with a broken escape");
    };
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '%') {
            if (i + 2 >= step.size())
                from.refuse("a reference with a broken escape");
            plain += static_cast<char>(digit(step[i + 1]) * 16 + digit(step[i + 2]));
            i += 2;
        } else {
            plain += step[i];
        }
    }
    std::string text;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        if (plain[i] == '~' && i + 1 < plain.size())
            text += plain[++i] == '1' ? '/' : '~';
        else
            text += plain[i];
    }
    return text;
}

} // namespace

std::string pointer_step(std::string_view key)
{
    std::string step = "/";
    for (const char c : key) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else
            step += c;
    }
    return step;
}

const json::object& node::object() const
{
    if (!value_->is_object())
        refuse("an object is expected here");
    return value_->get_object();
}

const json::array& node::array() const
{
    if (!value_->is_array())
        refuse("an array is expected here");
    return value_->get_array();
}

std::string node::text() const
{
    if (!value_->is_string())
        refuse("a text is expected here");
    return std::string(value_->get_string());
}

bool node::boolean() const
{
    if (!value_->is_bool())
        refuse("true or false is expected here");
    return value_->get_bool();
}

double node::number() const
{
    if (!value_->is_number())
        refuse("a number is expected here");
    return value_->to_number<double>();
}

bool node::has(std::string_view key) const noexcept
{
    return value_->is_object() && value_->get_object().contains(key);
}

node node::at(std::string_view key) const
{
    const json::value* found = object().if_contains(key);
    if (!found)
        refuse("\"" + std::string(key) + "\" is missing");
    return {*found, pointer_ + pointer_step(key)};
}

node node::at(std::size_t index) const
{
    return {array().at(index), pointer_ + "/" + std::to_string(index)};
}

std::optional<node> node::find(std::string_view key) const
{
    if (const json::value* found = object().if_contains(key))
        return node(*found, pointer_ + pointer_step(key));
    return std::nullopt;
}

std::string node::text_or(std::string_view key, std::string_view otherwise) const
{
    const auto found = find(key);
    return found ? found->text() : std::string(otherwise);
}

bool node::flag(std::string_view key, bool otherwise) const
{
    const auto found = find(key);
    return found ? found->boolean() : otherwise;
}

document::document(std::string_view text)
{
    boost::system::error_code failure;
    json::parse_options options;
    options.max_depth = 256;
    root_ = json::parse(json::string_view(text.data(), text.size()), failure, {}, options);
    if (failure)
        throw refused("", "this is no JSON: " + failure.message());
    const std::string version = root().text_or("openapi", "");
    if (version.rfind("3.0", 0) != 0 && version.rfind("3.1", 0) != 0)
        throw refused("/openapi", "an OpenAPI document of version 3.0 or 3.1 is expected");
    root().at("paths").object();
}

node document::follow(node from, std::string* component) const
{
    for (int steps = 0; from.has("$ref"); ++steps) {
        const node reference = from.at("$ref");
        const std::string target = reference.text();
        if (steps == 64)
            reference.refuse("references in a circle");
        if (target.rfind("#/", 0) != 0)
            reference.refuse("a reference to another document (" + target + ")");
        node found = root();
        for (std::size_t begin = 2; begin <= target.size();) {
            const std::size_t end = std::min(target.find('/', begin), target.size());
            const std::string step = unescape(std::string_view(target).substr(begin, end - begin), reference);
            if (!found.has(step))
                reference.refuse("a reference to nothing (" + target + ")");
            found = found.at(step);
            begin = end + 1;
        }
        if (component)
            *component = found.pointer();
        from = found;
    }
    return from;
}

} // namespace usher::codegen
