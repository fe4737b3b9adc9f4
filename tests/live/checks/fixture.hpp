// A source, a sandbox and a journal; and what is there looked at with other eyes.
#ifndef USHER_TESTS_LIVE_CHECKS_FIXTURE_HPP
#define USHER_TESTS_LIVE_CHECKS_FIXTURE_HPP

#include "live/sandbox/client.hpp"
#include "temporary_folder.hpp"

#include <usher/bulk/import.hpp>
#include <usher/bulk/plan.hpp>
#include <usher/bulk/verify.hpp>
#include <usher/engine.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using texts = std::vector<std::string>;

struct checks_fixture {
    explicit checks_fixture(sandbox::service of = sandbox::service::clerk);
    ~checks_fixture();
    /// A target that knows nothing, as another process has.
    void restart();

    /// Records of the source, one a line.
    void write_source(const texts& records);
    std::unique_ptr<bulk::source> source();
    std::unique_ptr<bulk::journal> journal();
    bulk::import_counters import();
    /// "source id, field" of each difference, sorted.
    texts verify(std::chrono::milliseconds patience = 0ms);
    bulk::undo_counters undo(bool force = false, std::size_t concurrency = 8);
    /// "line code field" of each finding.
    bulk::plan_result plan(texts* findings = nullptr, const bulk::plan_options& how = bulk::plan_options());

    json::value get(const std::string& path);
    json::object send(const std::string& method, const std::string& path, const json::value& body = nullptr);
    /// The target's id of a user of the source.
    std::string user_id(const std::string& source_id);
    std::string organization_id(const std::string& slug);
    /// Everything that there is, with all its members.
    std::string everything();

    temporary_folder folder;
    sandbox::service service_kind;
    sandbox::server service;
    asio::io_context io{1};
    std::optional<engine> on;
    std::unique_ptr<bulk::target> target;
    sandbox_test::client http;
    bulk::verify_counters verified; ///< of the last verification
    std::uint64_t attempts = 0;     ///< counts the requests of an import
    std::optional<error> undo_failure;
};

/// A user with something in every member that the sandbox keeps: `u<number>`.
std::string whole_user(int number, const texts& organizations = {"o1"});
std::string whole_organization(const std::string& id);

} // namespace usher::tests

#endif
