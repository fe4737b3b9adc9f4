// One import run: the loop that takes records, and the life of each record.
//
// Vocabulary. A record is *taken* from the source, *mapped* to a plan, and *under way* until it is finished: created,
// already there, failed, or (dry run) valid. *Steps* follow the creation: unverified addresses and numbers, the ban.
// Lifecycle. `run` takes records one after the other and starts one coroutine for each, never more than `concurrency`;
// each finishes exactly one record. Everything happens on one executor, so that counters need no lock.
#ifndef USHER_BULK_IMPORT_STATE_HPP
#define USHER_BULK_IMPORT_STATE_HPP

#include "bulk/check/digest_set.hpp"

#include <usher/bulk/import.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <optional>

namespace usher::bulk {

struct importer::state {
    state(boost::asio::any_io_executor executor_, clerk::client client_, input& source_, import_listener& listener_,
          import_options options_);

    call_options calls() const;
    bool more() const noexcept { return !stopping && !gave_up; }
    void failed(const source_record& record, import_failure failure);
    void judge(const error& why);
    void service_answered() noexcept
    {
        lost_in_a_row = 0;
        was_heard = true;
    }
    void record_finished(std::exception_ptr thrown);

    boost::asio::any_io_executor executor;
    clerk::client client;
    input& source;
    import_listener& listener;
    import_options options;
    import_counters counters;
    boost::asio::steady_timer wake; ///< cancelled whenever a record is finished
    digest_set seen;                ///< external ids; in a dry run identifiers as well
    error why_given_up;
    std::exception_ptr trouble;    ///< the source can't be read on, or a listener threw
    std::size_t lost_in_a_row = 0; ///< records that found no service, since it was last heard
    bool was_heard = false;        ///< the service has answered at least once
    bool gave_up = false;
    bool stopping = false;
};

/// What became of a creation.
struct ensured_user {
    ensured_user() = default;
    std::string id;                   ///< empty when it is there already and nobody needs to know more
    std::optional<clerk::user> found; ///< who is there already
    bool created = false;
    std::optional<import_failure> failure;
};

/// Creates a user, or recognises that it is there.
boost::asio::awaitable<ensured_user> ensure_user(std::shared_ptr<importer::state> self, const user_plan& plan);
/// The steps after the creation, in order, each only if it is not done yet. Returns the first failure.
boost::asio::awaitable<std::optional<import_failure>> finish_steps(std::shared_ptr<importer::state> self,
                                                                   const user_plan& plan, const ensured_user& user);

/// The user with this `external_id`. Nothing: there is none, or the listing does not show it yet.
boost::asio::awaitable<result<std::optional<clerk::user>>> find_user(std::shared_ptr<importer::state> self,
                                                                     std::string external_id);
/// The request may have taken effect, whatever the answer was.
bool may_have_happened(const error& why) noexcept;
boost::asio::awaitable<void> wait_for(std::shared_ptr<importer::state> self, std::chrono::milliseconds time);

} // namespace usher::bulk

#endif
