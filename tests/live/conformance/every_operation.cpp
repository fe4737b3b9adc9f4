// Every operation through its typed function, against a server that knows the document alone.
#include "compare.hpp"
#include "sample.hpp"

#include "clerk.hpp"

#include "json/decoder.hpp"

#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

namespace asio = boost::asio;
namespace json = boost::json;
namespace sandbox = usher::sandbox;
using namespace conformance;
using usher::clerk::dispatch::arguments;
using usher::clerk::dispatch::entries;
using usher::clerk::dispatch::outcome;

namespace {

struct fixture {
    fixture()
        : server(make_options()),
          engine(io.get_executor(), engine_options()),
          client(engine, usher::secret("sk_test_conformance0000000000000000000000"), client_options())
    {
        upload =
            (std::filesystem::temp_directory_path() / ("usher-conformance-" + std::to_string(::getpid()))).string();
        std::ofstream(upload) << "not really a picture";
        std::ifstream in(std::string(USHER_SOURCE_DIR) + "/src/spec/clerk-backend.openapi.json");
        std::ostringstream text;
        text << in.rdbuf();
        document = json::parse(text.str());
        options.retry = usher::retry_policy();
        options.retry->max_attempts = 1;
        options.deadline = std::chrono::seconds(10);
    }
    ~fixture() { std::filesystem::remove(upload); }

    static sandbox::options make_options()
    {
        sandbox::options own;
        own.mode = sandbox::answers::full;
        return own;
    }
    usher::engine_options engine_options() const
    {
        usher::engine_options own;
        own.ca_pem = server.ca_pem();
        return own;
    }
    usher::client_options client_options() const
    {
        usher::client_options own;
        own.base_url = server.url();
        own.quota = usher::quota::unlimited();
        return own;
    }

    outcome run(usher::clerk::dispatch::function function, const arguments& of)
    {
        outcome made;
        std::exception_ptr thrown;
        asio::co_spawn(io, function(of), [&](std::exception_ptr failure, outcome result) {
            thrown = failure;
            made = std::move(result);
        });
        io.restart();
        io.run();
        if (thrown)
            std::rethrow_exception(thrown);
        return made;
    }

    /// Calls all operations; what went wrong is reported by operation.
    void sweep(amount how, sandbox::answers mode, const tolerance& allowed);
    bool call_one(const usher::detail::operation_info& operation, const sample& with, amount how, sandbox::answers mode,
                  const tolerance& allowed);
    bool same_request(const usher::detail::operation_info& operation, const sample& with);

    sandbox::server server;
    asio::io_context io{1};
    usher::engine engine;
    usher::clerk::client client;
    usher::call_options options;
    json::value document;
    std::string upload;
};

std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    return out;
}

