#include "live/targets/fixture.hpp"
#include "live/run_to_end.hpp"

#include "bulk/live/usher_record.hpp"

#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

namespace usher::tests {

const std::vector<mishap> mishaps = {
    {"refused with 500", fault::kind::answer, 500, false},
    {"500 after it was done", fault::kind::late_answer, 500, true},
    {"connection lost before it was read", fault::kind::drop_request, 0, false},
    {"answer lost", fault::kind::drop_answer, 0, true},
    {"answer cut", fault::kind::cut_answer, 0, true},
};

fault once(const mishap& what, const std::string& operation)
{
    fault one(what.kind);
    one.operation = operation;
    one.count = 1;
    one.status = what.status;
    one.reset = true;
    one.bytes = 40;
    return one;
}

fault answer_with(int status, const std::string& operation, const std::string& body)
{
    fault one(fault::kind::answer);
    one.operation = operation;
    one.status = status;
    one.body = body;
    return one;
}

std::string clerk_error(const std::string& code, const std::string& param)
{
    json::object meta;
    if (!param.empty())
        meta["param_name"] = param;
    return json::serialize(
        json::object{{"errors", json::array{json::object{{"code", code}, {"message", code}, {"meta", meta}}}}});
}

namespace {

sandbox::options of_service(sandbox::service of, sandbox::options how)
{
    how.services = {of};
    how.tls = false;
    return how;
}

} // namespace

bulk::target_options target_fixture::quick()
{
    bulk::target_options options;
    options.pause = 20ms;
    options.deadline = 20s;
    options.longest_lag = 300ms;
    return options;
}

target_fixture::target_fixture(sandbox::service of, sandbox::options how, bulk::target_options options)
    : service_kind(of), service(of_service(of, std::move(how))), http(service, "sk_test_key")
{
    on.emplace(io.get_executor(), engine_options());
    restart(std::move(options));
}

target_fixture::~target_fixture()
{
    BOOST_TEST(service.mails() == expected_mails);
    target.reset();
}

void target_fixture::restart(bulk::target_options options)
{
    client_options at;
    at.base_url = service.url();
    at.retry.initial_backoff = 1ms;
    at.quota = quota::unlimited();
    if (service_kind == sandbox::service::clerk)
        target = bulk::make_clerk_target(io.get_executor(), clerk::client(*on, secret("sk_test_key"), at), options);
    else
        target =
            bulk::make_scalekit_target(io.get_executor(), scalekit::client(*on, secret("sk_test_key"), at), options);
    target->set_organizations([this](std::string_view id) {
        const auto found = organizations.find(id);
        return found == organizations.end() ? std::string() : found->second;
    });
}

bulk::step_result target_fixture::perform(bulk::step_request request)
{
    return run_to_end(io, target->perform(std::move(request)));
}

bulk::step_result target_fixture::perform(const bulk::mapped_record& record, bulk::step what, std::string target_id)
{
    bulk::step_request request;
    request.record = &record;
    request.what = what;
    request.target_id = std::move(target_id);
    return run_to_end(io, target->perform(std::move(request)));
}

bulk::step_result target_fixture::in_doubt(const bulk::mapped_record& record, bulk::step what, std::string target_id)
{
    bulk::step_request request;
    request.record = &record;
    request.what = what;
    request.target_id = std::move(target_id);
    request.in_doubt = true;
    request.in_doubt_since = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return run_to_end(io, target->perform(std::move(request)));
}

std::string target_fixture::bring(bulk::mapped_record record)
{
    const auto steps = target->plan(record);
    BOOST_TEST_REQUIRE(steps.has_value());
    std::string id;
    bool is_fresh = false;
    for (const auto& one : *steps) {
        if (one.comes_along && is_fresh)
            continue;
        const auto done = perform(record, one, id);
        BOOST_TEST_REQUIRE(code_of(done) == "");
        if (one.kind == bulk::import_step::create) {
            id = done.id;
            is_fresh = done.made && !done.recovered;
        }
    }
    return id;
}

std::optional<bulk::removal> target_fixture::remove(const bulk::made_thing& what, bool force)
{
    const auto removed = run_to_end(io, target->remove(what, force));
    if (!removed)
        BOOST_TEST_MESSAGE(removed.error().message());
    return removed ? std::optional(*removed) : std::nullopt;
}

std::vector<std::optional<bulk::user>> target_fixture::read_users(std::vector<std::string> ids, bool memberships)
{
    return run_to_end(io, target->read_users(std::move(ids), memberships)).value();
}

std::optional<bulk::organization> target_fixture::read_organization(const std::string& id)
{
    return run_to_end(io, target->read_organization(id)).value();
}

std::string target_fixture::prepare()
{
    const auto ready = run_to_end(io, target->prepare());
    return ready ? std::string() : ready.error().message();
}

json::object target_fixture::get(const std::string& path)
{
    const auto got = http.get(path);
    BOOST_TEST_REQUIRE(got.status == 200, path << ": " << got.status << ' ' << got.text);
    return got.object();
}

json::object target_fixture::post(const std::string& path, const json::value& body)
{
    const auto got = http.post(path, body);
    BOOST_TEST_REQUIRE((got.status == 200 || got.status == 201), path << ": " << got.status << ' ' << got.text);
    return got.object();
}

bulk::mapped_record record_of(bulk::user who)
{
    bulk::mapped_record record;
    record.what = std::move(who);
    return record;
}

bulk::mapped_record record_of(bulk::organization which)
{
    bulk::mapped_record record;
    record.what = std::move(which);
    return record;
}

bulk::user ada(const std::string& id)
{
    bulk::user who;
    who.id = id;
    who.email_addresses.emplace_back(id + "@example.com", true);
    who.first_name = "Ada";
    return who;
}

bulk::organization acme(const std::string& id)
{
    bulk::organization which;
    which.id = id;
    which.name = "Acme Works";
    which.slug = "acme";
    return which;
}

std::string text_of(const bulk::user& who)
{
    return json::serialize(bulk::to_record(who, {}));
}

std::string text_of(const bulk::organization& which)
{
    return json::serialize(bulk::to_record(which, {}));
}

std::string code_of(const bulk::step_result& result)
{
    return result.failure ? result.failure->code + ": " + result.failure->message : std::string();
}

} // namespace usher::tests
