// Every text that a caller can pass to any operation: one request of the same shape goes out and holds what was given,
// or none, and the error names the parameter.
#include "captured.hpp"
#include "evil.hpp"
#include "slots.hpp"

#include "call/json_parameters.hpp"
#include "call/prepared_call.hpp"
#include "live/conformance/sample.hpp"
#include "temporary_folder.hpp"
#include "json/text.hpp"

#include <usher/clerk/operations.hpp>
#include <usher/clerk_platform/operations.hpp>
#include <usher/scalekit/operations.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace json = boost::json;
using namespace security;
using usher::detail::operation_info;

namespace {

const std::string address = "https://api.example:8443/prefix/v1";

struct document_of {
    const char* name;
    const usher::detail::service_info& service;
};

struct injection : captured {
    injection()
    {
        folder.write("upload", "bytes");
        for (const auto& [name, service] : {document_of{"clerk-backend", usher::clerk::service()},
                                            document_of{"clerk-platform", usher::clerk_platform::service()},
                                            document_of{"scalekit", usher::scalekit::service()}}) {
            std::ostringstream text;
            text << std::ifstream(USHER_SOURCE_DIR "/src/spec/" + std::string(name) + ".openapi.json").rdbuf();
            clients.emplace_back(engine, service, usher::credentials(usher::secret("sk_test_injection")),
                                 options(address));
            samples.push_back(conformance::make_samples(json::parse(text.str()), conformance::amount::full, upload));
        }
        shared = capture(address);
    }

    /// An operation with harmless parameters that are all there.
    struct subject {
        subject(const usher::basic_client& client_, const operation_info& operation_, const conformance::sample& with)
            : client(client_), operation(operation_)
        {
            params = operation.params ? operation.params->create() : nullptr;
            const auto wrong = usher::detail::read_parameters(operation, json::serialize(with.params), path, params);
            BOOST_TEST_REQUIRE(!wrong, operation.id << ": " << wrong.value_or(""));
        }
        subject(const subject&) = delete;
        ~subject()
        {
            if (params)
                operation.params->destroy(params);
        }

        const usher::basic_client& client;
        const operation_info& operation;
        std::vector<std::string> path;
        void* params = nullptr;
    };

    /// Sends it. The failure, or what went out.
    std::optional<seen_request> send(const subject& of, const usher::call_options& with, std::string& failure)
    {
        shared->sent.clear();
        const std::vector<std::string_view> ids(of.path.begin(), of.path.end());
        void* result = of.operation.result ? of.operation.result->create() : nullptr;
        auto done = run(usher::detail::execute(
            usher::detail::prepare(of.client.state(), of.operation, ids, of.params, with), result));
        if (result)
            of.operation.result->destroy(result);
        if (!done && done.error().kind() == usher::error_kind::invalid_request) {
            failure = done.error().message();
            BOOST_TEST(is_one_clean_line(failure), "not one clean line: " << failure);
            BOOST_TEST(shared->sent.empty(), "refused, and sent: " << failure);
            return std::nullopt;
        }
        failure.clear();
        try {
            const auto all = read_requests(shared->sent);
            BOOST_TEST_REQUIRE(all.size() == 1U, "sent " << all.size() << " requests: " << shared->sent);
            return all.front();
        } catch (const std::runtime_error& wrong) {
            BOOST_TEST_REQUIRE(false, wrong.what() << ": " << shared->sent.substr(0, 2000));
        }
        return std::nullopt;
    }

    /// Calls `check` for every operation of every service.
    template <class Check>
    void sweep(Check check)
    {
        std::size_t operations = 0;
        for (std::size_t i = 0; i != clients.size(); ++i)
            for (const auto* operation : clients[i].state()->service.operations) {
                subject one(clients[i], *operation, samples[i].at(operation->index));
                BOOST_TEST_CONTEXT("operation " << operation->id)
                {
                    check(one);
                }
                ++operations;
            }
        BOOST_TEST(operations == 336U);
        BOOST_TEST_MESSAGE(sent << " sent, " << refused << " refused");
    }

    static usher::call_options checked(bool validate)
    {
        usher::call_options own;
        return own.validate = validate, own;
    }

