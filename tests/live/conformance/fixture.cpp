#include "fixture.hpp"

#include "compare.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

namespace conformance {

namespace asio = boost::asio;
namespace sandbox = usher::sandbox;

namespace {

std::string write_upload()
{
    auto path = std::filesystem::temp_directory_path() / ("usher-conformance-" + std::to_string(::getpid()));
    std::ofstream(path) << upload_content;
    return path.string();
}

sandbox::options sandbox_options()
{
    sandbox::options own;
    own.mode = sandbox::answers::full;
    own.services = {sandbox::service::clerk, sandbox::service::clerk_platform, sandbox::service::scalekit};
    return own;
}

usher::engine_options engine_options(const std::string& ca_pem)
{
    usher::engine_options own;
    own.ca_pem = ca_pem;
    return own;
}

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

/// The target as the document has it: ids in their places, then `name=value` texts in any order.
std::multiset<std::string> expected_target(const std::string& base, const usher::detail::operation_info& operation,
                                           const sample& with)
{
    std::string path = base;
    std::size_t next = 0;
    for (std::string_view rest = operation.path; !rest.empty();) {
        const auto open = std::min(rest.find('{'), rest.size());
        path += rest.substr(0, open);
        if (open == rest.size())
            break;
        path += with.path.at(next++);
        rest.remove_prefix(rest.find('}') + 1);
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

/// Everything but the separators stands percent-encoded, so that no byte of a value can be taken for one.
bool is_encoded(std::string_view target)
{
    return std::all_of(target.begin(), target.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~%/?&=,:").find(c) != std::string_view::npos;
    });
}

std::string header_of(const sandbox::recorded_request& request, std::string_view name)
{
    const auto same = [name](const auto& header) {
        return std::equal(header.first.begin(), header.first.end(), name.begin(), name.end(),
                          [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    };
    const auto found = std::find_if(request.headers.begin(), request.headers.end(), same);
    return found == request.headers.end() ? std::string() : found->second;
}

/// A part for each member, and the file's bytes in theirs.
std::string form_difference(const sandbox::recorded_request& request, const json::object& members)
{
    const std::string type = header_of(request, "content-type");
    if (type.rfind("multipart/form-data; boundary=", 0) != 0)
        return "content type " + type;
    const std::string boundary = "--" + type.substr(type.find('=') + 1);
    std::size_t parts = 0;
    for (const auto& member : members) {
        const std::string head =
            boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string(member.key()) + '"';
        const auto at = request.body.find(head);
        if (at == std::string::npos)
            return "no part " + std::string(member.key());
        const auto begin = request.body.find("\r\n\r\n", at) + 4;
        const std::string content = request.body.substr(begin, request.body.find("\r\n" + boundary, begin) - begin);
        const std::string wanted = member.value().is_string() && member.value().get_string().starts_with('@')
                                       ? std::string(upload_content)
                                       : plain(member.value());
        if (content != wanted)
            return std::string(member.key()) + " is " + content;
        ++parts;
    }
    const bool ended = request.body.ends_with(boundary + "--\r\n");
    return ended || parts == 0 ? std::string() : "no end of the form";
}

} // namespace

fixture::fixture()
    : upload(write_upload()), server(sandbox_options()), engine(io.get_executor(), engine_options(server.ca_pem()))
{
    options.retry = usher::retry_policy::none();
    options.deadline = std::chrono::seconds(10);
}

fixture::~fixture()
{
    std::filesystem::remove(upload);
}

const json::value& fixture::document(const known_service& of)
{
    json::value& own = documents_[of.document];
    if (own.is_null()) {
        std::ostringstream text;
        text << std::ifstream(USHER_SOURCE_DIR "/src/spec/" + std::string(of.document) + ".openapi.json").rdbuf();
        own = json::parse(text.str());
    }
    return own;
}

void fixture::sweep(amount how, sandbox::answers mode, const checker& check)
{
    server.set_mode(mode);
    std::size_t good = 0;
    for (const auto& each : all_services) {
        usher::client_options own;
        own.base_url = server.url(each.in_sandbox);
        own.quota = usher::quota::unlimited();
        base_path_ = own.base_url.substr(std::min(own.base_url.find('/', 8), own.base_url.size()));
        const auto under_test = each.make(engine, own);
        const auto operations = under_test->info().operations;
        const auto samples = make_samples(document(each), how, upload);
        BOOST_REQUIRE_EQUAL(samples.size(), each.operations);
        BOOST_REQUIRE_EQUAL(operations.size(), each.operations);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            BOOST_REQUIRE_EQUAL(operations[i]->id, samples[i].id);
            good += check(*under_test, *operations[i], samples[i]) ? 1 : 0;
        }
    }
    BOOST_TEST_MESSAGE(good << " of " << all_operations << " operations");
    BOOST_TEST(good == all_operations);
}

bool fixture::same_request(const usher::detail::operation_info& operation, const sample& with)
{
    const auto sent = server.last_request();
    const auto expected = expected_target(base_path_, operation, with);
    const auto target = target_of(sent.target);
    BOOST_TEST((target == expected), operation.id << ": sent " << sent.target);
    BOOST_TEST(is_encoded(sent.target), operation.id << ": not encoded: " << sent.target);
    if (target != expected || sent.method != operation.method)
        return false;
    for (const auto& [name, value] : with.headers) {
        BOOST_TEST(header_of(sent, name) == value, operation.id << ": header " << name);
        if (header_of(sent, name) != value)
            return false;
    }
    std::string what;
    if (with.is_form)
        what = form_difference(sent, with.body.as_object());
    else if (!sent.body.empty())
        what = difference(with.body, json::parse(sent.body), tolerance());
    else if (!with.body.is_null() && with.body != json::object())
        what = "no body";
    BOOST_TEST(what.empty(), operation.id << ": the body that was sent is another: " << what);
    return what.empty();
}

usher::result<std::string> fixture::call_json(const service& own, const usher::detail::operation_info& operation,
                                              const std::string& params)
{
    std::optional<usher::result<std::string>> made;
    std::exception_ptr thrown;
    asio::co_spawn(io, usher::call_json(own.client(), operation, params, options),
                   [&](std::exception_ptr failure, usher::result<std::string> answer) {
                       thrown = failure;
                       made.emplace(std::move(answer));
                   });
    io.restart();
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return std::move(*made);
}

} // namespace conformance
