// The wire is cut at every byte of the request and of the answer.
#include "live/faults/relay.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/sandbox.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <deque>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;

namespace {

struct wire_case {
    wire_case(bool creates_, std::optional<cut> what_) : creates(creates_), what(what_) {}
    bool creates;
    std::optional<cut> what;
};

struct sums {
    std::size_t cases = 0;
    std::size_t cut = 0;
    std::size_t values = 0;
    std::size_t unknown = 0;      ///< creates
    std::size_t unknown_sent = 0; ///< … whose request came whole
    std::size_t requests = 0;     ///< bytes of an untouched create
    std::size_t answers = 0;
};

/// A sandbox, a relay before it, and calls one after the other, each with a key of its own: a breaker that opened for
/// one would end the others.
struct lane_of_calls {
    lane_of_calls(asio::io_context& io, bool tls) : served(options_of(tls)), between(io, served.port())
    {
        engine_options trusting;
        trusting.ca_pem = tls ? served.ca_pem() : authority();
        trusting.proxy_from_environment = false;
        on.emplace(io.get_executor(), trusting);
        url = (tls ? "https://" : "http://") + between.authority() + "/v1";
    }

    static sandbox::options options_of(bool tls)
    {
        sandbox::options how;
        how.tls = tls;
        how.record = false;
        return how;
    }
    // Reading the system's authorities would take most of the time.
    static std::string authority()
    {
        sandbox::options how;
        static const std::string one = sandbox::server(how).ca_pem();
        return one;
    }

    clerk::client client_for(const wire_case& one) const
    {
        client_options how;
        how.base_url = url;
        how.quota = quota(1'000'000, 1s);
        how.retry.initial_backoff = how.retry.max_backoff = 1ms;
        if (one.what && one.what->how == cut_mode::silence) {
            how.timeouts.first_byte = 40ms;
            how.timeouts.whole = how.timeouts.handshake = 60ms;
        }
        return clerk::client(*on, secret("sk_live_usherusherusherusher" + std::to_string(number)), how);
    }

    asio::awaitable<void> run(std::deque<wire_case>& left)
    {
        while (!left.empty()) {
            const auto one = left.front();
            left.pop_front();
            ++number;
            const auto clerk = client_for(one);
            between.arm(one.what);
            on->close_idle();
            if (one.creates)
                co_await create(clerk, one);
            else
                co_await count(clerk, one);
            BOOST_TEST(clerk.usage().in_flight == 0U);
            // A resumed TLS session takes fewer bytes than the first one.
            BOOST_TEST((!one.what || between.was_cut || url.starts_with("https")));
            sum.cut += between.was_cut ? 1 : 0;
            ++sum.cases;
        }
    }

    asio::awaitable<void> count(clerk::client clerk, const wire_case& one)
    {
        const auto users = co_await clerk.users().count();
        BOOST_TEST((users.has_value()), text_of(one) << ": " << (users ? "" : users.error().message()));
    }

    asio::awaitable<void> create(clerk::client clerk, const wire_case& one)
    {
        clerk::create_user_params params;
        params.external_id = "ext-" + std::to_string(number);
        params.email_address = {"user" + std::to_string(number) + "@example.com"};
        params.skip_password_requirement = true;
        call_options how;
        how.reconcile = reconciler::none();
        const auto made = co_await clerk.users().create(params, how);
        if (made) {
            ++sum.values;
            BOOST_TEST((made->external_id == *params.external_id));
            if (!one.what) {
                sum.requests = between.requests;
                sum.answers = between.answers;
            }
            co_return;
        }
        // What was refused before it was sent is sent again, so that a failure is always one in between.
        ++sum.unknown;
        sum.unknown_sent += one.what && one.what->of == direction::answer ? 1 : 0;
        const auto& why = made.error();
        BOOST_TEST((why.outcome() == call_outcome::unknown), text_of(one) << ": " << why.message());
        BOOST_TEST((why.stopped() == stop_reason::not_repeatable), text_of(one) << ": " << why.message());
        BOOST_TEST(why.attempts() == 1, text_of(one) << ": " << why.message());
        const bool is_silence = one.what && one.what->how == cut_mode::silence;
        BOOST_TEST((why.kind() == (is_silence ? error_kind::timeout : error_kind::connection)),
                   text_of(one) << ": " << why.message());
    }

    static std::string text_of(const wire_case& one)
    {
        static constexpr const char* how[] = {"reset", "orderly end", "silence"};
        return std::string(one.creates ? "POST" : "GET") +
               (one.what ? std::string(one.what->of == direction::request ? ", request" : ", answer") + " cut after " +
                               std::to_string(one.what->at) + " bytes by " + how[static_cast<int>(one.what->how)]
                         : "");
    }

