// What the targets have in common: how a call is made, when something was made, and when going on is pointless.
#ifndef USHER_BULK_SERVICE_CALLS_HPP
#define USHER_BULK_SERVICE_CALLS_HPP

#include <usher/bulk/target.hpp>
#include <usher/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace usher::detail {
class client_state;
}

namespace usher::bulk {

using journal_clock = std::chrono::sys_time<std::chrono::milliseconds>;

journal_clock this_moment();

/// The request may have taken effect, whatever the answer was.
bool may_have_happened(const error& why) noexcept;
/// The service says that something of this request is there already.
bool is_taken(const error& why) noexcept;
/// The member of the request that the service's complaint is about, other than `external_id`; empty: it names none.
std::string conflicting_member(const error& why);
bool names_member(const error& why, std::string_view member);

/// Whether an earlier attempt may have done a step, and since when.
class doubt {
public:
    explicit doubt(const step_request& request);
    bool any() const noexcept { return any_; }
    /// An attempt of this call ended without saying what became of it.
    void raise() noexcept;
    /// It is there, says the answer to a call that was sent more than once: the attempt before may have made it.
    void raise_if_repeated(const error& taken) noexcept;
    /// Whether something that was written then, by the service's clock, may be what that attempt made. `answer` showed
    /// it and tells the service's clock.
    bool explains(journal_clock written, const raw_answer& answer) const;
    /// The same of something that says itself when it was sent, by the clock of whoever sent it.
    bool explains_sent(journal_clock sent) const;
    /// When the last attempt had ended for certain.
    std::chrono::steady_clock::time_point last_attempt() const noexcept { return last_attempt_; }

private:
    bool any_;
    journal_clock since_;
    std::chrono::steady_clock::time_point last_attempt_;
};

/// The calls of one target.
class service_calls {
public:
    service_calls(boost::asio::any_io_executor executor, std::shared_ptr<detail::client_state> client,
                  target_options options_);

    call_options calls() const;
    /// For what may go without an answer: it is not waited for longer than a service that nobody ever heard.
    call_options question() const;
    /// For what may be done twice.
    call_options repeated() const;
    /// For what nothing refuses a second time: not even a 503 that asks to come back is believed that nothing was done.
    call_options unguarded() const;
    /// For a look, whose answer is kept for its date.
    call_options look(raw_answer& answer);
    void heard() noexcept;
    /// A step that failed; hopeless where further ones would.
    step_result failed(import_step step, const error& why);
    /// The same, when it may have been done all the same.
    step_result unknown(import_step step, const error& why);
    /// What was to follow a creation failed. Refused, it is known: the thing is there, without that. Only this record
    /// is concerned.
    step_result incomplete(import_step step, step_result there, const error& why);
    boost::asio::awaitable<void> wait(std::chrono::steady_clock::duration time) const;

    target_options options;
    target_counters counters;

private:
    boost::asio::any_io_executor executor_;
    std::shared_ptr<detail::client_state> client_;
    int lost_in_a_row_ = 0;
    bool was_heard_ = false;
};

/// When to look again for something that a listing may not show yet.
class looks {
public:
    /// As often as the options say.
    explicit looks(const service_calls& calls);
    /// Until a listing that does not show it proves that it is not there.
    looks(const service_calls& calls, const doubt& in);
    /// Waits before all looks but the first. False: the one before was the last.
    boost::asio::awaitable<bool> again();

private:
    const service_calls& calls_;
    std::chrono::steady_clock::duration pause_;
    std::chrono::steady_clock::time_point end_{}; ///< a look that begins later is proof
    std::chrono::steady_clock::time_point last_began_{};
    int left_ = 0; ///< without an end: how many
    bool is_first_ = true;
};

/// Taking back: whether somebody has signed in since the job made what is to be removed. A user that was made by the
/// job had never signed in; one that was there before may have, long ago.
bool has_signed_in_since(const made_thing& what, std::chrono::system_clock::time_point last);
/// What the answer to a removal means.
template <class Answer>
result<removal> removed(const result<Answer>& answer)
{
    if (answer)
        return removal::removed;
    if (answer.error().is_not_found())
        return removal::was_gone;
    return answer.error();
}

/// That a role of the options is not there, for `target::prepare`.
error no_such_role(std::string operation, const std::string& name);
step_result failed_with(import_step step, std::string code, std::string message, std::string param = std::string());
/// An answer that says it was done, and not what; and nothing of it is found.
step_result says_nothing(import_step step);
step_result done_with(std::string id, bool made);

} // namespace usher::bulk

#endif
