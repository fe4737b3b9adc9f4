#include "sandbox/router.hpp"

#include <algorithm>

namespace usher::sandbox {

void router::add(const operation& o)
{
    auto* at = &root_;
    std::string_view rest = o.path;
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = rest.find('/');
        const auto segment = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
        const auto open = segment.find('{'), close = segment.find('}');
        if (open == std::string_view::npos) {
            auto& next = at->literals[std::string(segment)];
            if (!next)
                next = std::make_unique<node>();
            at = next.get();
            continue;
        }
        const auto prefix = segment.substr(0, open), suffix = segment.substr(close + 1);
        auto known = std::find_if(at->captures.begin(), at->captures.end(),
                                  [&](const auto& c) { return c.prefix == prefix && c.suffix == suffix; });
        if (known == at->captures.end()) {
            at->captures.push_back({std::string(prefix), std::string(suffix), std::make_unique<node>()});
            std::stable_sort(at->captures.begin(), at->captures.end(), [](const auto& a, const auto& b) {
                return a.prefix.size() + a.suffix.size() > b.prefix.size() + b.suffix.size();
            });
            known = std::find_if(at->captures.begin(), at->captures.end(),
                                 [&](const auto& c) { return c.prefix == prefix && c.suffix == suffix; });
        }
        at = known->next.get();
    }
    at->methods[o.method] = &o;
}

// Backtracks: "/users/{id}" and "/users/count" may both fit, and only one may know the method.
const router::node* router::descend(const node& from, std::string_view rest, std::string_view method,
                                    std::vector<std::string_view>& captures, const node*& other)
{
    if (rest.empty()) {
        if (from.methods.contains(method))
            return &from;
        if (!from.methods.empty())
            other = &from;
        return nullptr;
    }
    rest.remove_prefix(1);
    const auto end = rest.find('/');
    const auto segment = rest.substr(0, end);
    const auto after = end == std::string_view::npos ? std::string_view() : rest.substr(end);

    if (const auto literal = from.literals.find(segment); literal != from.literals.end())
        if (const auto* found = descend(*literal->second, after, method, captures, other))
            return found;
    for (const auto& c : from.captures) {
        if (segment.size() <= c.prefix.size() + c.suffix.size() || !segment.starts_with(c.prefix) ||
            !segment.ends_with(c.suffix))
            continue;
        captures.push_back(segment.substr(c.prefix.size(), segment.size() - c.prefix.size() - c.suffix.size()));
        if (const auto* found = descend(*c.next, after, method, captures, other))
            return found;
        captures.pop_back();
    }
    return nullptr;
}

router::match router::find(std::string_view method, std::string_view path,
                           std::vector<std::string_view>& captures) const
{
    captures.clear();
    if (path.empty() || path.front() != '/')
        return {};
    const node* other = nullptr;
    const auto* found = descend(root_, path, method, captures, other);
    if (!found)
        return {nullptr, other != nullptr};
    return {found->methods.find(method)->second, true};
}

} // namespace usher::sandbox
