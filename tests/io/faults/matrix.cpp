// A typed call through the whole engine, failing at its n-th operation, for every n until it succeeds untouched.
#include "io/faults/certificate.hpp"
#include "io/faults/faulty_net.hpp"
#include "io/faults/typed_calls.hpp"

#include "call/client_state.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

struct shape {
    std::size_t at_once;
    bool pauses;
};

/// Two calls, the second on the connection of the first; the fault meets one of them.
struct two_calls {
    two_calls(method m_, shape how_, std::size_t fail_at, fault what, std::size_t part = 0,
              const std::string& greeting = std::string())
        : m(m_)
    {
        net.greeting = greeting;
        net.answer = answer_to;
        net.at_once = how_.at_once;
        net.pauses = how_.pauses;
        net.fail_at = fail_at;
        net.how = what;
        net.part = part;
        client_options options;
        options.base_url = "http://127.0.0.1:9/v1"; // nobody is asked
        options.quota = quota(1'000'000, 1s);
        options.retry.initial_backoff = options.retry.max_backoff = 1ms;
        clerk::client clerk(on, secret("sk_live_usherusherusherusher"), options);
        clerk.state()->origin->target->make_stream = [this] { return net.open(); };
        for (std::size_t i = 0; i < 2; ++i) {
            const auto served = net.served.size();
            const auto failed = net.has_failed;
            asio::cancellation_signal stop;
            net.cancel = &stop;
            asio::co_spawn(io, call(clerk, m, ends[i]),
                           asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr e) { BOOST_TEST(!e); }));
            io.restart();
            io.run();
            BOOST_TEST_REQUIRE(ends[i].has_value());
            times_served[i] = net.served.size() - served;
            if (net.has_failed && !failed)
                hit = i;
            const auto counted = on.counters();
            BOOST_TEST(counted.in_flight == 0U);
            BOOST_TEST(counted.calls == i + 1);
            BOOST_TEST(counted.answers + counted.errors == i + 1);
            BOOST_TEST(counted.connections == counted.idle_connections);
            BOOST_TEST(counted.connections == net.open_streams);
            BOOST_TEST(clerk.usage().in_flight == 0U);
            BOOST_TEST(clerk.usage().waiting == 0U);
        }
        counters = on.counters();
        on.close_idle();
        BOOST_TEST(net.open_streams == 0U);
        BOOST_TEST(clerk.state()->engine->deadlines->size() == 0U);
    }

    asio::io_context io{1};
    faulty_net net{io};
    engine on{io.get_executor(), no_authorities()};
    method m;
    ended ends[2];
    std::size_t times_served[2] = {};
    std::size_t hit = 2; ///< which call met the fault
    engine_counters counters;

private:
    // Reading the system's authorities would take most of the time.
    static engine_options no_authorities();
};

std::size_t cases = 0;

/// What the table of repetitions says of the call that met the fault.
void check(const two_calls& run, fault what)
{
    ++cases;
    const auto& net = run.net;
    BOOST_TEST_REQUIRE(run.hit < 2U);
    const auto& end = *run.ends[run.hit];
    const auto served = run.times_served[run.hit];
    BOOST_TEST((run.ends[1 - run.hit]->kind() == error_kind::none), run.ends[1 - run.hit]->message());
    BOOST_TEST(run.times_served[1 - run.hit] == 1U);
    BOOST_TEST(run.counters.calls == 2U);

    const bool is_idle_check = net.failed_at == step::checkout && net.was_used;
    const bool was_sent = net.written > 0 && net.failed_at != step::checkout && net.failed_at != step::open;
    if (what == fault::stall && net.failed_at != step::checkout) {
        BOOST_TEST(end.is_cancelled(), end.message());
        BOOST_TEST((end.outcome() == (was_sent ? call_outcome::unknown : call_outcome::not_sent)));
        BOOST_TEST(served == (net.was_whole ? 1U : 0U));
        BOOST_TEST(run.counters.attempts == 2U);
        BOOST_TEST(run.counters.retries == 0U);
        return;
    }
    if (was_sent && !may_be_repeated(run.m)) {
        BOOST_TEST((end.kind() == error_kind::connection), end.message());
        BOOST_TEST((end.outcome() == call_outcome::unknown));
        BOOST_TEST((end.stopped() == stop_reason::not_repeatable));
        const bool is_write = end.stage() == call_stage::write;
        BOOST_TEST((is_write || end.stage() == call_stage::first_byte || end.stage() == call_stage::body));
        BOOST_TEST(is_write != net.was_whole);
        BOOST_TEST(end.attempts() == 1);
        BOOST_TEST(served == (net.was_whole ? 1U : 0U));
        BOOST_TEST(run.counters.retries == 0U);
        BOOST_TEST(run.counters.errors == 1U);
        return;
    }
    BOOST_TEST((end.kind() == error_kind::none), end.message());
    BOOST_TEST(served == (net.was_whole ? 2U : 1U));
    const bool is_free = is_idle_check || what == fault::stall;
    BOOST_TEST(run.counters.retries == (is_free ? 0U : 1U));
    BOOST_TEST(run.counters.attempts == (is_free ? 2U : 3U));
    BOOST_TEST(run.counters.answers == 2U);
    const bool was_never_open = net.failed_at == step::open || (net.failed_at == step::checkout && !net.was_used);
    BOOST_TEST(run.counters.connections_opened == (what == fault::stall || was_never_open ? 1U : 2U));
}

