// A member of a request: absent, null, or a value.
#ifndef USHER_FIELD_HPP
#define USHER_FIELD_HPP

#include <initializer_list>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace usher {

/// The type of `usher::null`.
struct null_t {
    explicit constexpr null_t(int) noexcept {}
};

/// Sets a member to JSON null, which is not the same as leaving it out.
inline constexpr null_t null{0};

template <class T>
class field;

namespace detail {

/// What a field takes as a value. A bool takes nothing but a bool: a text would otherwise become true.
/// Itself is asked for first, so that a type that holds fields of itself is not looked into while incomplete.
template <class U, class T>
concept field_value =
    !std::is_same_v<std::remove_cvref_t<U>, field<T>> && !std::is_same_v<std::remove_cvref_t<U>, null_t> &&
    std::is_convertible_v<U&&, T> && (!std::is_same_v<T, bool> || std::is_same_v<std::remove_cvref_t<U>, bool>);

/// A container that a braced list of its elements can fill; a text is none.
template <class T>
concept field_list = std::is_object_v<typename T::value_type> && !std::is_convertible_v<T, std::string_view> &&
                     std::is_constructible_v<T, std::initializer_list<typename T::value_type>>;

} // namespace detail

/// A member that a request may leave out, set to null, or give a value.
///
/// Three states, because a PATCH means something different by each: an absent member keeps what the
/// service has, null clears it, a value replaces it. A new field is absent. `= {}` makes it absent, except
/// that a list becomes an empty list.
/// *Errors*: null where the API documents no null, and an absent member that the API requires, are
/// refused when the call is made, before anything is sent.
/// *Thread safety*: that of `std::optional`.
template <class T>
class field {
public:
    using value_type = T;

    field() noexcept = default;
    field(null_t) noexcept : null_(true) {}

    template <class U = T>
        requires(detail::field_value<U, T>)
    field(U&& value) : value_(std::forward<U>(value)) {}

    /// Elements of a list: `field<std::vector<std::string>> list{"a", "b"}`.
    template <class List = T>
        requires(detail::field_list<List>)
    field(std::initializer_list<typename List::value_type> elements) : value_(std::in_place, elements) {}

    /// Elements of a list: `params.email_address = {"ada@example.com"};`
    template <class List = T>
        requires(detail::field_list<List>)
    field& operator=(std::initializer_list<typename List::value_type> elements)
    {
        value_.emplace(elements);
        null_ = false;
        return *this;
    }

    field& operator=(null_t) noexcept
    {
        value_.reset();
        null_ = true;
        return *this;
    }

    // A scalar's own type comes by way of the constructor, so that `= {}` is an absent field and not zero.
    template <class U = T>
        requires(detail::field_value<U, T> && !(std::is_scalar_v<T> && std::is_same_v<T, std::decay_t<U>>))
    field& operator=(U&& value)
    {
        value_ = std::forward<U>(value);
        null_ = false;
        return *this;
    }

    /// Makes a value in place and returns it.
    template <class... Args>
    T& emplace(Args&&... args)
    {
        null_ = false;
        return value_.emplace(std::forward<Args>(args)...);
    }

    /// Back to absent.
    void reset() noexcept
    {
        value_.reset();
        null_ = false;
    }

    bool has_value() const noexcept { return value_.has_value(); }
    bool is_null() const noexcept { return null_; }
    bool is_absent() const noexcept { return !null_ && !value_; }
    explicit operator bool() const noexcept { return value_.has_value(); }

    /// The value. *Errors*: `std::bad_optional_access` when there is none.
    T& value() & { return value_.value(); }
    const T& value() const& { return value_.value(); }
    T&& value() && { return std::move(value_).value(); }

    T& operator*() & noexcept { return *value_; }
    const T& operator*() const& noexcept { return *value_; }
    T&& operator*() && noexcept { return *std::move(value_); }
    T* operator->() noexcept { return &*value_; }
    const T* operator->() const noexcept { return &*value_; }

    template <class U>
    T value_or(U&& other) const&
    {
        return value_.value_or(std::forward<U>(other));
    }
    template <class U>
    T value_or(U&& other) &&
    {
        return std::move(value_).value_or(std::forward<U>(other));
    }

    friend bool operator==(const field&, const field&) = default;

private:
    std::optional<T> value_;
    bool null_ = false;
};

} // namespace usher

#endif
