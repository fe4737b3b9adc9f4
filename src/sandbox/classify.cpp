// What an operation does, read off the shape of its path:
//
//   "/things"  "/things/{}"           a collection and its elements; a path is a collection when something stands at or
//                                     below "/things/{}", or when it can be both listed and posted to
//   "/things/{}/verb"                 the element, when the answer is the element; otherwise something that belongs to
//   it
//   "/things/bulk" "/things/count"    the collection
//   "/thing/settings"                 there is exactly one

#include "sandbox/api.hpp"

#include <set>

namespace usher::sandbox {

namespace {

std::vector<std::string> segments(std::string_view path)
{
    std::vector<std::string> out;
    for (std::size_t at = 1; at <= path.size();) {
        const auto end = path.find('/', at);
        out.emplace_back(path.substr(at, end - at));
        if (end == std::string_view::npos)
            break;
        at = end + 1;
    }
    return out;
}

std::string join(const std::vector<std::string>& parts, std::size_t from, std::size_t to)
{
    std::string out;
    for (auto i = from; i < to; ++i)
        out += "/" + parts[i];
    return out;
}

struct shapes {
    std::set<std::string, std::less<>> collections;
    std::map<std::string, const schema*, std::less<>> elements; // what GET "/things/{}" (or a create) answers
};

shapes survey(const std::vector<std::unique_ptr<operation>>& operations)
{
    shapes found;
    std::set<std::string> listed, posted;
    for (const auto& o : operations) {
        const auto parts = segments(path_template(o->path));
        for (std::size_t i = 1; i < parts.size(); ++i)
            if (parts[i] == "{}")
                found.collections.insert(join(parts, 0, i));
        const auto whole = join(parts, 0, parts.size());
        std::string name;
        if (o->method == "GET" && listed_items(o->answer, name))
            listed.insert(whole);
        if (o->method == "POST")
            posted.insert(whole);
        if (o->method == "GET" && parts.back() == "{}")
            found.elements[join(parts, 0, parts.size() - 1)] = o->answer;
    }
    for (const auto& path : listed)
        if (posted.contains(path))
            found.collections.insert(path);
    for (const auto& o : operations)
        if (const auto whole = path_template(o->path); o->method == "POST" && found.collections.contains(whole))
            found.elements.try_emplace(whole, o->answer);
    return found;
}

void classify_collection(operation& o)
{
    o.act = o.method == "POST" ? action::create : o.method == "GET" ? action::list : action::nothing;
}

void classify_element(operation& o)
{
    o.act = o.method == "GET"      ? action::get
            : o.method == "DELETE" ? action::remove
            : o.method == "POST"   ? action::nothing
                                   : action::update;
}

// Whether two schemas describe the same kind of thing: the constant in `object` says so, or most of the members do.
bool same_kind(const schema* a, const schema* b)
{
    if (!a || !b)
        return false;
    if (a == b)
        return true;
    const auto* x = a->find("object");
    const auto* y = b->find("object");
    return x && y && !x->of->enumeration.empty() && x->of->enumeration == y->of->enumeration;
}

} // namespace

std::string path_template(std::string_view path)
{
    std::string out;
    bool inside = false;
    for (const char c : path) {
        if (c == '{')
            inside = true;
        if (!inside)
            out += c;
        if (c == '}') {
            inside = false;
            out += "{}";
        }
    }
    return out;
}

const schema* listed_items(const schema* answer, std::string& name)
{
    name.clear();
    if (!answer)
        return nullptr;
    if (answer->type == schema::kind::array)
        return answer->items;
    if (!answer->find("total_count") && !answer->find("data"))
        return nullptr;
    for (const auto& p : answer->properties)
        if (p.of->type == schema::kind::array) {
            name = p.name;
            return p.of->items;
        }
    return nullptr;
}

void classify(std::vector<std::unique_ptr<operation>>& operations)
{
    const auto found = survey(operations);
    for (const auto& pointer : operations) {
        auto& o = *pointer;
        const auto whole = path_template(o.path);
        const auto parts = segments(whole);
        o.form = whole;
        std::string name;
        const bool lists = listed_items(o.answer, name) != nullptr;

        if (found.collections.contains(whole)) {
            classify_collection(o);
            o.collection = whole;
        } else if (parts.back() == "{}" && parts.size() > 1 &&
                   found.collections.contains(join(parts, 0, parts.size() - 1))) {
            classify_element(o);
            if (o.act == action::get && lists)
                o.act = action::list;
            o.collection = join(parts, 0, parts.size() - 1);
        } else if (parts.size() > 1 && found.collections.contains(join(parts, 0, parts.size() - 1))) {
            o.collection = join(parts, 0, parts.size() - 1);
            o.verb = parts.back();
            o.act = o.method == "GET" && o.verb == "count"   ? action::count
                    : o.method == "POST" && o.verb == "bulk" ? action::create_many
                    : o.method == "GET" && lists             ? action::list
                                                             : action::nothing;
        } else if (o.method == "GET" && lists) {
            o.act = action::list;
            o.collection = whole;
        } else if (const auto last = whole.rfind("{}"); last != std::string::npos) {
            o.collection = whole.substr(0, last == 0 ? 0 : last - 1);
            o.verb = whole.size() > last + 3 ? whole.substr(last + 3) : std::string();
            const auto element = found.elements.find(o.collection);
            const bool changes =
                o.method != "GET" && element != found.elements.end() && same_kind(element->second, o.answer);
            o.act = changes ? action::element_verb : action::element_view;
        } else
            o.act = o.method == "GET" || o.method == "PATCH" || o.method == "PUT" ? action::singleton : action::nothing;

        o.parents = 0;
        for (std::size_t at = o.collection.find("{}"); at != std::string::npos; at = o.collection.find("{}", at + 2))
            ++o.parents;
    }
}

} // namespace usher::sandbox
