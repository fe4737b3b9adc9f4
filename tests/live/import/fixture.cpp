#include "live/import/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace usher::tests {

namespace {

sandbox::options plain(sandbox::options options)
{
    options.tls = false;
    return options;
}

} // namespace

import_fixture::import_fixture(sandbox::options options) : service(plain(std::move(options))) {}

std::string import_fixture::path(std::string_view name) const
{
    return folder_.file(std::string(name));
}

std::string import_fixture::write(std::string_view name, std::string_view text) const
{
    folder_.write(std::string(name), std::string(text));
    return path(name);
}

std::string import_fixture::read(std::string_view name) const
{
    return folder_.read(std::string(name));
}

std::vector<boost::json::object> import_fixture::lines(std::string_view name) const
{
    std::vector<boost::json::object> objects;
    std::istringstream text(read(name));
    for (std::string line; std::getline(text, line);)
        objects.push_back(boost::json::parse(line).as_object());
    return objects;
}

std::vector<std::string> import_fixture::command(std::string_view format, const std::string& file,
                                                 const std::vector<std::string>& more) const
{
    std::vector<std::string> words = {USHER_COMMAND, "import",  "--from", std::string(format), file, "--base-url",
                                      service.url(), "--limit", "100000", "--window",          "1s"};
    if (std::find(more.begin(), more.end(), "--failures") == more.end())
        words.insert(words.end(), {"--failures", path("failures.ndjson")});
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

process_options import_fixture::options(const std::string& key) const
{
    process_options options;
    options.environment["CLERK_SECRET_KEY"] = key;
    return options;
}

process_end import_fixture::import(std::string_view format, const std::string& file,
                                   const std::vector<std::string>& more) const
{
    auto words = more;
    words.push_back("--json");
    auto ended = run(command(format, file, words), options());
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(!ended.killed);
    return ended;
}

process_end import_fixture::job(const std::string& verb, const std::string& job,
                                const std::vector<std::string>& more) const
{
    std::vector<std::string> words = {USHER_COMMAND, verb, job, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    auto ended = run(words, options());
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(!ended.killed);
    return ended;
}

boost::json::object import_fixture::status(const std::string& job) const
{
    const auto ended = this->job("status", job);
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(ended.status == 0);
    return last_line(ended);
}

bool import_fixture::wait_for_users(std::size_t count) const
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (service.count("users") < count && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    return service.count("users") >= count;
}

boost::json::value import_fixture::call(const std::string& operation, const std::string& params) const
{
    const auto ended =
        run({USHER_COMMAND, "call", operation, "--params", params, "--base-url", service.url()}, options());
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(ended.status == 0);
    return boost::json::parse(ended.out);
}

boost::json::object last_line(const process_end& ended)
{
    BOOST_TEST_INFO(ended.err);
    BOOST_TEST_REQUIRE(!ended.out.empty());
    std::string last;
    std::istringstream text(ended.out);
    for (std::string line; std::getline(text, line);)
        last = line;
    return boost::json::parse(last).as_object();
}

boost::json::object summary_of(const process_end& ended)
{
    auto summary = last_line(ended);
    BOOST_TEST_REQUIRE(summary.at("event").as_string() == "summary");
    return summary;
}

bool says(const process_end& ended, std::string_view text)
{
    const bool found = ended.err.find(text) != std::string::npos || ended.out.find(text) != std::string::npos;
    if (!found)
        BOOST_TEST_MESSAGE("not said: " << text << "\nbut: " << ended.err);
    return found;
}

std::int64_t number(const boost::json::object& summary, std::string_view name)
{
    return summary.at(name).to_number<std::int64_t>();
}

std::string auth0_user(std::size_t number)
{
    const auto text = std::to_string(number);
    return R"({"user_id":"auth0|)" + text + R"(","email":"user)" + text +
           R"(@example.com","email_verified":true,"given_name":"Ada"})";
}

std::string auth0_users(std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += auth0_user(i) + "\n";
    return text;
}

} // namespace usher::tests
