// Vocabulary. The *envelope* is the JSON object that the caller wrote. A *group* is a member of it that holds the
// parameters of one place: "path", "query", "header" or "body".
// The decoder reads it in one pass, straight into the parameters, so that no number changes on its way through a
// document tree. For that the envelope gets a type table of its own, made for the call: every member of it is a box
// whose content lies elsewhere, in the parameters or among the ids.
#include "call/json_parameters.hpp"

#include "json/decoder.hpp"
#include "json/reset.hpp"

#include <usher/upload.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <deque>

namespace usher::detail {

namespace {

struct elsewhere {
    const type_info* type;
    void* at;
};

constexpr container_ops elsewhere_ops{
    [](void* self, std::string_view) { return static_cast<elsewhere*>(self)->at; },
    [](const void*) { return std::size_t(1); },
    [](const void* self, void* context, bool (*visit)(void*, std::string_view, const void*)) {
        visit(context, {}, static_cast<const elsewhere*>(self)->at);
    },
    [](void* self) { reset_value(*static_cast<elsewhere*>(self)->type, static_cast<elsewhere*>(self)->at); },
    nullptr,
    nullptr,
    nullptr,
    nullptr};
constexpr type_info id_type{kind::json_value, "id",   sizeof(boost::json::value), {}, {}, {}, {}, nullptr, nullptr,
                            nullptr,          nullptr};
constexpr type_info file_type{kind::upload, "upload", sizeof(upload), {},      {},     {},
                              {},           nullptr,  nullptr,        nullptr, nullptr};

type_info object_type(std::string_view name, std::span<const member_info> members)
{
    return {kind::object, name, 0, members, {}, {}, {}, nullptr, nullptr, nullptr, nullptr};
}

constexpr std::string_view names_of_groups[] = {"path", "query", "header", "body"};

class envelope {
public:
    envelope(const operation_info& operation, void* params)
        : operation_(operation), params_(params), ids_(operation.path_parameters.size())
    {
        add_ids();
        if (params != nullptr)
            for (const member_info& each : operation.params->members)
                add_parameter(each);
        add_groups();
        make_table();
    }

    std::optional<std::string> read(std::string_view text)
    {
        decoder from;
        from.start(whole_, targets_.data(), decode_limits(), decode_mode::strict);
        if (from.write(text) && from.finish())
            return finish();
        const decode_failure& failure = from.failure();
        if (!failure.pointer.empty() || !failure.found.starts_with('"'))
            return failure.message();
        for (const auto name : ambiguous_)
            if (failure.found == '"' + std::string(name) + '"')
                return failure.found + " stands in more than one place: say which, as " + example_of(name);
        return failure.found + ": the operation has no such parameter" + known_names();
    }

    /// What the ids came out as. *Errors*: in words.
    std::optional<std::string> take_ids(std::vector<std::string>& path) const
    {
        for (std::size_t i = 0; i != ids_.size(); ++i) {
            const std::string name(operation_.path_parameters[i].name);
            const boost::json::value& id = ids_[i];
            if (id.is_string())
                path.emplace_back(id.get_string().data(), id.get_string().size());
            else if (id.is_int64())
                path.push_back(std::to_string(id.get_int64()));
            else if (id.is_uint64())
                path.push_back(std::to_string(id.get_uint64()));
            else
                return "/" + name + (id.is_null() ? ": required, not given" : ": a text was expected");
        }
        return std::nullopt;
    }

private:
    struct entry {
        member_info member;
        const type_info* type;
        void* target;
        bool is_group = false;
    };

    void add_ids()
    {
        for (std::size_t i = 0; i != ids_.size(); ++i) {
            const auto name = operation_.path_parameters[i].name;
            const auto offset = static_cast<std::uint32_t>(i * sizeof(boost::json::value));
            grouped_[0].push_back({name, offset, &id_type, nullptr, nullptr, place::body, 0});
            entries_.push_back({{name, 0, nullptr, nullptr, nullptr, place::body, 0}, &id_type, &ids_[i]});
        }
    }

