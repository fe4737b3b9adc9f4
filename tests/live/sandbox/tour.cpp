#include "tour.hpp"

#include <map>

namespace sandbox_test {

namespace {

// "/a/{id}/b:c" against "/a/x/b:c": the number of fixed characters when it fits, otherwise nothing.
std::optional<std::size_t> fit(std::string_view form, std::string_view path)
{
    std::size_t fixed = 0;
    while (!form.empty()) {
        if (form.front() != '{') {
            if (path.empty() || path.front() != form.front())
                return std::nullopt;
            ++fixed;
            form.remove_prefix(1);
            path.remove_prefix(1);
            continue;
        }
        form.remove_prefix(form.find('}') + 1);
        const auto rest = form.substr(0, std::min(form.find('/'), form.size())); // of this segment
        const auto segment = path.substr(0, std::min(path.find('/'), path.size()));
        if (segment.size() <= rest.size() || !segment.ends_with(rest))
            return std::nullopt;
        path.remove_prefix(segment.size() - rest.size());
    }
    return path.empty() ? std::optional(fixed) : std::nullopt;
}

} // namespace

tour::tour(const std::string& name)
    : api_(USHER_SOURCE_DIR "/src/spec/" + name + ".openapi.json"), operations_(api_.operations())
{
}

tour& tour::of(const std::string& name)
{
    static std::map<std::string, std::unique_ptr<tour>> all;
    auto& one = all[name];
    if (!one)
        one.reset(new tour(name));
    return *one;
}

void tour::watch(client& who)
{
    who.watcher = [this](const std::string& method, const std::string& path, const answer& got) {
        see(method, path, got);
    };
}

void tour::see(const std::string& method, const std::string& path, const answer& got)
{
    const document::operation* best = nullptr;
    std::size_t most = 0;
    for (const auto& o : operations_)
        if (o.method == method)
            if (const auto fixed = fit(o.path, path.substr(0, path.find('?'))); fixed && (!best || *fixed > most)) {
                best = &o;
                most = *fixed;
            }
    BOOST_TEST(got.text.find("The sandbox failed") == std::string::npos, got.text);
    if (!best || got.status != best->status)
        return;
    answered_.insert(best->id);
    BOOST_TEST_CONTEXT(best->id << ' ' << path << ' ' << got.text)
    {
        if (best->answer)
            BOOST_TEST(api_.mismatch(got.body(), *best->answer, false) == "");
    }
}

std::vector<std::string> tour::missing() const
{
    std::vector<std::string> out;
    for (const auto& o : operations_)
        if (!answered_.contains(o.id))
            out.push_back(o.id);
    return out;
}

} // namespace sandbox_test
