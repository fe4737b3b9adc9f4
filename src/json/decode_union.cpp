// Values that are kept as a tree first: free-form JSON, and unions until their alternative is known.
#include "json/decode_state.hpp"
#include "json/union_fit.hpp"

#include <usher/unknown.hpp>

#include <cmath>

namespace usher::detail {

namespace json = boost::json;

void decode_state::begin_capture(slot where)
{
    capture_ = where;
    activity_ = activity::capturing;
    tag_next_ = false;
    kept_ = 0;
    tree_.reset();
}

bool decode_state::capture_begin()
{
    if (activity_ == activity::capturing)
        flush_tag();
    ++nest_;
    return true;
}

bool decode_state::capture_end()
{
    if (--nest_ != 0)
        return true;
    const bool captured = activity_ == activity::capturing;
    activity_ = activity::typed;
    if (!captured)
        return true;
    json::value value = tree_.release();
    if (capture_.type->what == kind::json_object) {
        *static_cast<json::object*>(capture_.at) = std::move(value.get_object());
        return true;
    }
    return store_value(capture_, std::move(value));
}

bool decode_state::captured_key(std::string_view name)
{
    if (nest_ == 1 && capture_.type->what == kind::one_of) {
        if (!capture_.type->discriminator.empty() && name == capture_.type->discriminator) {
            tag_next_ = true;
            return true;
        }
        ++kept_;
    }
    tree_.push_key(name);
    return true;
}

/// The discriminator's value is no tag that we know: it stays in the tree like any other member.
void decode_state::flush_tag()
{
    if (!tag_next_)
        return;
    tag_next_ = false;
    ++kept_;
    tree_.push_key(capture_.type->discriminator);
}

bool decode_state::captured_text(std::string_view text)
{
    if (tag_next_) {
        const auto choices = capture_.type->choices;
        for (std::size_t index = 0; index != choices.size(); ++index)
            for (const std::string_view tag : choices[index].tags)
                if (tag == text)
                    return enter_choice(index, tag);
        flush_tag();
    }
    tree_.push_string(text);
    return aside_scalar();
}

/// From here on the union is read as it comes; what stood before the discriminator is replayed.
bool decode_state::enter_choice(std::size_t index, std::string_view tag)
{
    json::object before;
    if (kept_ != 0) {
        tree_.push_object(kept_);
        before = std::move(tree_.release().get_object());
    }
    const slot where = capture_;
    const std::string_view discriminator = where.type->discriminator;
    activity_ = activity::typed;
    tag_next_ = false;
    nest_ = 0;
    if (!enter_object(unwrap({where.type->choices[index].type, where.type->ops->choose(where.at, index)})))
        return false;
    return replay_members(before) && key(discriminator) && text(tag);
}

/// Takes the alternative that fits best; when it fails in a detail the next best is tried.
bool decode_state::resolve(slot where, json::value&& value)
{
    const type_info& type = *where.type;
    if (type.discriminator.empty()) {
        int bound = fit_unbounded;
        for (;;) {
            int best = no_fit;
            std::size_t chosen = 0;
            for (std::size_t index = 0; index != type.choices.size(); ++index) {
                // Ranks are distinct: the earlier of two alternatives that fit equally well comes first.
                const int fit = fit_of(*type.choices[index].type, value);
                const int rank = fit == no_fit ? no_fit : fit * 256 + 255 - static_cast<int>(index % 256);
                if (rank < bound && rank > best) {
                    best = rank;
                    chosen = index;
                }
            }
            if (best == no_fit)
                break;
            if (try_choice(where, chosen, value))
                return true;
            bound = best;
        }
    }
    if (mode_ == decode_mode::strict)
        return mismatch(where, "something else");
    static_cast<unknown_json*>(type.ops->choose(where.at, type.choices.size()))->json = std::move(value);
    return true;
}

bool decode_state::try_choice(slot where, std::size_t index, const json::value& value)
{
    const std::size_t frames = frames_.size();
    const std::size_t keys = keys_.size();
    const std::size_t depth = depth_;
    if (replay_at({where.type->choices[index].type, where.type->ops->choose(where.at, index)}, value))
        return true;
    frames_.resize(frames);
    keys_.resize(keys);
    depth_ = depth;
    activity_ = activity::typed;
    nest_ = 0;
    tag_next_ = failed_ = false;
    key_.clear();
    return false;
}

bool decode_state::replay_members(const json::object& members)
{
    for (const auto& member : members)
        if (!key(member.key()) || !replay(member.value()))
            return false;
    return true;
}

/// A tree as the value of a slot that is not where the next event would go.
bool decode_state::replay_at(slot where, const json::value& value)
{
    switch (value.kind()) {
    case json::kind::object:
        ++depth_;
        return enter_object(unwrap(where)) && replay_members(value.get_object()) &&
               end_object(value.get_object().size());
    case json::kind::array:
        ++depth_;
        if (!enter_array(unwrap(where)))
            return false;
        for (const json::value& element : value.get_array())
            if (!replay(element))
                return false;
        return end_array(value.get_array().size());
    case json::kind::string:
        return store_text(unwrap(where), value.get_string());
    case json::kind::int64:
        return store_integer(unwrap(where), value.get_int64());
    case json::kind::uint64:
        return store_real(unwrap(where), static_cast<double>(value.get_uint64()));
    case json::kind::double_:
        return store_real(unwrap(where), value.get_double());
    case json::kind::bool_:
        return store_boolean(unwrap(where), value.get_bool());
    case json::kind::null:
        break;
    }
    return store_null(where);
}

/// A tree as events.
bool decode_state::replay(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::object:
        return begin_object() && replay_members(value.get_object()) && end_object(value.get_object().size());
    case json::kind::array:
        if (!begin_array())
            return false;
        for (const json::value& element : value.get_array())
            if (!replay(element))
                return false;
        return end_array(value.get_array().size());
    case json::kind::string:
        return text(value.get_string());
    case json::kind::int64:
        return integer(value.get_int64(), {});
    case json::kind::uint64:
        return natural(value.get_uint64());
    case json::kind::bool_:
        return boolean(value.get_bool());
    case json::kind::null:
        return null_value();
    case json::kind::double_:
        break;
    }
    if (activity_ == activity::capturing) {
        flush_tag();
        tree_.push_double(value.get_double());
    }
    if (activity_ != activity::typed)
        return aside_scalar();
    return store_real(unwrap(take()), value.get_double());
}

/// A number out of a tree; what was written as 3.0 is still an integer.
bool decode_state::store_real(slot where, double value)
{
    switch (where.type->what) {
    case kind::int32:
    case kind::int64:
    case kind::int64_text:
    case kind::unix_milliseconds:
    case kind::unix_seconds:
        if (value != std::floor(value))
            return mismatch(where, "a number with a fraction");
        if (value < -0x1p63 || value >= 0x1p63)
            return out_of_range(where);
        return store_integer(where, static_cast<std::int64_t>(value));
    default:
        return store_number(where, value);
    }
}

} // namespace usher::detail
