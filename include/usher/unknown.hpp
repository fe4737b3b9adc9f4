// What a union keeps of a member that it does not know.
#ifndef USHER_UNKNOWN_HPP
#define USHER_UNKNOWN_HPP

#include <boost/json/value.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace usher {

/// The last alternative of every union: the JSON of a member that the API document does not describe.
class unknown_json {
public:
    unknown_json() = default;
    explicit unknown_json(boost::json::value value) : json(std::move(value)) {}

    boost::json::value json;

    friend bool operator==(const unknown_json& a, const unknown_json& b) { return a.json == b.json; }
};

/// A value behind a pointer, copied with its owner: how a type can hold itself.
/// Never empty, except after it was moved from.
template <class T>
class box {
public:
    box() : value_(std::make_unique<T>()) {}
    /// Takes a value. A template, so that a box can be a member while `T` is only declared.
    template <class U>
        requires(std::is_same_v<std::remove_cvref_t<U>, T>)
    box(U&& value) : value_(std::make_unique<T>(std::forward<U>(value))) {}
    box(const box& other) : value_(std::make_unique<T>(*other)) {}
    box(box&& other) noexcept = default;
    box& operator=(const box& other)
    {
        *this = box(other);
        return *this;
    }
    box& operator=(box&& other) noexcept = default;
    ~box() = default;

    T& operator*() noexcept { return *value_; }
    const T& operator*() const noexcept { return *value_; }
    T* operator->() noexcept { return value_.get(); }
    const T* operator->() const noexcept { return value_.get(); }

    friend bool operator==(const box& a, const box& b) { return *a == *b; }

private:
    std::unique_ptr<T> value_;
};

} // namespace usher

#endif
