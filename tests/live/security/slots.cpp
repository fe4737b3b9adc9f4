#include "slots.hpp"

#include "json/text.hpp"
#include "json/view.hpp"

#include <usher/open_enum.hpp>
#include <usher/upload.hpp>

#include <boost/json/value.hpp>

namespace security {

namespace {

using namespace usher::detail;

class finder {
public:
    explicit finder(std::vector<slot>& into) : all_(into) {}

    void members(const type_info& type, void* object)
    {
        for (const auto& member : type.members) {
            const auto outer_name = name_;
            const auto outer_place = where_;
            if (is_outermost_)
                where_ = member.where;
            name_ = member.name;
            const bool was_outermost = is_outermost_;
            is_outermost_ = false;
            if ((member.flags & member_read_only) == 0)
                value(*member.type, const_cast<void*>(member_at(member, object)));
            is_outermost_ = was_outermost;
            name_ = outer_name;
            where_ = outer_place;
        }
    }

private:
    void value(const type_info& wrapped, void* object)
    {
        const auto seen = look_at(wrapped, object);
        if (seen.state != presence::value)
            return;
        void* at = const_cast<void*>(seen.at);
        const auto* type = seen.type;
        switch (type->what) {
        case kind::string: {
            auto* text = static_cast<std::string*>(at);
            add(
                "text", [text](const std::string& evil) { return *text = evil, true; },
                [text, old = *text] { *text = old; });
            break;
        }
        case kind::enumeration: {
            auto* text = static_cast<open_enum_storage*>(at);
            add(
                "enumeration",
                [text, type](const std::string& evil) { return enum_assign(*text, type->names, evil), true; },
                [text, old = *text] { *text = old; });
            break;
        }
        case kind::json_value: {
            auto* tree = static_cast<boost::json::value*>(at);
            add(
                "JSON",
                [tree](const std::string& evil) { return is_utf8(evil) && (*tree = boost::json::value(evil), true); },
                [tree, old = *tree] { *tree = old; });
            break;
        }
        case kind::json_object: {
            auto* tree = static_cast<boost::json::object*>(at);
            add(
                "key of free JSON",
                [tree, old = *tree](const std::string& evil) {
                    if (!is_utf8(evil))
                        return false;
                    *tree = old;
                    (*tree)[evil] = evil;
                    return true;
                },
                [tree, old = *tree] { *tree = old; });
            break;
        }
        case kind::upload: {
            auto* file = static_cast<usher::upload*>(at);
            for (const bool is_name : {true, false})
                add(
                    is_name ? "file name" : "media type",
                    [file, is_name](const std::string& evil) {
                        *file = is_name ? usher::upload::from_memory("bytes", evil)
                                        : usher::upload::from_memory("bytes", "name", evil);
                        return true;
                    },
                    [file, old = *file] { *file = old; });
            break;
        }
        case kind::object:
            members(*type, at);
            break;
        case kind::map:
        case kind::array:
            elements(*type, at);
            break;
        case kind::one_of: {
            const void* inner = nullptr;
            const auto index = type->ops->chosen(at, &inner);
            if (index < type->choices.size())
                value(*type->choices[index].type, const_cast<void*>(inner));
            break;
        }
        default:
            break;
        }
    }

    void elements(const type_info& type, void* at)
    {
        struct context {
            finder* self;
            const type_info* element;
        } shared{this, type.element};
        type.ops->each(at, &shared, [](void* in, std::string_view, const void* element) {
            const auto& own = *static_cast<context*>(in);
            own.self->value(*own.element, const_cast<void*>(element));
            return true;
        });
    }

    template <class Put, class Reset>
    void add(const char* what, Put put, Reset reset)
    {
        slot made;
        made.name = name_;
        made.where = where_;
        made.what = what;
        made.put = std::move(put);
        made.reset = std::move(reset);
        all_.push_back(std::move(made));
    }

    std::vector<slot>& all_;
    std::string name_;
    place where_ = place::body;
    bool is_outermost_ = true;
};

} // namespace

std::vector<slot> slots_of(const type_info& type, void* object)
{
    std::vector<slot> all;
    finder(all).members(type, object);
    return all;
}

} // namespace security
