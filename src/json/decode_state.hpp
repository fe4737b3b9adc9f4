// What the decoder does with the parser's events.
//
// Vocabulary. A *slot* is a type and the address of an object of it: where the next value goes. A *frame* is an
// object, array or map whose end has not come yet. While *skipping*, a value that no table knows goes by. While
// *capturing*, a value is built as a tree: free-form JSON, or a union whose alternative is not known yet.
// Invariants. Slots are found when their value begins, so an address in a vector is never held across an element
// that is added to the same vector. `nest_` counts the containers open since skipping or capturing began.
// Lifecycle. start, events, until the root's value is complete or one of the events returned false.
#ifndef USHER_JSON_DECODE_STATE_HPP
#define USHER_JSON_DECODE_STATE_HPP

#include "json/decoder.hpp"
#include "json/reset.hpp"

#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include <vector>

namespace usher::detail {

class decode_state {
public:
    void start(const type_info& type, void* target, std::size_t max_depth, decode_mode mode);

    bool begin_object();
    bool end_object(std::size_t members);
    bool begin_array();
    bool end_array(std::size_t elements);
    bool key_part(std::string_view piece);
    bool key(std::string_view last);
    bool text_part(std::string_view piece);
    bool text(std::string_view last);
    bool number_part(std::string_view piece);
    bool integer(std::int64_t value, std::string_view last);
    bool natural(std::uint64_t value);
    bool real(double approximation, std::string_view last);
    bool boolean(bool value);
    bool null_value();

    /// True once an event refused the document; the parser's own errors are put in with `fail`.
    bool failed() const noexcept { return failed_; }
    bool fail(std::string_view expected, std::string_view found);
    decode_failure& failure() noexcept { return failure_; }

    /// Bytes of the elements made so far. Nothing here holds it against a limit: that takes place between pieces.
    std::uint64_t spent() const noexcept { return spent_; }
    void spend(std::uint64_t bytes) noexcept { spent_ += bytes; }
    bool is_capturing() const noexcept { return activity_ == activity::capturing; }

private:
    struct slot {
        const type_info* type;
        void* at;
    };
    struct frame {
        const type_info* type;
        void* at;
        std::uint64_t seen;    ///< object: members that came already (the first 64)
        std::uint32_t next;    ///< object: the member that most likely comes next
        std::uint32_t current; ///< object: the member that is being read
        std::size_t key_at;    ///< map: where its current key stands in `keys_`
    };
    enum class activity : std::uint8_t { typed, skipping, capturing };
    static constexpr std::uint32_t no_member = 0xffffffffU;

    slot take();
    static slot unwrap(slot where);
    void push(slot where);
    void pop();
    bool enter_object(slot where);
    bool enter_array(slot where);
    bool find_member(frame& in, std::string_view name);
    bool typed_key(std::string_view name);
    bool text_rest(std::string_view last);

    bool store_text(slot where, std::string_view text);
    bool store_whole(slot where, std::string_view text, std::string_view found);
    bool store_integer(slot where, std::int64_t value);
    bool store_number(slot where, double value);
    bool store_boolean(slot where, bool value);
    bool store_value(slot where, boost::json::value&& value);
    bool store_null(slot where);
    bool mismatch(slot where, std::string_view found);
    bool unknown_member(std::string_view name);
    bool out_of_range(slot where);

    void begin_capture(slot where);
    bool aside_scalar();
    bool capture_begin();
    bool capture_end();
    bool captured_key(std::string_view name);
    bool captured_text(std::string_view text);
    void flush_tag();
    bool enter_choice(std::size_t index, std::string_view tag);
    bool resolve(slot where, boost::json::value&& value);
    bool replay_at(slot where, const boost::json::value& value);
    bool replay(const boost::json::value& value);
    bool replay_members(const boost::json::object& members);
    bool try_choice(slot where, std::size_t index, const boost::json::value& value);
    bool store_real(slot where, double value);

    std::string pointer() const;

