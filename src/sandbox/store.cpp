#include "sandbox/store.hpp"

namespace usher::sandbox {

namespace {

// "/a/{}/b" against "/a/x/b"
bool fits_template(std::string_view path, std::string_view form)
{
    while (!path.empty() && !form.empty()) {
        const auto p = path.find('/', 1), f = form.find('/', 1);
        const auto one = path.substr(1, p == std::string_view::npos ? p : p - 1);
        const auto want = form.substr(1, f == std::string_view::npos ? f : f - 1);
        if (want != "{}" && want != one)
            return false;
        path = p == std::string_view::npos ? std::string_view() : path.substr(p);
        form = f == std::string_view::npos ? std::string_view() : form.substr(f);
    }
    return path.empty() && form.empty();
}

} // namespace

resource* collection::find(std::string_view id)
{
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
}

resource& collection::insert(resource&& made)
{
    auto id = made.id;
    auto& kept = by_id_.insert_or_assign(std::move(id), std::move(made)).first->second;
    by_time_.insert(&kept);
    return kept;
}

void collection::erase(std::string_view id)
{
    const auto found = by_id_.find(id);
    if (found == by_id_.end())
        return;
    by_time_.erase(&found->second);
    by_id_.erase(found);
}

void collection::moved(resource& of, std::int64_t created_at)
{
    by_time_.erase(&of);
    of.created_at = created_at;
    by_time_.insert(&of);
}

collection& store::at(std::string_view path)
{
    const auto found = collections_.find(path);
    return found != collections_.end() ? found->second
                                       : collections_.emplace(std::string(path), collection()).first->second;
}

collection* store::find(std::string_view path)
{
    const auto found = collections_.find(path);
    return found == collections_.end() ? nullptr : &found->second;
}

void store::drop(std::string_view path)
{
    const auto found = collections_.find(path);
    if (found == collections_.end())
        return;
    for (auto* one : found->second.by_time())
        for (const auto& key : one->keys)
            owners_.erase(key);
    collections_.erase(found);
}

void store::drop_below(std::string_view path)
{
    const std::string prefix = std::string(path) + "/";
    for (auto it = collections_.lower_bound(prefix); it != collections_.end() && it->first.starts_with(prefix);
         it = collections_.lower_bound(prefix))
        drop(it->first);
}

std::vector<std::pair<std::string, collection*>> store::matching(std::string_view path_template)
{
    std::vector<std::pair<std::string, collection*>> out;
    const std::string prefix(path_template.substr(0, path_template.find('{')));
    for (auto it = collections_.lower_bound(prefix); it != collections_.end() && it->first.starts_with(prefix); ++it)
        if (fits_template(it->first, path_template))
            out.emplace_back(it->first, &it->second);
    return out;
}

resource& store::add(std::string_view path, std::string id, const json::value& body, std::vector<std::string> keys,
                     std::int64_t created_at, instant now)
{
    for (const auto& key : keys)
        owners_[key] = id;
    resource made;
    made.id = std::move(id);
    made.text = json::serialize(body);
    made.created_at = created_at;
    made.sequence = ++sequence_;
    made.born = now;
    made.keys = std::move(keys);
    return at(path).insert(std::move(made));
}

void store::replace(collection& in, resource& of, const json::value& body, std::vector<std::string> keys)
{
    for (const auto& key : of.keys)
        owners_.erase(key);
    for (const auto& key : keys)
        owners_[key] = of.id;
    of.keys = std::move(keys);
    of.text = json::serialize(body);
    if (const auto* object = body.if_object())
        if (const auto* created = object->if_contains("created_at");
            created && created->is_int64() && created->get_int64() != of.created_at)
            in.moved(of, created->get_int64());
}

void store::remove(collection& from, resource& of)
{
    for (const auto& key : of.keys)
        owners_.erase(key);
    from.erase(std::string(of.id));
}

std::string_view store::owner(std::string_view key) const
{
    const auto found = owners_.find(key);
    return found == owners_.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t store::count(std::string_view name) const
{
    std::size_t total = 0;
    for (const auto& [path, one] : collections_) {
        const bool whole = path == name;
        const bool last = !name.starts_with('/') && path.ends_with(name) && path[path.size() - name.size() - 1] == '/';
        if (whole || last || (name.starts_with('/') && fits_template(path, name)))
            total += one.size();
    }
    return total;
}

} // namespace usher::sandbox
