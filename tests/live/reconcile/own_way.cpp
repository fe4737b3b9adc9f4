// Look-ups that the caller gives.
#include "live/line/sandbox_fixture.hpp"

#include <usher/clerk/organizations.hpp>
#include <usher/reconcile.hpp>
#include <usher/trace.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace usher;
using namespace usher::tests;
using sandbox::fault;

namespace {

using found_organization = result<std::optional<clerk::organization>>;

asio::awaitable<found_organization> find_by_name(clerk::client clerk, std::string name, int& looks)
{
    ++looks;
    clerk::list_organizations_params filter;
    filter.query = name;
    auto listed = co_await clerk.organizations().list(filter);
    if (!listed)
        co_return listed.error();
    for (auto& one : listed->data)
        if (one.name == name)
            co_return std::optional<clerk::organization>(std::move(one));
    co_return std::optional<clerk::organization>();
}

asio::awaitable<found_organization> never(int& looks)
{
    ++looks;
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
    co_return std::optional<clerk::organization>();
}

asio::awaitable<found_organization> throws()
{
    throw std::logic_error("not written yet");
    co_return std::optional<clerk::organization>();
}

asio::awaitable<void> create_acme(clerk::client clerk, call_options how,
                                  std::optional<result<clerk::organization>>& done)
{
    clerk::create_organization_params acme;
    acme.name = "Acme";
    done = co_await clerk.organizations().create(acme, how);
}

struct own_way_fixture : sandbox_fixture {
    void start_losing(fault::kind what)
    {
        fault lost(what);
        lost.operation = "CreateOrganization";
        lost.count = 1;
        sandbox::options served_how;
        served_how.faults = {lost};
        start(served_how);
    }
    std::string why() const { return done && !*done ? done->error().message() : ""; }

    std::optional<result<clerk::organization>> done;
    call_options how;
    int looks = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(own_way, own_way_fixture)

BOOST_AUTO_TEST_CASE(what_the_look_up_finds_is_the_result)
{
    start_losing(fault::kind::drop_answer);
    auto clerk = client();
    how.reconcile = reconcile_with<clerk::organization>([=, this] { return find_by_name(clerk, "Acme", looks); });
    run(create_acme(clerk, how, done));
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST((*done)->name == "Acme");
    BOOST_TEST(looks == 1);
    BOOST_TEST(served->count("organizations") == 1U);
    BOOST_TEST(on->counters().reconciled == 1U);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_find_is_sent_again)
{
    start_losing(fault::kind::drop_request);
    auto clerk = client();
    how.reconcile = reconcile_with<clerk::organization>([=, this] { return find_by_name(clerk, "Acme", looks); });
    run(create_acme(clerk, how, done));
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST(looks == 1);
    BOOST_TEST(served->count("organizations") == 1U);
    BOOST_TEST(on->counters().reconciled == 0U);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_answered_never_looks)
{
    start({});
    auto clerk = client();
    how.reconcile = reconcile_with<clerk::organization>([=, this] { return find_by_name(clerk, "Acme", looks); });
    run(create_acme(clerk, how, done));
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST(looks == 0);
}

BOOST_AUTO_TEST_CASE(a_look_up_that_does_not_end_is_ended_by_the_deadline)
{
    start_losing(fault::kind::drop_answer);
    how.reconcile = reconcile_with<clerk::organization>([this] { return never(looks); });
    how.deadline = 300ms;
    std::optional<result<clerk::user>> nobody;
    run(one_get(client(), "user_1", nobody)); // there is a connection
    run(create_acme(client(), how, done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST(looks == 1);
    BOOST_TEST_REQUIRE(done->error().cause() != nullptr);
    BOOST_TEST(done->error().cause()->is_timeout());
}

BOOST_AUTO_TEST_CASE(cancellation_ends_the_look_up_and_leaves_the_outcome_unknown)
{
    start_losing(fault::kind::drop_answer);
    how.reconcile = reconcile_with<clerk::organization>([this] { return never(looks); });
    asio::cancellation_signal cancel;
    asio::co_spawn(io, create_acme(client(), how, done),
                   asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
    while (looks == 0)
        io.run_one();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST_REQUIRE(done.has_value());
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_cancelled(), why());
    BOOST_TEST(done->error().is_outcome_unknown());
    BOOST_TEST(on->counters().in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(what_the_look_up_throws_the_call_throws)
{
    start_losing(fault::kind::drop_answer);
    how.reconcile = reconcile_with<clerk::organization>([] { return throws(); });
    call_trace trace;
    how.trace = &trace;
    BOOST_CHECK_THROW(run(create_acme(client(), how, done)), std::logic_error);
    BOOST_TEST(on->counters().in_flight == 0U);
    BOOST_TEST(trace.is_over());
}

BOOST_AUTO_TEST_CASE(a_look_up_for_another_type_is_refused_before_anything_is_sent)
{
    start({});
    how.reconcile = reconcile_with<clerk::user>(
        []() -> asio::awaitable<result<std::optional<clerk::user>>> { co_return std::optional<clerk::user>(); });
    run(create_acme(client(), how, done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_invalid());
    BOOST_TEST(why().find("reconcile") != std::string::npos, why());
    BOOST_TEST(served->stats().requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
