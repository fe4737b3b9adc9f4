// A creation whose outcome the sandbox leaves in doubt.
#ifndef USHER_TESTS_LIVE_RECONCILE_DOUBT_FIXTURE_HPP
#define USHER_TESTS_LIVE_RECONCILE_DOUBT_FIXTURE_HPP

#include "live/line/sandbox_fixture.hpp"

namespace usher::tests {

using sandbox::fault;

inline fault once(fault::kind what, std::string operation)
{
    fault one(what);
    one.operation = std::move(operation);
    one.count = 1;
    one.reset = true;
    one.status = 502;
    one.bytes = 40;
    return one;
}

inline sandbox::options with(std::vector<fault> faults)
{
    sandbox::options how;
    how.services = {sandbox::service::clerk, sandbox::service::scalekit};
    how.faults = std::move(faults);
    return how;
}

struct doubt_fixture : sandbox_fixture {
    void create(const call_options& how = call_options())
    {
        auto clerk = client();
        run(create_one(clerk, numbered_user(1), how, done));
    }
    static asio::awaitable<void> create_one(clerk::client clerk, clerk::create_user_params params, call_options how,
                                            std::optional<result<clerk::user>>& done)
    {
        done = co_await clerk.users().create(params, how);
    }
    std::string why() const { return done && !*done ? done->error().message() : ""; }

    std::optional<result<clerk::user>> done;
};

} // namespace usher::tests

#endif
