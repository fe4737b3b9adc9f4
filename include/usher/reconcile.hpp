// Finding out whether a request of unknown outcome took effect.
#ifndef USHER_RECONCILE_HPP
#define USHER_RECONCILE_HPP

#include <usher/json.hpp>
#include <usher/options.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace usher {

namespace detail {

/// Looks for what a request should have made.
class look_up {
public:
    explicit look_up(const type_info* finds) noexcept : finds_(finds) {}
    look_up(const look_up&) = delete;
    look_up& operator=(const look_up&) = delete;
    virtual ~look_up();

    /// True: it is there, and `*target` holds it. False: it is not there.
    virtual boost::asio::awaitable<result<bool>> look(void* target) const = 0;
    /// The type that it finds, and that the operation has to answer with.
    const type_info* finds() const noexcept { return finds_; }

private:
    const type_info* finds_;
};

template <described T>
class typed_look_up final : public look_up {
public:
    using function = std::function<boost::asio::awaitable<result<std::optional<T>>>()>;

    explicit typed_look_up(function is_it_there)
        : look_up(&usher_type(static_cast<const T*>(nullptr))), is_it_there_(std::move(is_it_there))
    {
    }

    boost::asio::awaitable<result<bool>> look(void* target) const override
    {
        result<std::optional<T>> found = co_await is_it_there_();
        if (!found)
            co_return result<bool>(boost::system::in_place_error, found.error());
        if (!*found)
            co_return false;
        *static_cast<T*>(target) = std::move(**found);
        co_return true;
    }

private:
    function is_it_there_;
};

} // namespace detail

/// Makes a call whose outcome is unknown look for what it should have made: what the function finds becomes the call's
/// result; when it finds nothing, the request is sent again; when the look-up fails, the call ends with the outcome
/// unknown and the look-up's error as the cause.
///
/// ```
/// usher::call_options options;
/// options.reconcile = usher::reconcile_with<clerk::organization>([clerk] { return find_by_slug(clerk, "acme"); });
/// ```
///
/// Clerk's `CreateUser`, Scalekit's `CreateOrganization` and `CreateUserAndMembership` do this by themselves when their
/// parameters hold an `external_id`, unless `reconciler::none()` is said.
///
/// A ready-made one takes a record for the call's own unless the service's clock says that it is older than the first
/// attempt that may have made it; then the request is sent again, and the service refuses it. Scalekit looks for users
/// by external_ids of 3 to 100 bytes only; the outcome of creations with others stays unknown.
///
/// "Not there" is what the service says at that moment: where a listing lags, or the first request is still under
/// way, and nothing about the record has to be unique, sending it again may make a second one. Then have the function
/// wait, or fail. `call_options::keep_raw` holds what was answered to the request itself, if anything was.
///
/// `T` is what the operation answers with; another one is `invalid_request`. *Retries*: the function is called after
/// the backoff that follows an attempt which may have taken effect (statuses 408, 425 and 5xx without Retry-After
/// count as such), and after the last one. It is called again when the request that was sent again is refused because
/// the record is there, as a listing may lag. Attempts, deadline and budget are those of the call. *Errors*: what it
/// throws, the call throws. *Cancellation*: ends the function's coroutine like any other, and so does the call's
/// deadline, which waits for one that takes no notice. *Lifetime*: the function is kept while the call's options are,
/// and called on the engine's executor.
template <detail::described T>
reconciler reconcile_with(std::function<boost::asio::awaitable<result<std::optional<T>>>()> is_it_there)
{
    return reconciler(std::make_shared<const detail::typed_look_up<T>>(std::move(is_it_there)));
}

} // namespace usher

#endif
