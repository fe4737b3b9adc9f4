// What users' own code does in the middle of it: throws, cancels, outlives.
#include "live/lifetime/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::tests;

namespace {

/// Cancels a call when it is told of its n-th attempt.
struct cancelling_observer final : observer {
    void on_attempt(const attempt_event&) noexcept override
    {
        if (++attempts == at)
            stop.emit(asio::cancellation_type::terminal);
    }
    int at = 1;
    int attempts = 0;
    asio::cancellation_signal stop;
};

struct late_observer final : observer {
    explicit late_observer(bool& gone_) : gone(gone_) {}
    ~late_observer() override { gone = true; }
    void on_attempt(const attempt_event&) noexcept override { ++attempts; }
    bool& gone;
    int attempts = 0;
};

ending run_with(world& w, asio::cancellation_slot slot)
{
    ending end;
    asio::co_spawn(*w.io, w.following_call(),
                   asio::bind_cancellation_slot(slot, [&end](std::exception_ptr thrown, result<void> got) {
                       end.is_over = true;
                       end.threw_other = thrown != nullptr;
                       end.got = std::move(got);
                   }));
    while (!end.is_over && w.step())
        ;
    BOOST_TEST_REQUIRE(end.is_over);
    return end;
}

/// A client of a peer that fails first, with this observer.
void open_failing(world& w, int failures, const std::shared_ptr<observer>& watcher)
{
    w.retry = retry_policy();
    w.retry.initial_backoff = 0ms;
    w.server->acts = [failures](const std::string&, int number) {
        return answer_of(number <= failures ? 503 : 200, number <= failures ? "{}" : count_body());
    };
    client_options how;
    how.watcher = watcher;
    w.open(how);
}

} // namespace

BOOST_AUTO_TEST_SUITE(users_own_code)

BOOST_AUTO_TEST_CASE(a_completion_that_throws_leaves_by_run_and_more_calls_work)
{
    world w(scenario_named("a GET"));
    for (int round = 0; round != 3; ++round) {
        asio::co_spawn(*w.io, w.following_call(), [](std::exception_ptr, const result<void>& got) {
            throw std::runtime_error(got ? "answered" : "failed");
        });
        std::string thrown;
        try {
            while (w.step())
                ;
        } catch (const std::runtime_error& problem) {
            thrown = problem.what();
        }
        BOOST_TEST(thrown == "answered");
        BOOST_TEST(w.run(w.following_call()).got.has_value());
        BOOST_TEST(w.is_out_of_work());
        BOOST_TEST(w.on->counters().in_flight == 0U);
        BOOST_TEST(w.on->counters().connections_opened == 1U);
    }
}

BOOST_AUTO_TEST_CASE(an_observer_may_cancel_the_call_that_it_is_told_of)
{
    for (int at = 1; at != 4; ++at) {
        world w(scenario_named("a GET"));
        const auto watcher = std::make_shared<cancelling_observer>();
        watcher->at = at;
        open_failing(w, 3, watcher);
        const auto end = run_with(w, watcher->stop.slot());
        BOOST_TEST(!end.threw_other);
        BOOST_TEST_REQUIRE(end.got.has_error());
        BOOST_TEST(end.got.error().is_cancelled());
        BOOST_TEST(end.got.error().attempts() == at);
        BOOST_TEST((end.got.error().stopped() == stop_reason::cancelled));
        BOOST_TEST(w.server->whole == at); // nothing was sent after that
        BOOST_TEST(w.clerk->usage().in_flight == 0U);
        BOOST_TEST(w.run(w.following_call()).got.has_value());
        BOOST_TEST(w.is_out_of_work());
    }
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_by_its_own_last_attempt_keeps_its_answer)
{
    world w(scenario_named("a GET"));
    const auto watcher = std::make_shared<cancelling_observer>();
    watcher->at = 3;
    open_failing(w, 2, watcher);
    const auto end = run_with(w, watcher->stop.slot());
    BOOST_TEST(end.got.has_value());
    BOOST_TEST(w.is_out_of_work());
}

BOOST_AUTO_TEST_CASE(an_observer_lives_as_long_as_a_client_and_its_calls)
{
    bool gone = false;
    {
        world w(scenario_named("a GET"));
        auto watcher = std::make_shared<late_observer>(gone);
        open_failing(w, 0, watcher);
        const std::weak_ptr<late_observer> weak = watcher;
        watcher.reset();
        w.begin();
        w.step();
        w.clerk.reset();
        w.on.reset();
        BOOST_TEST(!gone); // the call needs it
        BOOST_TEST(w.finish());
        BOOST_TEST(w.end.got.has_value());
        BOOST_TEST(gone);
        BOOST_TEST(weak.expired());
    }
}

BOOST_AUTO_TEST_CASE(a_cancellation_at_the_instant_of_the_answer_is_one_or_the_other)
{
    auto whole = std::chrono::nanoseconds(0);
    {
        world w(scenario_named("a GET"));
        const auto begun = clock::now();
        BOOST_TEST_REQUIRE(w.run(w.following_call()).got.has_value());
        whole = clock::now() - begun;
    }
    int answered = 0;
    int cancelled = 0;
    // Up to three times what a call takes; later ones wait longer, should the machine have become busier.
    int rounds = 0;
    for (; rounds < 200 || (answered * cancelled == 0 && rounds < 2000); ++rounds) {
        world w(scenario_named("a GET"));
        asio::steady_timer soon(*w.io, whole * (rounds % 200) * (1 + rounds / 200) * 3 / 200);
        soon.async_wait([&w](boost::system::error_code) { w.cancel(asio::cancellation_type::terminal); });
        w.begin();
        w.finish();
        BOOST_TEST_REQUIRE(w.end.is_over);
        answered += w.end.got.has_value() && !w.end.threw_aborted ? 1 : 0;
        cancelled += w.end.is_cancelled() ? 1 : 0;
        soon.cancel();
        BOOST_TEST(w.is_out_of_work());
        BOOST_TEST(w.clerk->usage().in_flight == 0U);
    }
    BOOST_TEST(answered + cancelled == rounds);
    BOOST_TEST(answered > 0);
    BOOST_TEST(cancelled > 0);
    BOOST_TEST_MESSAGE(answered << " answered, " << cancelled << " cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
