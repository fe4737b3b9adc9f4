#include "live/checks/fixture.hpp"
#include "live/run_to_end.hpp"

#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <utility>

namespace usher::tests {

namespace {

sandbox::options of_service(sandbox::service of)
{
    sandbox::options how;
    how.services = {of};
    how.tls = false;
    return how;
}

/// All pages of a listing of Clerk's.
json::array all_of(checks_fixture& of, const std::string& path)
{
    json::array all;
    for (;;) {
        const auto page = of.get(path + "?limit=100&order_by=created_at&offset=" + std::to_string(all.size()));
        const auto& items = page.is_array() ? page.get_array() : page.at("data").as_array();
        all.insert(all.end(), items.begin(), items.end());
        if (items.size() < 100)
            return all;
    }
}

} // namespace

checks_fixture::checks_fixture(sandbox::service of) : service_kind(of), service(of_service(of)), http(service)
{
    on.emplace(io.get_executor(), engine_options());
    restart();
}

void checks_fixture::restart()
{
    client_options at;
    at.base_url = service.url();
    at.quota = quota::unlimited();
    at.retry.initial_backoff = 1ms;
    bulk::target_options quick;
    quick.pause = 20ms;
    quick.deadline = 20s;
    if (service_kind == sandbox::service::clerk)
        target = bulk::make_clerk_target(io.get_executor(), clerk::client(*on, secret("sk_test_key"), at), quick);
    else
        target = bulk::make_scalekit_target(io.get_executor(), scalekit::client(*on, secret("sk_test_key"), at), quick);
}

checks_fixture::~checks_fixture()
{
    BOOST_TEST(service.mails() == 0U);
    target.reset();
}

void checks_fixture::write_source(const texts& records)
{
    std::string text;
    for (const auto& each : records)
        text += each + '\n';
    folder.write("source.ndjson", text);
}

std::unique_ptr<bulk::source> checks_fixture::source()
{
    bulk::file_source_options how;
    how.format = bulk::source_format::usher;
    return bulk::open_file(io.get_executor(), folder.file("source.ndjson"), how);
}

std::unique_ptr<bulk::journal> checks_fixture::journal()
{
    return bulk::open_journal(io.get_executor(), folder.file("job.usher"));
}

bulk::import_counters checks_fixture::import()
{
    bulk::import_listener quiet;
    const auto from = source();
    const auto book = journal();
    bulk::importer job(io.get_executor(), *from, *target, *book, quiet, bulk::import_options());
    const auto end = run_to_end(io, job.run());
    BOOST_TEST((end == bulk::import_end::finished));
    return job.counters();
}

texts checks_fixture::verify(std::chrono::milliseconds patience)
{
    const auto from = source();
    const bulk::journal_reader book(folder.file("job.usher"));
    bulk::verify_options options;
    options.patience = patience;
    texts found;
    const auto add = [&found](const bulk::difference& each) { found.push_back(each.source_id + ", " + each.field); };
    auto done = run_to_end(io, bulk::verify(io.get_executor(), *from, *target, book, options, add));
    BOOST_TEST_REQUIRE(done.has_value());
    verified = *done;
    std::sort(found.begin(), found.end());
    return found;
}

bulk::undo_counters checks_fixture::undo(bool force, std::size_t concurrency)
{
    const auto book = journal();
    const bulk::journal_reader made(folder.file("job.usher"));
    bulk::undo_options options;
    options.force = force;
    options.concurrency = concurrency;
    const auto failed = [this](const bulk::made_thing&, const error& why) { undo_failure = why; };
    return run_to_end(io, bulk::undo(io.get_executor(), *target, *book, made, options, failed));
}

bulk::plan_result checks_fixture::plan(texts* findings, const bulk::plan_options& how)
{
    const auto from = source();
    const auto found = [findings](const bulk::plan_finding& each) {
        if (findings)
            findings->push_back(std::to_string(each.line) + ' ' + each.code + ' ' + each.field);
    };
    auto done = run_to_end(io, bulk::plan(io.get_executor(), *from, target.get(), how, found));
    BOOST_TEST_REQUIRE(done.has_value());
    return std::move(*done);
}

json::value checks_fixture::get(const std::string& path)
{
    const auto got = http.get(path);
    BOOST_TEST_REQUIRE(got.status == 200);
    return got.body();
}

json::object checks_fixture::send(const std::string& method, const std::string& path, const json::value& body)
{
    const auto got = http.send(method, path, body.is_null() ? std::string() : json::serialize(body));
    BOOST_TEST_REQUIRE(got.status / 100 == 2, method << ' ' << path << ": " << got.text);
    return got.object();
}

std::string checks_fixture::user_id(const std::string& source_id)
{
    const auto found = get("/users?external_id=%2B" + source_id).as_array();
    BOOST_TEST_REQUIRE(found.size() == 1U);
    return std::string(found.at(0).at("id").as_string());
}

std::string checks_fixture::organization_id(const std::string& slug)
{
    return std::string(get("/organizations/" + slug).at("id").as_string());
}

std::string checks_fixture::everything()
{
    std::string text;
    for (const char* path : {"/users", "/organizations", "/organization_memberships"})
        for (const auto& each : all_of(*this, path))
            text += json::serialize(each) + '\n';
    return text;
}

std::string whole_user(int number, const texts& organizations)
{
    const std::string id = 'u' + std::to_string(number);
    json::array memberships;
    for (const auto& each : organizations)
        memberships.push_back(json::object{{"organization", each}, {"roles", json::array{"org:member"}}});
    const auto address = [&](const char* name, bool verified) {
        return json::object{{"value", name + id + "@example.com"}, {"verified", verified}};
    };
    json::object user{
        {"kind", "user"},
        {"id", id},
        {"email_addresses", json::array{address("first-", true), address("second-", true), address("third-", false)}},
        {"phone_numbers",
         json::array{json::object{{"value", "+1555010" + std::to_string(1000 + number)}, {"verified", true}}}},
        {"username", "name_" + id},
        {"first_name", "First"},
        {"last_name", "Last"},
        {"locale", "en-GB"},
        {"totp_secret", "JBSWY3DPEHPK3PXP"},
        {"public_metadata", json::object{{"plan", json::object{{"name", "gold"}, {"seats", 5}}}}},
        {"private_metadata", json::object{{"stripe", "cus_" + id}}},
        {"unsafe_metadata", json::object{{"theme", "dark"}}},
        {"created_at", "2021-02-03T04:05:06.789Z"},
        {"delete_self_enabled", true},
        {"memberships", std::move(memberships)}};
    user["password"] =
        json::object{{"hasher", "bcrypt"}, {"digest", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"}};
    if (number % 10 == 0)
        user["banned"] = true;
    return json::serialize(user);
}

std::string whole_organization(const std::string& id)
{
    const json::object made{{"kind", "organization"},
                            {"id", id},
                            {"name", "Organization " + id},
                            {"slug", "slug-" + id},
                            {"created_at", "2020-02-03T04:05:06.789Z"},
                            {"public_metadata", json::object{{"tier", 1}}},
                            {"private_metadata", json::object{{"crm", id}}},
                            {"max_allowed_memberships", 1000}};
    return json::serialize(made);
}

} // namespace usher::tests
