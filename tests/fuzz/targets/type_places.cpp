#include "type_places.hpp"

#include <usher/clerk.hpp>
#include <usher/clerk/events.hpp>
#include <usher/clerk_platform.hpp>
#include <usher/detail/type_ops.hpp>
#include <usher/scalekit.hpp>
#include <usher/scalekit/events.hpp>

#include <set>

namespace usher::fuzz {
namespace {

using detail::kind;
using detail::type_info;

class collector {
public:
    explicit collector(std::vector<type_place>& to) : to_(to) {}

    void add_root(const type_info& type, void* (*create)(), void (*destroy)(void*), bool is_params)
    {
        if (!known_.insert(&type).second)
            return;
        type_place place;
        place.type = place.root = &type;
        place.create = create;
        place.destroy = destroy;
        place.is_params = is_params;
        to_.push_back(std::move(place));
    }

    /// What is inside of what is there, until there is nothing new.
    void close()
    {
        for (std::size_t i = 0; i < to_.size(); ++i) {
            const auto& type = *to_[i].type;
            for (std::size_t k = 0; k < type.members.size(); ++k)
                add_inside(i, k, *type.members[k].type);
            for (std::size_t k = 0; k < type.choices.size(); ++k)
                add_inside(i, k, *type.choices[k].type);
            if (type.element != nullptr)
                add_inside(i, 0, *type.element);
        }
    }

private:
    void add_inside(std::size_t outer, std::size_t step, const type_info& type)
    {
        if (!known_.insert(&type).second)
            return;
        type_place place = to_[outer];
        place.type = &type;
        place.steps.push_back(step);
        place.is_params = false;
        to_.push_back(std::move(place));
    }

    std::vector<type_place>& to_;
    std::set<const type_info*> known_;
};

template <class Event>
void add_event(collector& all)
{
    all.add_root(usher_type(static_cast<const Event*>(nullptr)), detail::create_object<Event>,
                 detail::destroy_object<Event>, false);
}

} // namespace

const std::vector<type_place>& type_places()
{
    static const std::vector<type_place> places = [] {
        std::vector<type_place> made;
        collector all(made);
        for (const auto* service : {&clerk::service(), &clerk_platform::service(), &scalekit::service()})
            for (const auto* operation : service->operations)
                for (const auto* type : {operation->params, operation->result})
                    if (type != nullptr && type->create != nullptr)
                        all.add_root(*type, type->create, type->destroy, type == operation->params);
        add_event<clerk::events::event>(all);
        add_event<scalekit::events::event>(all);
        all.close();
        return made;
    }();
    return places;
}

placed_object::placed_object(const type_place& of) : root_(of.create(), of.destroy), at_(root_.get())
{
    const auto* type = of.root;
    for (const std::size_t step : of.steps) {
        if (type->what == kind::object) {
            at_ = static_cast<char*>(at_) + type->members[step].offset;
            type = type->members[step].type;
        } else if (type->what == kind::one_of) {
            at_ = type->ops->choose(at_, step);
            type = type->choices[step].type;
        } else {
            at_ = type->ops->add(at_, {});
            type = type->element;
        }
    }
}

} // namespace usher::fuzz
