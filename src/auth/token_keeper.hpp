// A source of tokens as calls meet it: they wait here while one fetch is under way.
//
// Vocabulary. A *waiter* is a call without a token. A *fetch* runs by itself: no call that goes away takes it along.
// Invariants. A waiter is on the list exactly while it sleeps; whoever takes it off tells it how the fetch ended. One
// fetch at a time, and each counts as ended within its limit of time, whether it listens to its cancellation or not.
// Lifecycle. The keeper is held by its clients and by a fetch under way; a fetch that ends after its execution
// context has gone tells nobody.
#ifndef USHER_AUTH_TOKEN_KEEPER_HPP
#define USHER_AUTH_TOKEN_KEEPER_HPP

#include "auth/token_state.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>

#include <list>

namespace usher::auth {

/// `Clock` has steady_clock's time points; `token_keeper` is the one to use.
template <class Clock>
class basic_token_keeper final : public credential_source,
                                 public std::enable_shared_from_this<basic_token_keeper<Clock>> {
public:
    basic_token_keeper(boost::asio::any_io_executor executor, token_function fetch, const token_options& options,
                       std::string identity, std::uint64_t seed);
    ~basic_token_keeper() override;

    issued_token_ptr current() override;
    void refuse(std::uint64_t generation) override;
    boost::asio::awaitable<result<issued_token_ptr>> obtain(time_point deadline) override;
    std::string identity() const override { return identity_; }

    const token_state& state() const noexcept { return state_; }
    std::size_t waiting() const noexcept { return waiters_.size(); }

private:
    using timer = boost::asio::basic_waitable_timer<Clock>;
    class waiter;
    class limit;

    static boost::asio::awaitable<result<issued_token_ptr>> wait(std::shared_ptr<basic_token_keeper> self,
                                                                 time_point deadline);
    static boost::asio::awaitable<void> run_fetch(std::shared_ptr<basic_token_keeper> self, std::uint64_t number);
    void start_fetch();
    void settle(std::uint64_t number, result<access_token> got);
    error out_of_time() const;

    boost::asio::any_io_executor executor_;
    token_function fetch_;
    std::chrono::milliseconds fetch_limit_;
    std::string identity_;
    token_state state_;
    std::list<waiter*> waiters_;
};

extern template class basic_token_keeper<std::chrono::steady_clock>;
using token_keeper = basic_token_keeper<std::chrono::steady_clock>;

} // namespace usher::auth

#endif
