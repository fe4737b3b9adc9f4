// Types that hold every kind there is, with their tables.
#ifndef USHER_TESTS_JSON_SAMPLES_HPP
#define USHER_TESTS_JSON_SAMPLES_HPP

#include "unit/json/tables.hpp"
#include "json/decoder.hpp"
#include "json/encoder.hpp"

namespace usher_tests {

enum class color : std::uint16_t { unknown, red, green };
inline constexpr std::string_view color_names[] = {"red", "green"};
constexpr std::span<const std::string_view> usher_enum_names(color) noexcept
{
    return color_names;
}

struct point {
    point() = default;
    std::int64_t x = 0;
    std::int64_t y = 0;
    friend bool operator==(const point&, const point&) = default;
};
inline constexpr member_info point_members[] = {USHER_MEMBER(point, x, member_required), USHER_MEMBER(point, y, 0)};
template <>
struct table<point> {
    static constexpr const type_info value = object_of<point>("point", point_members);
};

/// An answer with a member of every kind.
struct everything {
    everything() = default;
    bool flag = false;
    std::int32_t small = 0;
    std::int64_t large = 0;
    double real = 0;
    std::string text;
    unix_milliseconds created_at{};
    unix_seconds expires_at{};
    instant updated_at{};
    date born{};
    open_enum<color> shade;
    point place;
    std::vector<point> path;
    std::vector<std::string> names;
    std::vector<std::optional<std::int64_t>> gaps;
    std::vector<std::vector<std::int64_t>> rows;
    std::map<std::string, point, std::less<>> marks;
    boost::json::value any;
    boost::json::object meta;
    std::optional<std::string> nick;
    std::optional<point> spot;
    std::optional<std::vector<std::string>> tags;
    field<std::string> patch;
    box<point> boxed;
    friend bool operator==(const everything&, const everything&) = default;
};
inline constexpr member_info everything_members[] = {
    USHER_MEMBER(everything, flag, 0),       USHER_MEMBER(everything, small, 0),
    USHER_MEMBER(everything, large, 0),      USHER_MEMBER(everything, real, 0),
    USHER_MEMBER(everything, text, 0),       USHER_MEMBER(everything, created_at, 0),
    USHER_MEMBER(everything, expires_at, 0), USHER_MEMBER(everything, updated_at, 0),
    USHER_MEMBER(everything, born, 0),       USHER_MEMBER(everything, shade, 0),
    USHER_MEMBER(everything, place, 0),      USHER_MEMBER(everything, path, 0),
    USHER_MEMBER(everything, names, 0),      USHER_MEMBER(everything, gaps, 0),
    USHER_MEMBER(everything, rows, 0),       USHER_MEMBER(everything, marks, 0),
    USHER_MEMBER(everything, any, 0),        USHER_MEMBER(everything, meta, 0),
    USHER_MEMBER(everything, nick, 0),       USHER_MEMBER(everything, spot, 0),
    USHER_MEMBER(everything, tags, 0),       USHER_MEMBER(everything, patch, member_nullable),
    USHER_MEMBER(everything, boxed, 0)};
template <>
struct table<everything> {
    static constexpr const type_info value = object_of<everything>("everything", everything_members);
};

inline constexpr std::string_view everything_text =
    R"({"flag":true,"small":-7,"large":9007199254740993,"real":0.1,"text":"a\"\\\u00e9\ud83d\ude00\n",)"
    R"("created_at":1716883200123,"expires_at":1716883200,"updated_at":"2024-01-15T10:30:00.126079Z",)"
    R"("born":"1815-12-10","shade":"green","place":{"x":1,"y":2},"path":[{"x":3,"y":4},{"x":5,"y":6}],)"
    R"("names":["one","","three"],"gaps":[1,null,3],"rows":[[],[1],[2,3]],"marks":{"a/b~":{"x":7,"y":8}},)"
    R"("any":[1,2.5,"x",null,{"k":[true]}],"meta":{"plan":"pro","n":{"d":18446744073709551615}},"nick":"ada",)"
    R"("spot":{"x":9,"y":10},"tags":["t"],"patch":"p","boxed":{"x":11,"y":12}})";

