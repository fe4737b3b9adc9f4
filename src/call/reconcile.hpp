// What became of a POST or PATCH that may have taken effect: asked of the service, instead of guessed.
//
// Vocabulary. A call is *in doubt* when an attempt of it left and no answer came, or one that says that the service
// failed. A *look-up* asks whether the record is there: the caller's own, or one that the operation has ready-made, by
// the record's external_id.
//
// Invariants. Nothing that was sent is sent again before a look-up has said that it is not there. A ready-made look-up
// takes a record for the call's own only if it is not older than the call.
#ifndef USHER_CALL_RECONCILE_HPP
#define USHER_CALL_RECONCILE_HPP

#include "call/prepared_call.hpp"

namespace usher::detail {

enum class found : std::uint8_t {
    there,  ///< it took effect: the target holds the record
    absent, ///< it is not there; not yet, where a listing lags
    older,  ///< somebody made it before: sent again, the request will be refused
    failed, ///< the look-up failed
    cancelled
};

struct look_result {
    look_result() = default;
    found what = found::absent;
    std::optional<error> why;  ///< of `failed`
    std::exception_ptr thrown; ///< by the caller's function; `failed`
};

/// The external_id of the record that a creation makes, where it has a look-up ready-made that takes this id; else
/// empty. `params` are the operation's.
std::string looked_for_id(const prepared_call& call, const void* params);

/// Whether there is a way to find out.
bool can_reconcile(const prepared_call& call) noexcept;

/// Whether a refusal, "it is there already", may be for the record that an earlier attempt of the same call has made:
/// not if it names other members only.
bool may_be_its_own(const prepared_call& call, const std::vector<service_error>& errors);

/// A look-up that failed for this reason.
look_result failure_of(error why);
look_result failure_of(const prepared_call& call, error_kind kind, const char* text);

/// The operation's own look-up; the call has an `external_id`.
boost::asio::awaitable<look_result> look_ready_made(const prepared_call& call, void* target, time_point sent,
                                                    time_point deadline);

/// Looks. `sent` is when the first attempt that may have taken effect was sent. *Cancellation*: terminal; the look-up
/// ends too. *Errors*: one that has not ended at the deadline is cancelled, and has failed.
boost::asio::awaitable<look_result> look_for_effect(const prepared_call& call, void* target, time_point sent,
                                                    time_point deadline);

} // namespace usher::detail

#endif