engine_options two_calls::no_authorities()
{
    engine_options options;
    static const std::string one = certificate().pem();
    options.ca_pem = one;
    return options;
}

constexpr shape shapes[] = {{1u << 20, false}, {64, false}, {64, true}};

void for_every_operation(fault what)
{
    cases = 0;
    for (const auto m : methods)
        for (const auto how_cut : shapes)
            for (std::size_t n = 0;; ++n) {
                BOOST_TEST_REQUIRE(n < 1000U);
                BOOST_TEST_CONTEXT(names[static_cast<int>(m)] << ", " << name_of(what) << " at operation " << n
                                                              << ", bytes at once: " << how_cut.at_once
                                                              << (how_cut.pauses ? ", with pauses" : ""))
                {
                    const two_calls run(m, how_cut, n, what);
                    if (!run.net.has_failed && n >= run.net.steps.size()) {
                        // Untouched: this is the last n.
                        BOOST_TEST((run.ends[0]->kind() == error_kind::none));
                        BOOST_TEST((run.ends[1]->kind() == error_kind::none));
                        BOOST_TEST(run.counters.attempts == 2U);
                        BOOST_TEST(run.counters.connections_opened == 1U);
                        BOOST_TEST(run.counters.connections_reused == 1U);
                        BOOST_TEST(n >= 8U);
                        break;
                    }
                    if (run.net.has_failed)
                        check(run, what);
                    else // a close can't fail, and an open does not wait
                        BOOST_TEST((run.net.steps[n] == step::close || (n == 0 && what == fault::stall)));
                }
            }
    BOOST_TEST_MESSAGE(cases << " cases");
    BOOST_TEST(cases > 150U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_matrix)

BOOST_AUTO_TEST_CASE(a_reset_at_any_operation_is_repeated_only_where_that_is_safe)
{
    for_every_operation(fault::reset);
}

BOOST_AUTO_TEST_CASE(an_orderly_end_at_any_operation_is_repeated_only_where_that_is_safe)
{
    for_every_operation(fault::end);
}

BOOST_AUTO_TEST_CASE(an_error_at_any_operation_is_repeated_only_where_that_is_safe)
{
    for_every_operation(fault::error);
}

BOOST_AUTO_TEST_CASE(a_cancellation_at_any_wait_says_whether_something_was_sent)
{
    for_every_operation(fault::stall);
}

BOOST_AUTO_TEST_CASE(after_part_of_a_write_nothing_is_taken_for_unsent)
{
    for (const auto m : methods) {
        const two_calls whole(m, shapes[0], static_cast<std::size_t>(-1), fault::part);
        const auto size = whole.net.served[0].size();
        BOOST_TEST_REQUIRE(size > 100U);
        // Operations of the untouched run: open, checkout, write, read, checkout, write, read, close.
        for (const std::size_t n : {2U, 5U})
            for (std::size_t part = 1; part < size; ++part)
                BOOST_TEST_CONTEXT(names[static_cast<int>(m)] << ", " << part << " of " << size << " bytes, operation "
                                                              << n)
                {
                    const two_calls run(m, shapes[0], n, fault::part, part);
                    BOOST_TEST_REQUIRE(run.net.has_failed);
                    BOOST_TEST((run.net.failed_at == step::write));
                    check(run, fault::part);
                }
    }
}

BOOST_AUTO_TEST_CASE(what_a_new_connection_says_by_itself_answers_nothing)
{
    for (const auto m : methods) {
        const auto greeting = answer_to(std::string(names[static_cast<int>(m)]));
        const two_calls run(m, shapes[0], static_cast<std::size_t>(-1), fault::reset, 0, greeting);
        for (const auto& end : run.ends) {
            BOOST_TEST((end->kind() == error_kind::connection), end->message());
            BOOST_TEST((end->stage() == call_stage::connect));
            BOOST_TEST((end->outcome() == call_outcome::not_sent));
            BOOST_TEST((end->stopped() == stop_reason::max_attempts), end->message());
        }
        BOOST_TEST(run.net.served.empty());
        BOOST_TEST(run.counters.connections_opened == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
