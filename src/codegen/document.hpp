// An API document as JSON, with the place of everything in it.
#ifndef USHER_CODEGEN_DOCUMENT_HPP
#define USHER_CODEGEN_DOCUMENT_HPP

#include <boost/json/value.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace usher::codegen {

namespace json = boost::json;

/// Something that the generator does not understand, with the JSON pointer of where it stands.
class refused : public std::runtime_error {
public:
    refused(const std::string& pointer, const std::string& reason)
        : std::runtime_error((pointer.empty() ? std::string("/") : pointer) + ": " + reason),
          pointer_(pointer),
          reason_(reason)
    {
    }
    const std::string& pointer() const noexcept { return pointer_; }
    const std::string& reason() const noexcept { return reason_; }

private:
    std::string pointer_;
    std::string reason_;
};

/// A value of the document and its JSON pointer (RFC 6901). Cheap to copy; the document must outlive it.
class node {
public:
    node(const json::value& value, std::string pointer) : value_(&value), pointer_(std::move(pointer)) {}

    const json::value& value() const noexcept { return *value_; }
    const std::string& pointer() const noexcept { return pointer_; }

    /// *Errors* of all that follow: `refused`, naming this place, when the JSON is of another type.
    const json::object& object() const;
    const json::array& array() const;
    std::string text() const;
    bool boolean() const;
    double number() const;

    bool is_object() const noexcept { return value_->is_object(); }
    bool has(std::string_view key) const noexcept;
    node at(std::string_view key) const;
    node at(std::size_t index) const;
    std::optional<node> find(std::string_view key) const;
    std::string text_or(std::string_view key, std::string_view otherwise) const;
    bool flag(std::string_view key, bool otherwise = false) const;

    [[noreturn]] void refuse(const std::string& reason) const { throw refused(pointer_, reason); }

private:
    const json::value* value_;
    std::string pointer_;
};

/// An OpenAPI document, 3.0 or 3.1.
class document {
public:
    /// *Errors*: `refused` for a text that is no JSON or no OpenAPI document of these versions.
    explicit document(std::string_view text);

    node root() const { return {root_, ""}; }
    /// Follows `$ref` until something else is found; `component` is set to the last pointer that was followed.
    /// *Errors*: `refused` for a reference to another document, to nothing, or in a circle.
    node follow(node from, std::string* component = nullptr) const;

private:
    json::value root_;
};

/// One step of a JSON pointer, escaped.
std::string pointer_step(std::string_view key);

} // namespace usher::codegen

#endif