std::string plain(const json::value& value)
{
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

/// The target as the document has it: ids in their places, then `name=value` lines in any order.
std::multiset<std::string> expected_target(const usher::detail::operation_info& operation, const sample& with)
{
    std::string path = "/v1" + std::string(operation.path);
    for (const auto& id : with.path) {
        const auto open = path.find('{');
        path.replace(open, path.find('}') - open + 1, id);
    }
    std::multiset<std::string> parts{path};
    for (const auto& [name, value] : with.query) {
        if (value.is_null())
            continue; // a query has no null: the parameter is left out
        if (!value.is_array()) {
            parts.insert(name + '=' + plain(value));
            continue;
        }
        const bool joined = std::find(with.joined.begin(), with.joined.end(), name) != with.joined.end();
        std::string all;
        for (const auto& element : value.get_array()) {
            if (!joined)
                parts.insert(name + '=' + plain(element));
            all += (all.empty() ? "" : ",") + plain(element);
        }
        if (joined)
            parts.insert(name + '=' + all);
    }
    return parts;
}

std::multiset<std::string> target_of(std::string_view target)
{
    const auto mark = std::min(target.find('?'), target.size());
    std::multiset<std::string> parts{decoded(target.substr(0, mark))};
    for (auto rest = target.substr(std::min(mark + 1, target.size())); !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        parts.insert(decoded(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return parts;
}

bool fixture::same_request(const usher::detail::operation_info& operation, const sample& with)
{
    const auto expected = expected_target(operation, with);
    const auto target = target_of(server.last_request().target);
    BOOST_TEST((target == expected), operation.id << ": sent " << server.last_request().target);
    if (target != expected)
        return false;
    if (operation.body != usher::detail::body_kind::json)
        return true;
    const std::string sent = server.last_request().body;
    if (sent.empty())
        return with.body.is_null() || with.body == json::object();
    const std::string what = difference(with.body, json::parse(sent), tolerance());
    BOOST_TEST(what.empty(), operation.id << ": the body that was sent is another: " << what);
    return what.empty();
}

bool fixture::call_one(const usher::detail::operation_info& operation, const sample& with, amount how,
                       sandbox::answers mode, const tolerance& allowed)
{
    void* params = operation.params ? operation.params->create() : nullptr;
    const auto destroy = [&](void* object) {
        if (object)
            operation.params->destroy(object);
    };
    const std::unique_ptr<void, decltype(destroy)> owner(params, destroy);
    if (params) {
        usher::detail::decoder decoder;
        decoder.start(*operation.params, params, usher::detail::decode_limits(), usher::detail::decode_mode::strict);
        const std::string text = json::serialize(with.params);
        const bool read = decoder.write(text) && decoder.finish();
        BOOST_TEST(read, operation.id << ": its parameters can't be read: " << decoder.failure().message() << "\n"
                                      << text);
        if (!read)
            return false;
    }
    const auto& entry = entries[operation.index];
    const bool bare = how == amount::required && entry.bare && with.params.empty();
    const arguments of{client, with.path, params, options};
    const outcome made = run(bare ? entry.bare : entry.call, of);
    BOOST_TEST(!made.failure, operation.id << ": " << made.failure.message() << "\n"
                                           << server.last_answer().substr(0, 400) << "\n"
                                           << json::serialize(with.params).substr(0, 600));
    if (made.failure || !same_request(operation, with))
        return false;

    if (operation.result) {
        const std::string what = difference(json::parse(server.last_answer()), json::parse(made.answer), allowed);
        BOOST_TEST(what.empty(), operation.id << ": " << what);
        if (!what.empty())
            return false;
    }
    if (entry.page && mode == sandbox::answers::full) {
        const outcome page = run(entry.page, of);
        BOOST_TEST((!page.failure && page.items == 2U),
                   operation.id << ": a page of " << page.items << " " << page.failure.message());
        return !page.failure && page.items == 2U;
    }
    return true;
}

void fixture::sweep(amount how, sandbox::answers mode, const tolerance& allowed)
{
    server.set_mode(mode);
    const auto samples = make_samples(document, how, upload);
    const auto operations = usher::clerk::service().operations;
    BOOST_REQUIRE_EQUAL(samples.size(), 206U);
    BOOST_REQUIRE_EQUAL(operations.size(), 206U);
    std::size_t good = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        BOOST_REQUIRE_EQUAL(operations[i]->id, samples[i].id);
        good += call_one(*operations[i], samples[i], how, mode, allowed) ? 1 : 0;
    }
    BOOST_TEST_MESSAGE(good << " of " << samples.size() << " operations");
    BOOST_TEST(good == 206U);
}

tolerance nothing()
{
    return {};
}

tolerance of_nulls()
{
    tolerance own;
    own.null_is_absent = true;
    return own;
}

tolerance of_the_future()
{
    tolerance own;
    own.unknown_dropped = true;
    return own;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(every_operation, fixture)

BOOST_AUTO_TEST_CASE(with_every_parameter_and_every_member_of_the_answer)
{
    sweep(amount::full, sandbox::answers::full, nothing());
}

BOOST_AUTO_TEST_CASE(with_required_parameters_and_required_members_of_the_answer)
{
    sweep(amount::required, sandbox::answers::required, nothing());
}

BOOST_AUTO_TEST_CASE(with_null_wherever_the_document_allows_it)
{
    sweep(amount::nulls, sandbox::answers::nulls, of_nulls());
}

BOOST_AUTO_TEST_CASE(with_answers_from_a_later_version_of_the_service)
{
    sweep(amount::full, sandbox::answers::future, of_the_future());
}

BOOST_AUTO_TEST_SUITE_END()
