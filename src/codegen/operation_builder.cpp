#include "operation_builder.hpp"

#include <algorithm>
#include <set>

namespace usher::codegen {

namespace {

constexpr std::string_view methods[] = {"get", "put", "post", "delete", "options", "head", "patch", "trace"};

std::string upper(std::string text)
{
    for (char& c : text)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return text;
}

/// `UserService_ListUsers` without its service.
std::string without_service(const std::string& id)
{
    const std::size_t end = id.find("Service_");
    return end == std::string::npos || id.find('_') != end + 7 ? id : id.substr(end + 8);
}

} // namespace

void describe_service(const document& doc, const std::string& space, model& target)
{
    const node root = doc.root();
    target.space = space;
    const std::size_t last = space.rfind("::");
    target.service = last == std::string::npos ? space : space.substr(last + 2);
    const auto info = root.find("info");
    target.version = info ? info->text_or("version", "") : std::string();
    const auto servers = root.find("servers");
    if (!servers || servers->array().empty())
        return;
    std::string url = servers->at(std::size_t(0)).text_or("url", "");
    while (!url.empty() && url.back() == '/')
        url.pop_back();
    const bool absolute = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
    if (absolute && url.find_first_of("{}$") == std::string::npos)
        target.base_url = url;
}

operation_builder::operation_builder(const document& doc, const words& own_words, model& target)
    : document_(doc),
      words_(own_words),
      model_(target),
      type_names_({"client", "service", "tables", "results", "calls", "parts"}),
      types_(doc, own_words, target, type_names_)
{
}

void operation_builder::run()
{
    find_operations();
    name_groups();
    types_.build_components();
    for (std::size_t i = 0; i < entries_.size(); ++i)
        build(entries_[i], i);
    types_.finish_unions();
}

void operation_builder::find_operations()
{
    const node paths = document_.root().at("paths");
    std::set<std::string> ids;
    std::map<std::string, int> stems;
    for (const auto& path : paths.object()) {
        const node item = document_.follow(paths.at(path.key()));
        for (const auto& part : item.object()) {
            const std::string key = part.key();
            const node own = item.at(key);
            if (std::find(std::begin(methods), std::end(methods), key) == std::end(methods)) {
                static const std::set<std::string> known = {"parameters", "summary", "description"};
                if (known.count(key) == 0 && key.rfind("x-", 0) != 0)
                    own.refuse("a keyword that is not understood");
                continue;
            }
            if (own.has("servers"))
                own.at("servers").refuse("an operation with servers of its own");
            const std::string id = own.text_or("operationId", key + std::string(path.key()));
            if (!ids.insert(id).second)
                own.refuse("a second operation with the id " + id);
            entries_.push_back({upper(key), path.key(), item, own, id, without_service(id), "", ""});
            ++stems[entries_.back().stem];
        }
    }
    for (entry& own : entries_)
        if (stems[own.stem] > 1)
            own.stem = own.id;
    words_.check_operations(ids);
}

void operation_builder::name_groups()
{
    name_scope names({"state", "usage", "client", "basic_client", "service", "operations", "types"});
    std::map<std::string, std::string> given;
    for (entry& own : entries_) {
        const operation_words* words = words_.operation(own.id);
        std::string group = words ? words->group : own.own.text_or("x-speakeasy-group", "");
        if (group.empty())
            if (const auto tags = own.own.find("tags"); tags && !tags->array().empty())
                group = tags->at(std::size_t(0)).text();
        if (group.empty())
            group = own.path.substr(0, own.path.find('/', 1));
        own.wanted = words ? words->name : own.own.text_or("x-speakeasy-name-override", own.stem);
        if (snake_case(own.wanted) == "delete")
            own.wanted = "remove";

        // Two spellings of one group are one group.
        const std::string key = snake_case(group);
        if (given.count(key) == 0) {
            given[key] = names.take(group);
            model_.groups.emplace_back();
            codegen::group& made = model_.groups.back();
            made.name = given[key];
            made.comment = words_.group(key);
            made.home = types_.new_unit(made.name, true);
            groups_[made.name] = &made;
            type_names_.reserve(made.name + "_group");
        }
        own.group = given[key];
    }
}

std::vector<node> operation_builder::parameters_of(const entry& from) const
{
    std::vector<node> all;
    for (const node* holder : {&from.item, &from.own}) {
        const auto list = holder->find("parameters");
        for (std::size_t i = 0; list && i < list->array().size(); ++i) {
            const node own = document_.follow(list->at(i));
            const auto same = std::find_if(all.begin(), all.end(), [&](const node& other) {
                return other.at("name").text() == own.at("name").text() && other.at("in").text() == own.at("in").text();
            });
            if (same == all.end())
                all.push_back(own);
            else
                *same = own;
        }
    }
    return all;
}

type* operation_builder::params_of(operation& own, const spot& where, const node& from)
{
    if (!own.params) {
        spot at = where;
        at.name = own.symbol + "_params";
        own.params = types_.create(kind::object, at, from);
        own.params->is_params = true;
        own.params->comment = "Parameters of `" + own.group + "()." + own.name + "`.";
    }
    return own.params;
}

void operation_builder::build(const entry& from, std::size_t index)
{
    model_.operations.emplace_back();
    operation& own = model_.operations.back();
    if (index > 0xffff)
        from.own.refuse("more than 65536 operations");
    own.id = from.id;
    own.symbol = symbols_.take(from.stem);
    own.method = from.method;
    own.path = from.path;
    own.group = from.group;
    own.name = function_names_[from.group].take(from.wanted);
    const operation_words* words = words_.operation(from.id);
    own.summary = words ? words->summary : from.own.text_or("summary", "");
    own.deprecated = from.own.flag("deprecated");
    const auto security = from.own.find("security");
    const auto general = document_.root().find("security");
    if (security ? security->array().empty() : !general || general->array().empty())
        own.credentials = credential_use::none;
    else if (words_.wants_machine_key(from.id))
        own.credentials = credential_use::machine;

    codegen::group& home = *groups_.at(from.group);
    own.home = home.home;
    home.operations.push_back(&own);
    const spot where{own.symbol, own.id, home.home, {}, false};

    const std::vector<node> parameters = parameters_of(from);
    add_path(from, own, parameters);
    name_scope names;
    add_query(own, parameters, where, names);
    add_body(from, own, where, names);
    add_result(from, own, where);
    add_pages(from, own);
    if (own.params)
        for (const member& each : own.params->members)
            if (each.required && each.read_only)
                from.own.refuse("a required parameter that is read-only: " + each.wire);
}

} // namespace usher::codegen