    const usher::tests::temporary_folder folder;
    const std::string upload = folder.file("upload");
    std::vector<usher::basic_client> clients;
    std::vector<std::vector<conformance::sample>> samples;
    std::shared_ptr<wire> shared;
    std::size_t sent = 0;
    std::size_t refused = 0;
};

bool holds(const json::value& tree, std::string_view text)
{
    if (tree.is_string())
        return std::string_view(tree.get_string().data(), tree.get_string().size()) == text;
    if (tree.is_array())
        return std::any_of(tree.get_array().begin(), tree.get_array().end(),
                           [&](const json::value& one) { return holds(one, text); });
    if (tree.is_object())
        return std::any_of(tree.get_object().begin(), tree.get_object().end(),
                           [&](const auto& one) { return holds(one.value(), text); });
    return false;
}

/// Where a part of a form holds a text of this kind.
bool is_held(const form_part& part, std::string_view what, const std::string& text)
{
    if (what == "file name")
        return part.file_name == in_quotes(text);
    if (what == "media type")
        return part.media_type == text;
    boost::system::error_code ec;
    const auto tree = json::parse(part.content, ec);
    return part.content == text || (!ec && holds(tree, text));
}

/// True if the request is the harmless one but for the text, which stands where it was put.
void same_shape(const seen_request& now, const seen_request& before, const slot& at, const std::string& evil)
{
    BOOST_TEST(now.method == before.method);
    BOOST_TEST(now.path() == before.path());
    BOOST_TEST(now.header("Host") == "api.example:8443");
    BOOST_TEST(now.header_names() == before.header_names(), boost::test_tools::per_element());
    BOOST_TEST(now.query_names() == before.query_names(), boost::test_tools::per_element());
    const auto type = now.header("Content-Type");
    if (at.where == usher::detail::place::query) {
        const auto query = now.query();
        BOOST_TEST(std::any_of(query.begin(), query.end(),
                               [&](const auto& one) {
                                   return one.second == evil || one.second.starts_with(evil + ',') ||
                                          one.second.ends_with(',' + evil);
                               }),
                   "the query does not hold what was given: " << now.target);
        BOOST_TEST(now.body == before.body);
    } else if (at.where == usher::detail::place::header) {
        BOOST_TEST(now.header(at.name) == evil);
        BOOST_TEST(now.target == before.target);
    } else if (type == "application/json") {
        boost::system::error_code ec;
        const auto tree = json::parse(now.body, ec);
        BOOST_TEST_REQUIRE(!ec, "the body is no JSON");
        BOOST_TEST(holds(tree, evil), "the body does not hold what was given");
    } else if (type.starts_with("multipart/form-data")) {
        const auto parts = form_parts(now);
        BOOST_TEST(parts.size() == form_parts(before).size());
        BOOST_TEST(std::any_of(parts.begin(), parts.end(),
                               [&](const form_part& part) { return is_held(part, at.what, evil); }),
                   "the form does not hold what was given: " << now.body.substr(0, 2000));
    } else {
        BOOST_FAIL("the text went nowhere that is looked at: a body of type " << type);
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(every_operation, injection)

BOOST_AUTO_TEST_CASE(keeps_the_shape_of_its_path_whatever_an_id_is)
{
    sweep([this](subject& one) {
        std::string failure;
        const auto plain = send(one, checked(false), failure);
        BOOST_TEST_REQUIRE(plain.has_value(), failure);
        for (std::size_t i = 0; i != one.path.size(); ++i) {
            const auto old = one.path[i];
            std::size_t place = 0; // of the id among the segments
            const auto before = plain->segments();
            while (place != before.size() && percent_decoded(before[place]).find(old) == std::string::npos)
                ++place;
            BOOST_TEST_REQUIRE(place != before.size());
            for (const auto& evil : evil_texts()) {
                one.path[i] = evil;
                const auto request = send(one, checked(false), failure);
                one.path[i] = old;
                if (!request) {
                    ++refused;
                    BOOST_TEST(failure.find(one.operation.path_parameters[i].name) != std::string::npos, failure);
                    continue;
                }
                ++sent;
                auto expected = before;
                const auto now = request->segments();
                BOOST_TEST_REQUIRE(now.size() == before.size(), request->target);
                BOOST_TEST(percent_decoded(now[place]).find(evil) != std::string::npos, request->target);
                expected[place] = now[place];
                BOOST_TEST(now == expected, boost::test_tools::per_element());
                BOOST_TEST(request->query() == plain->query());
                BOOST_TEST(request->headers.size() == plain->headers.size());
                BOOST_TEST(request->header("Host") == "api.example:8443");
                // No decoder along the way makes another path of it.
                for (const auto& segment : now)
                    BOOST_TEST((segment != "." && segment != ".." && !segment.empty()), request->target);
            }
        }
    });
    BOOST_TEST(sent > 10'000U);
    BOOST_TEST(refused > 5'000U);
}

BOOST_AUTO_TEST_CASE(keeps_its_shape_whatever_its_texts_are)
{
    std::size_t places = 0;
    std::size_t turn = 0;
    constexpr std::size_t single_bytes = 256;
    sweep([&](subject& one) {
        if (one.params == nullptr)
            return;
        std::string failure;
        const auto plain = send(one, checked(false), failure);
        BOOST_TEST_REQUIRE(plain.has_value(), failure);
        const auto& evils = evil_texts();
        for (auto& at : slots_of(*one.operation.params, one.params)) {
            ++places;
            // All that have a meaning, and each single byte in turn.
            for (std::size_t i = 0; i != evils.size(); ++i) {
                if (i >= evils.size() - single_bytes && (i + turn) % 32 != 0)
                    continue;
                const auto& evil = evils[i];
                if (!at.put(evil))
                    continue;
                for (const bool validate : {true, false}) {
                    const auto request = send(one, checked(validate), failure);
                    BOOST_TEST_CONTEXT(at.what << " " << at.name << " = " << evil.substr(0, 60) << ", validate "
                                               << validate)
                    {
                        if (!request) {
                            ++refused;
                            const bool is_about_file =
                                std::string_view(at.what) == "file name" || std::string_view(at.what) == "media type";
                            BOOST_TEST((failure.find(at.name) != std::string::npos ||
                                        (!validate && failure.find("UTF-8") != std::string::npos) ||
                                        (is_about_file && failure.find("upload") != std::string::npos)),
                                       failure);
                        } else {
                            ++sent;
                            same_shape(*request, *plain, at, evil);
                        }
                    }
                }
            }
            at.reset();
            ++turn;
        }
    });
    BOOST_TEST_MESSAGE(places << " places that hold a text");
    BOOST_TEST(places > 700U);
    BOOST_TEST(sent > 50'000U);
    BOOST_TEST(refused > 5'000U);
}

BOOST_AUTO_TEST_SUITE_END()