    void add_parameter(const member_info& each)
    {
        grouped_[each.where == place::query ? 1 : each.where == place::header ? 2 : 3].push_back(each);
        const auto same = std::find_if(entries_.begin(), entries_.end(),
                                       [&](const entry& other) { return other.member.name == each.name; });
        if (same != entries_.end())
            ambiguous_.push_back(each.name);
        else
            entries_.push_back({each, each.type, static_cast<char*>(params_) + each.offset});
    }

    /// Where nothing has the name of a group, the group is there; where a form may be one file alone, "body" is it.
    void add_groups()
    {
        entries_.erase(std::remove_if(entries_.begin(), entries_.end(),
                                      [this](const entry& each) {
                                          return std::find(ambiguous_.begin(), ambiguous_.end(), each.member.name) !=
                                                 ambiguous_.end();
                                      }),
                       entries_.end());
        const auto taken = [this](std::string_view name) {
            return std::any_of(entries_.begin(), entries_.end(),
                               [name](const entry& each) { return each.member.name == name; });
        };
        for (std::size_t i = 0; i != std::size(names_of_groups); ++i) {
            const member_info named{names_of_groups[i], 0, nullptr, nullptr, nullptr, place::body, 0};
            if (taken(named.name))
                continue;
            if (i == 3 && operation_.body == body_kind::multipart_or_octets)
                entries_.push_back({named, &file_type, &file_, true});
            else if (!grouped_[i].empty())
                entries_.push_back({named, &types_.emplace_back(object_type(named.name, grouped_[i])),
                                    i == 0 ? static_cast<void*>(ids_.data()) : params_, true});
        }
    }

    void make_table()
    {
        for (const entry& each : entries_) {
            types_.push_back({kind::box,
                              each.type->name,
                              sizeof(elsewhere),
                              {},
                              {},
                              {},
                              {},
                              each.type,
                              &elsewhere_ops,
                              nullptr,
                              nullptr});
            member_info member = each.member;
            member.offset = static_cast<std::uint32_t>(targets_.size() * sizeof(elsewhere));
            member.type = &types_.back();
            members_.push_back(member);
            targets_.push_back({each.type, each.target});
        }
        whole_ = object_type("parameters", members_);
    }

    /// A file that is the whole body goes where the form has its file.
    std::optional<std::string> finish()
    {
        if (file_ == upload())
            return std::nullopt;
        for (const member_info& each : operation_.params->members) {
            const type_info* type = each.type;
            void* at = static_cast<char*>(params_) + each.offset;
            if (each.where != place::body)
                continue;
            for (; type->what >= kind::optional; type = type->element)
                at = type->ops->add(at, {});
            if (type->what == kind::upload)
                *static_cast<upload*>(at) = file_.as_body();
        }
        return std::nullopt;
    }

    std::string known_names() const
    {
        std::string text;
        for (const entry& each : entries_)
            if (!each.is_group)
                text.append(text.empty() ? "; it has " : ", ").append(each.member.name);
        return text;
    }

    std::string example_of(std::string_view name) const
    {
        std::string text;
        for (std::size_t i = 0; i != std::size(names_of_groups); ++i)
            for (const member_info& each : grouped_[i])
                if (each.name == name)
                    text += std::string(text.empty() ? "" : " or ") + "{\"" + std::string(names_of_groups[i]) +
                            "\": {\"" + std::string(name) + "\": …}}";
        return text;
    }

    const operation_info& operation_;
    void* params_;
    std::vector<boost::json::value> ids_;
    upload file_;
    std::vector<member_info> grouped_[std::size(names_of_groups)];
    std::vector<entry> entries_;
    std::vector<std::string_view> ambiguous_;
    std::deque<type_info> types_;
    std::vector<member_info> members_;
    std::vector<elsewhere> targets_;
    type_info whole_ = object_type({}, {});
};

} // namespace

std::optional<std::string> read_parameters(const operation_info& operation, std::string_view text,
                                           std::vector<std::string>& path, void* params)
{
    envelope own(operation, params);
    if (auto wrong = own.read(text.empty() ? std::string_view("{}") : text))
        return wrong;
    return own.take_ids(path);
}

} // namespace usher::detail