/// A tree that holds itself.
struct branch {
    branch() = default;
    std::string name;
    std::optional<box<branch>> left;
    std::vector<branch> more;
};
inline constexpr std::string_view branch_name = "branch";
template <>
struct table<branch> {
    static const type_info value;
};
inline const member_info branch_members[] = {USHER_MEMBER(branch, name, 0), USHER_MEMBER(branch, left, 0),
                                             USHER_MEMBER(branch, more, 0)};
inline const type_info table<branch>::value = object_of<branch>(branch_name, branch_members);

inline constexpr std::string_view only_otp[] = {"otp"};
inline constexpr std::string_view only_ticket[] = {"ticket"};
inline constexpr bounds otp_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, only_otp, -1};
inline constexpr bounds ticket_bounds{0, 0, false, false, false, false, 0, 0xffffffffU, nullptr, only_ticket, -1};

struct otp {
    otp() = default;
    std::string object;
    std::int64_t attempts = 0;
    std::optional<point> at;
    friend bool operator==(const otp&, const otp&) = default;
};
struct ticket {
    ticket() = default;
    std::string object;
    std::string code;
    friend bool operator==(const ticket&, const ticket&) = default;
};
inline constexpr member_info otp_members[] = {
    {"object", offsetof(otp, object), &table<std::string>::value, &otp_bounds, nullptr, place::body, member_required},
    USHER_MEMBER(otp, attempts, member_required),
    USHER_MEMBER(otp, at, 0)};
inline constexpr member_info ticket_members[] = {{"object", offsetof(ticket, object), &table<std::string>::value,
                                                  &ticket_bounds, nullptr, place::body, member_required},
                                                 USHER_MEMBER(ticket, code, member_required)};
template <>
struct table<otp> {
    static constexpr const type_info value = object_of<otp>("otp", otp_members);
};
template <>
struct table<ticket> {
    static constexpr const type_info value = object_of<ticket>("ticket", ticket_members);
};

/// A union with a discriminator; `open_proof` is the same without one.
using proof = std::variant<otp, ticket, unknown_json>;
inline constexpr choice_info proof_choices[] = {{&table<otp>::value, only_otp}, {&table<ticket>::value, only_ticket}};
template <>
struct table<proof> {
    static constexpr const type_info value = union_of<proof>("proof", "object", proof_choices);
};
struct proof_holder {
    proof_holder() = default;
    std::optional<proof> proof_of;
    std::vector<proof> others;
};
inline constexpr member_info proof_holder_members[] = {USHER_MEMBER(proof_holder, proof_of, 0),
                                                       USHER_MEMBER(proof_holder, others, 0)};
template <>
struct table<proof_holder> {
    static constexpr const type_info value = object_of<proof_holder>("proof_holder", proof_holder_members);
};

/// Without a discriminator: a text, a list of points, a point, a point with a name.
struct named_point {
    named_point() = default;
    std::int64_t x = 0;
    std::string name;
    std::optional<instant> at;
};
inline constexpr member_info named_point_members[] = {USHER_MEMBER(named_point, x, member_required),
                                                      USHER_MEMBER(named_point, name, member_required),
                                                      USHER_MEMBER(named_point, at, 0)};
template <>
struct table<named_point> {
    static constexpr const type_info value = object_of<named_point>("named_point", named_point_members);
};
using loose = std::variant<std::string, std::vector<point>, point, named_point, unknown_json>;
inline constexpr choice_info loose_choices[] = {{&table<std::string>::value, {}},
                                                {&table<std::vector<point>>::value, {}},
                                                {&table<point>::value, {}},
                                                {&table<named_point>::value, {}}};
template <>
struct table<loose> {
    static constexpr const type_info value = union_of<loose>("loose", "", loose_choices);
};

/// The outcome of a decode: empty, or the failure's message without its offset.
template <class T>
std::string decode_text(std::string_view text, T& target, decode_mode mode = decode_mode::tolerant,
                        const decode_limits& limits = decode_limits())
{
    decoder reader;
    reader.start(table<T>::value, &target, limits, mode);
    if (reader.write(text) && reader.finish())
        return {};
    const std::string message = reader.failure().message();
    return message.substr(0, message.rfind(" (byte"));
}

template <class T>
std::string failure_of(std::string_view text, decode_mode mode = decode_mode::tolerant)
{
    T target{};
    return decode_text(text, target, mode);
}

template <class T>
std::string encoded(const T& object)
{
    std::string text;
    encode(table<T>::value, &object, text);
    return text;
}

} // namespace usher_tests

#endif