    std::vector<frame> frames_;
    slot next_{};
    activity activity_ = activity::typed;
    decode_mode mode_ = decode_mode::tolerant;
    bool in_text_ = false;  ///< parts of a string came, its end has not
    bool tag_next_ = false; ///< capturing: the value of the discriminator comes next
    bool failed_ = false;
    std::uint64_t spent_ = 0;
    std::size_t depth_ = 0;
    std::size_t max_depth_ = 0;
    std::size_t nest_ = 0;
    std::size_t kept_ = 0; ///< capturing: members complete at the outermost level
    slot open_{};          ///< the string that comes in parts
    slot capture_{};
    boost::json::value_stack tree_;
    std::string text_;
    std::string key_;
    std::string number_;
    std::string keys_; ///< current keys of all open maps, one after the other
    decode_failure failure_;
};

inline decode_state::slot decode_state::take()
{
    const frame& top = frames_.back();
    if (top.type->what == kind::array) {
        spent_ += top.type->element->size;
        return {top.type->element, top.type->ops->add(top.at, {})};
    }
    return next_;
}

inline decode_state::slot decode_state::unwrap(slot where)
{
    static_assert(kind::optional < kind::field && kind::field < kind::box, "wrappers are the last kinds");
    while (where.type->what >= kind::optional)
        where = {where.type->element, where.type->ops->add(where.at, {})};
    return where;
}

inline bool decode_state::find_member(frame& in, std::string_view name)
{
    const auto members = in.type->members;
    const std::size_t count = members.size();
    std::size_t index = in.next;
    for (std::size_t tried = 0; tried != count; ++tried, ++index) {
        if (index >= count)
            index = 0;
        if (members[index].name != name)
            continue;
        const member_info& found = members[index];
        next_ = {found.type, static_cast<char*>(in.at) + found.offset};
        const std::uint64_t bit = index < 64 ? std::uint64_t{1} << index : 0;
        // Seen before, or too far on to know: what the earlier value left must not shine through.
        if (bit == 0 || (in.seen & bit) != 0)
            reset_value(*next_.type, next_.at);
        in.seen |= bit;
        in.current = static_cast<std::uint32_t>(index);
        in.next = in.current + 1;
        return true;
    }
    return false;
}

inline bool decode_state::typed_key(std::string_view name)
{
    frame& top = frames_.back();
    if (top.type->what == kind::object) {
        if (find_member(top, name))
            return true;
        top.current = no_member;
        if (mode_ == decode_mode::strict)
            return unknown_member(name);
        activity_ = activity::skipping;
        nest_ = 0;
        return true;
    }
    keys_.resize(top.key_at);
    keys_ += name;
    constexpr std::size_t map_node = 80; // of the tree and the key, beside the element
    spent_ += top.type->element->size + map_node;
    const std::size_t before = top.type->ops->count(top.at);
    next_ = {top.type->element, top.type->ops->add(top.at, name)};
    if (top.type->ops->count(top.at) == before)
        reset_value(*next_.type, next_.at);
    return true;
}

inline bool decode_state::key(std::string_view last)
{
    std::string_view name = last;
    if (!key_.empty()) {
        key_ += last;
        name = key_;
    }
    bool done = true;
    if (activity_ == activity::typed)
        done = typed_key(name);
    else if (activity_ == activity::capturing)
        done = captured_key(name);
    key_.clear();
    return done;
}

inline bool decode_state::text(std::string_view last)
{
    if (activity_ != activity::typed || in_text_)
        return text_rest(last);
    const slot where = unwrap(take());
    if (where.type->what == kind::string) {
        static_cast<std::string*>(where.at)->assign(last.data(), last.size());
        return true;
    }
    return store_text(where, last);
}

inline bool decode_state::integer(std::int64_t value, std::string_view last)
{
    if (activity_ == activity::typed) {
        const slot where = unwrap(take());
        // Minus zero is an integer to the parser, and a different number as a double.
        if (value == 0 && where.type->what == kind::number && (number_.empty() ? last : number_).starts_with('-'))
            return number_.clear(), store_number(where, -0.0);
        number_.clear();
        return store_integer(where, value);
    }
    number_.clear();
    if (activity_ == activity::capturing) {
        flush_tag();
        tree_.push_int64(value);
    }
    return aside_scalar();
}

inline bool decode_state::aside_scalar()
{
    if (activity_ == activity::skipping && nest_ == 0)
        activity_ = activity::typed;
    return true;
}

} // namespace usher::detail

#endif
