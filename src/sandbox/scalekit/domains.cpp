#include "sandbox/identifier.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>
#include <array>

namespace usher::sandbox::scalekit {

namespace {

constexpr std::array<std::string_view, 8> public_domains{"gmail.com",  "outlook.com", "hotmail.com", "yahoo.com",
                                                         "icloud.com", "aol.com",     "proton.me",   "mailinator.com"};

bool domain_like(std::string_view text)
{
    const auto dot = text.find('.');
    return text.size() <= 253 && dot != 0 && dot != std::string_view::npos && text.back() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.';
           });
}

} // namespace

namespace rules {

void create_domain(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    const auto name = lower(text_in(c.body(), "domain"));
    if (!domain_like(name))
        return invalid(c, "domain", "a domain");
    if (std::find(public_domains.begin(), public_domains.end(), name) != public_domains.end())
        return invalid(c, "domain", "a domain of a business, not one that anybody gets addresses at");
    const auto path = organization_path(c.capture(0), "domains");
    const auto key = path + " " + name;
    if (!c.kept.owner(key).empty())
        return impossible(c, "The organization has this domain already.");
    const auto now = time_text(c.wall);
    json::object made{{"id", new_id(c, "dom_")},
                      {"domain", name},
                      {"domain_type", "ORGANIZATION_DOMAIN"},
                      {"environment_id", "env_100000000000000001"},
                      {"organization_id", c.capture(0)},
                      {"create_time", now},
                      {"update_time", now}};
    assign(made, c.body(), {"domain_type"});
    c.kept.add(path, std::string(text_in(made, "id")), made, {key}, c.wall, c.now);
    answer_one(c, "domain", std::move(made));
}

void get_domain(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    const auto* found = c.kept.at(organization_path(c.capture(0), "domains")).find(c.capture(1));
    if (!found)
        return absent(c, "domain", c.capture(1));
    answer_one(c, "domain", found->parsed());
}

// Pages by number here, beginning with 0.
void list_domains(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    auto all = everything(c, organization_path(c.capture(0), "domains"));
    if (const auto type = text_in(c.asked.query, "domain_type"); !type.empty())
        std::erase_if(all, [&](const auto* r) { return text_in(r->parsed(), "domain_type") != type; });
    const auto number = [&](const char* name, std::int64_t standard) {
        const auto* v = c.asked.query.if_contains(name);
        return v && v->is_int64() ? v->get_int64() : standard;
    };
    const auto size = number("page_size", 30) == 0 ? 30 : number("page_size", 30);
    const auto page = number("page_number", 0);
    if (size < 0 || size > 100)
        return invalid(c, "page_size", "at most 100");
    if (page < 0)
        return invalid(c, "page_number", "at least 0");
    json::array items;
    const auto count = static_cast<std::int64_t>(all.size());
    for (auto i = page * size; i < std::min(count, (page + 1) * size); ++i)
        items.push_back(as_kept(c, *all[static_cast<std::size_t>(i)]));
    const auto shown = static_cast<std::int64_t>(items.size());
    c.answer(json::object{{"page_number", page}, {"page_size", shown}, {"domains", std::move(items)}});
}

void delete_domain(context& c)
{
    if (!organization(c, c.capture(0)))
        return;
    auto& in = c.kept.at(organization_path(c.capture(0), "domains"));
    auto* found = in.find(c.capture(1));
    if (!found)
        return absent(c, "domain", c.capture(1));
    c.kept.remove(in, *found);
    answer_nothing(c);
}

} // namespace rules

} // namespace usher::sandbox::scalekit
