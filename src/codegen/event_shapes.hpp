// Which objects in the examples of events are of one type.
#ifndef USHER_CODEGEN_EVENT_SHAPES_HPP
#define USHER_CODEGEN_EVENT_SHAPES_HPP

#include "document.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace usher::codegen {

/// A type, as every example of it that there is.
struct event_shape {
    std::string name;  ///< in snake case
    std::string owner; ///< what it is the data of, or the shape that it stands in
    bool is_data = false;
    std::vector<node> samples;
    std::set<std::string> members;
};

/// Rules.
/// - The `data` of all events with the same `object` is one shape, called like that object: what all events say about a
///   directory user is a directory user. If it has a member of its own name it gets the suffix `_data`.
/// - An object further inside is called like its member, in the singular in an array.
/// - Objects of one name are one shape if they share at least half the members of the smaller one; otherwise the later
///   one gets the name of what it stands in as a prefix.
/// - What stands under `metadata`, or a name that ends in `attributes`, has free keys and is no shape; neither is an
///   object without members.
class event_shapes {
public:
    /// `examples`: one event each, by type. *Errors*: `refused`.
    explicit event_shapes(const node& examples);

    const std::deque<event_shape>& all() const noexcept { return all_; }
    /// The shape of an object in the examples, or null if its keys are free.
    const event_shape* of(const json::value& object) const;
    static bool has_free_keys(std::string_view member);

private:
    void place(const node& object, const std::string& name, const std::string& holder, bool is_data);
    void look_into(const node& value, const std::string& name, const std::string& holder);

    std::deque<event_shape> all_;
    std::map<const json::value*, const event_shape*> of_;
};

} // namespace usher::codegen

#endif
