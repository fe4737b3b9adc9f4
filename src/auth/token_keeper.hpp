// A source of tokens as calls meet it: they wait here while one fetch is under way.
//
// Vocabulary and lifecycle: see single_flight. What is kept, renewed and given up is decided in token_state.
#ifndef USHER_AUTH_TOKEN_KEEPER_HPP
#define USHER_AUTH_TOKEN_KEEPER_HPP

#include "auth/token_state.hpp"
#include "call/single_flight.hpp"

namespace usher::auth {

/// `Clock` has steady_clock's time points; `token_keeper` is the one to use.
template <class Clock>
class basic_token_keeper final
    : public credential_source,
      public std::enable_shared_from_this<basic_token_keeper<Clock>>,
      public detail::single_flight<basic_token_keeper<Clock>, Clock, access_token, result<issued_token_ptr>> {
public:
    basic_token_keeper(boost::asio::any_io_executor executor, token_function fetch, const token_options& options,
                       std::string identity, std::uint64_t seed);
    ~basic_token_keeper() override;

    issued_token_ptr current() override;
    void refuse(std::uint64_t generation) override;
    boost::asio::awaitable<result<issued_token_ptr>> obtain(time_point deadline) override;
    std::string identity() const override { return identity_; }

    const token_state& state() const noexcept { return state_; }

private:
    using flight = detail::single_flight<basic_token_keeper, Clock, access_token, result<issued_token_ptr>>;
    friend flight;

    static boost::asio::awaitable<result<issued_token_ptr>> wait(std::shared_ptr<basic_token_keeper> self,
                                                                 time_point deadline);
    result<issued_token_ptr> landed(result<access_token> got);
    error out_of_time() const;

    std::string identity_;
    token_state state_;
};

extern template class basic_token_keeper<std::chrono::steady_clock>;
using token_keeper = basic_token_keeper<std::chrono::steady_clock>;

} // namespace usher::auth

#endif
