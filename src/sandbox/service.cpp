#include "sandbox/service.hpp"

#include "sandbox/documents.hpp"
#include "sandbox/identifier.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/rules.hpp"
#include "sandbox/scalekit/scalekit.hpp"

#include <algorithm>

namespace usher::sandbox {

namespace {

std::string whole(std::span<const std::string_view> pieces)
{
    std::string out;
    for (const auto piece : pieces)
        out += piece;
    return out;
}

std::string document_of(service one)
{
    switch (one) {
    case service::clerk:
        return whole(clerk_backend_document());
    case service::clerk_platform:
        return whole(clerk_platform_document());
    case service::scalekit:
        break;
    }
    return whole(scalekit_document());
}

} // namespace

backend::backend(options how)
    : how_(std::move(how)), oauth_(how_, keys_, how_.seed ^ 0x6f61'7574), traces_(how_.seed ^ 0x7261'6365)
{
    if (how_.services.empty())
        throw std::invalid_argument("sandbox: at least one service must be served");
    for (const auto one : how_.services) {
        documents_.push_back(std::make_unique<api>(one, document_of(one)));
        for (const auto& o : documents_.back()->operations()) {
            if (one == service::clerk)
                o->special = rule_of(o->id);
            else if (one == service::scalekit)
                o->special = scalekit::rule_of(o->id);
            else
                o->special = platform::rule_of(o->id);
            routes_.add(*o);
            const bool makes = o->act == action::create && o->answer && o->answer->find("id");
            if (makes && one != service::scalekit)
                creatable_.insert(o->collection);
        }
    }
    if (std::find(how_.services.begin(), how_.services.end(), service::clerk) != how_.services.end())
        for (const auto* more : {"/email_addresses", "/phone_numbers", "/m2m_tokens"})
            creatable_.insert(more);
    add_pages();
    set_faults(how_.faults);
}

void backend::refuse(reply& to, service of, problems why)
{
    if (of == service::scalekit) // has no 422: what is invalid is 400
        for (auto& one : why)
            one.status = one.status == 422 ? 400 : one.status;
    to.status = why.front().status;
    to.trace_id = hexadecimal(32, traces_);
    to.body = error_body(of, to.status, why, to.trace_id);
}

const fault* backend::next_fault(const operation& of)
{
    for (auto& one : faults_) {
        if (!one.what.operation.empty() && one.what.operation != of.id)
            continue;
        if (one.what.count != 0 && one.done == one.what.count)
            continue;
        if (one.seen++ < one.what.skip || (one.seen - one.what.skip) % std::max(one.what.every, 1u) != 0)
            continue;
        ++one.done;
        ++faults_made_;
        return &one.what;
    }
    return nullptr;
}

void backend::handle(const request& asked, instant now, std::int64_t wall, reply& to)
{
    if (!started_)
        started_ = now;
    now_ = now;
    wall_ = wall;
    const auto mark = asked.target.find('?');
    auto path = asked.target.substr(0, mark);
    const auto query = mark == std::string_view::npos ? std::string_view() : asked.target.substr(mark + 1);
    if (path.starts_with("/v1/"))
        path.remove_prefix(3);

    const bool of_scalekit = path.starts_with("/api/v1/") || path.starts_with("/oauth/");
    const bool served = std::find(how_.services.begin(), how_.services.end(), service::scalekit) != how_.services.end();
    const auto fallback = of_scalekit && served ? service::scalekit : how_.services.front();
    to.of = fallback;
    const auto found = routes_.find(asked.method, path, captures_);
    if (!found.found) {
        if (found.path_known)
            return refuse(to, fallback,
                          {{405, "method_not_allowed", "method not allowed", "This method is not allowed here.", {}}});
        return refuse(to, fallback, {not_found()});
    }
    const auto& o = *found.found;
    to.of = o.of;
    to.page = o.page;
    to.failing = next_fault(o);
    if (to.failing && to.failing->what == fault::kind::drop_request)
        return;
    if (o.page != builtin::none) {
        if (!to.failing || to.failing->what != fault::kind::answer)
            oauth_.answer(o.page, asked, query, wall, to);
        return;
    }

    problems why;
    const auto key = check_credentials(asked, o, wall, why);
    if (!why.empty())
        return refuse(to, o.of, std::move(why));

    call wanted;
    for (const auto one : captures_) {
        auto decoded = percent_decode(one, false);
        if (!decoded || decoded->empty())
            return refuse(to, o.of, {not_found()});
        wanted.captures.push_back(std::move(*decoded));
    }
    auto& mine = instance_of(o.of, key, now);
    if (const auto wait = o.of == service::clerk ? mine.limit.admit(o.method, o.form, wanted.captures, now)
                                                 : mine.limit.admit({}, {}, {}, now);
        wait > span::zero()) {
        refuse(to, o.of,
               {{429, "too_many_requests", "Too many requests", "Too many requests. Please try again in a bit.", {}}});
        to.refused = true;
        to.retry_after = retry_after_seconds(wait);
        to.failing = nullptr;
        return;
    }
    if (to.failing && to.failing->what == fault::kind::answer)
        return;

    check_request(asked, o, query, how_.mode == answers::stateful, wanted, why);
    if (!why.empty()) {
        // a request that cannot be read at all says only that
        const auto unreadable = std::find_if(why.begin(), why.end(), [](const auto& p) { return p.status != 422; });
        if (unreadable != why.end())
            why = {problem(*unreadable)};
        return refuse(to, o.of, std::move(why));
    }
    perform(mine, wanted, key, now, wall, to);
}

void backend::resolve_slug(instance& of, call& asked)
{
    if (!asked.of->form.starts_with("/organizations/{}/") || asked.captures.empty() ||
        of.kept.at("/organizations").find(asked.captures[0]))
        return;
    if (const auto owner = of.kept.owner("slug:" + asked.captures[0]); !owner.empty())
        asked.captures[0] = owner;
}

void backend::perform(instance& of, call& asked, std::string_view key, instant now, std::int64_t wall, reply& to)
{
    const auto& o = *asked.of;
    to.status = o.status;
    if (how_.mode != answers::stateful) {
        if (o.answer)
            to.body = json::serialize(of.made.make(*o.answer, how_.mode, wall));
        return;
    }
    resolve_slug(of, asked);
    context c(of.kept, of.made, how_, creatable_, asked, now, wall);
    c.others = this;
    c.keys = &keys_;
    c.origin = oauth_.origin;
    c.key = key;
    act(c);
    if (!c.refused.empty())
        return refuse(to, o.of, std::move(c.refused));
    if (c.status != 0)
        to.status = c.status;
    if (o.answer)
        to.body = std::move(c.text);
}

} // namespace usher::sandbox
