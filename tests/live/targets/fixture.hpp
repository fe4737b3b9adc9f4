// A sandbox, a target that brings things there, and a look at what came of it with other eyes.
#ifndef USHER_TESTS_LIVE_TARGETS_FIXTURE_HPP
#define USHER_TESTS_LIVE_TARGETS_FIXTURE_HPP

#include "live/sandbox/client.hpp"

#include <usher/bulk/target.hpp>
#include <usher/engine.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using sandbox::fault;

/// Something that goes wrong once with an operation, and whether the operation took effect all the same.
struct mishap {
    const char* name;
    fault::kind kind;
    int status;
    bool takes_effect;
};
extern const std::vector<mishap> mishaps;
fault once(const mishap& what, const std::string& operation);
fault answer_with(int status, const std::string& operation, const std::string& body = std::string());
std::string clerk_error(const std::string& code, const std::string& param = std::string());

struct target_fixture {
    explicit target_fixture(sandbox::service of, sandbox::options how = sandbox::options(),
                            bulk::target_options options = quick());
    ~target_fixture();

    static bulk::target_options quick();
    /// A target anew, as the next run of a job has.
    void restart(bulk::target_options options = quick());

    bulk::step_result perform(bulk::step_request request);
    bulk::step_result perform(const bulk::mapped_record& record, bulk::step what,
                              std::string target_id = std::string());
    bulk::step_result in_doubt(const bulk::mapped_record& record, bulk::step what,
                               std::string target_id = std::string());
    /// All steps of a record. *Errors*: the test ends when one of them fails.
    std::string bring(bulk::mapped_record record);
    std::optional<bulk::removal> remove(const bulk::made_thing& what, bool force = false);
    std::vector<std::optional<bulk::user>> read_users(std::vector<std::string> ids, bool memberships = true);
    std::optional<bulk::organization> read_organization(const std::string& id);
    std::string prepare(); ///< empty, or the error

    json::object get(const std::string& path);
    json::object post(const std::string& path, const json::value& body);

    sandbox::service service_kind;
    sandbox::server service;
    asio::io_context io{1};
    std::optional<engine> on;
    std::unique_ptr<bulk::target> target;
    sandbox_test::client http;
    std::map<std::string, std::string, std::less<>> organizations; ///< source's id → target's
    std::size_t expected_mails = 0;
};

bulk::mapped_record record_of(bulk::user who);
bulk::mapped_record record_of(bulk::organization which);
bulk::user ada(const std::string& id = "ada");
bulk::organization acme(const std::string& id = "acme-1");
/// As JSON, for comparisons whose difference can be read.
std::string text_of(const bulk::user& who);
std::string text_of(const bulk::organization& which);
std::string code_of(const bulk::step_result& result);

inline const bulk::step create{bulk::import_step::create, 0};

} // namespace usher::tests

#endif