    sandbox::server served;
    relay between;
    std::optional<engine> on;
    std::string url;
    sums sum;
    int number = 0;
};

/// Runs cases on several lanes at once; the sum of all.
sums run_all(std::deque<wire_case> cases, bool tls, std::size_t lanes)
{
    asio::io_context io(1);
    std::vector<std::unique_ptr<lane_of_calls>> all;
    std::size_t left = lanes;
    for (std::size_t i = 0; i < lanes; ++i) {
        all.push_back(std::make_unique<lane_of_calls>(io, tls));
        asio::co_spawn(io, all.back()->run(cases), [&](std::exception_ptr failed) {
            BOOST_TEST(!failed);
            if (--left == 0)
                for (auto& one : all) {
                    one->on->close_idle();
                    one->between.stop();
                }
        });
    }
    io.run();
    sums total;
    for (auto& one : all) {
        one->served.stop();
        // Each create that came whole took effect once, and no other did.
        BOOST_TEST(one->served.count("users") == one->sum.values + one->sum.unknown_sent);
        BOOST_TEST(one->on->counters().in_flight == 0U);
        BOOST_TEST(one->on->counters().connections == 0U);
        BOOST_TEST(one->on->counters().answers + one->on->counters().errors == one->on->counters().calls);
        total.cases += one->sum.cases;
        total.cut += one->sum.cut;
        total.values += one->sum.values;
        total.unknown += one->sum.unknown;
        total.requests = std::max(total.requests, one->sum.requests);
        total.answers = std::max(total.answers, one->sum.answers);
    }
    return total;
}

bool is_long()
{
    return std::getenv("USHER_TEST_FACTOR") != nullptr;
}

void cut_everywhere(cut_mode how, bool tls, std::size_t stride, std::size_t lanes)
{
    const auto whole = run_all({wire_case(true, std::nullopt)}, tls, 1);
    BOOST_TEST_REQUIRE(whole.values == 1U);
    BOOST_TEST_REQUIRE(whole.requests > 300U);
    BOOST_TEST_REQUIRE(whole.answers > 500U);
    const auto step = is_long() ? 1 : stride;
    std::deque<wire_case> cases;
    // A few bytes may differ from call to call, such as the digits of its number.
    const std::size_t margin = 16;
    for (const bool creates : {true, false})
        for (const auto of : {direction::request, direction::answer}) {
            const auto size = of == direction::request ? whole.requests : whole.answers;
            const auto most = creates ? size - margin : std::min<std::size_t>(size, 120);
            for (std::size_t at = 0; at < most; at += step)
                cases.emplace_back(creates, cut(of, at, how));
        }
    const auto count = cases.size();
    const auto sum = run_all(std::move(cases), tls, lanes);
    BOOST_TEST(sum.cases == count);
    BOOST_TEST(2 * sum.cut > count);
    BOOST_TEST(sum.unknown > 10U);
    BOOST_TEST_MESSAGE(count << " cases, " << sum.cut << " cut, " << sum.unknown
                             << " creates of unknown outcome; request " << whole.requests << ", answer "
                             << whole.answers << " bytes");
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_byte)

BOOST_AUTO_TEST_CASE(a_reset_at_any_byte_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(cut_mode::reset, false, 1, 2);
}

BOOST_AUTO_TEST_CASE(an_orderly_end_at_any_byte_loses_no_read_and_doubles_no_create)
{
    cut_everywhere(cut_mode::orderly, false, 1, 2);
}

BOOST_AUTO_TEST_CASE(silence_after_any_byte_is_ended_by_the_limits_of_time)
{
    cut_everywhere(cut_mode::silence, false, 5, 12);
}

BOOST_AUTO_TEST_CASE(under_tls_a_cut_anywhere_loses_no_read_and_doubles_no_create)
{
    for (const auto how : {cut_mode::reset, cut_mode::orderly})
        cut_everywhere(how, true, 23, 2);
    cut_everywhere(cut_mode::silence, true, 101, 12);
}

BOOST_AUTO_TEST_CASE(connections_that_end_at_once_carry_nothing_and_lose_nothing)
{
    std::deque<wire_case> cases;
    for (int i = 0; i < 50; ++i)
        for (const bool creates : {true, false})
            for (const auto how : {cut_mode::reset, cut_mode::orderly}) {
                cases.emplace_back(creates, cut(direction::request, 0, how));
                cases.back().what->on_accept = true;
            }
    const auto sum = run_all(std::move(cases), false, 1);
    BOOST_TEST(sum.cases == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
