// A sandbox, a relay before it, and calls one after the other whose connections the relay cuts.
#ifndef USHER_TESTS_LIVE_FAULTS_LANE_HPP
#define USHER_TESTS_LIVE_FAULTS_LANE_HPP

#include "live/faults/relay.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/observer.hpp>
#include <usher/sandbox.hpp>

#include <boost/test/unit_test.hpp>

#include <set>

namespace usher::tests {

using namespace std::chrono_literals;

struct wire_case {
    wire_case(bool creates_, std::optional<cut> what_) : creates(creates_), what(what_) {}
    bool is_silent() const { return what && what->how == cut_mode::silence; }
    bool creates;
    std::optional<cut> what;
};

struct sums {
    void operator+=(const sums& more)
    {
        cases += more.cases;
        cut += more.cut;
        shaken += more.shaken;
        values += more.values;
        unknown += more.unknown;
        sent += more.sent;
        doubtful += more.doubtful;
        late += more.late;
    }
    std::size_t cases = 0;
    std::size_t cut = 0;
    std::size_t shaken = 0; ///< within the TLS handshake
    std::size_t values = 0;
    std::size_t unknown = 0;  ///< creates
    std::size_t sent = 0;     ///< … whose request came whole
    std::size_t doubtful = 0; ///< … or perhaps: the answer's first bytes under TLS say nothing about it
    std::size_t late = 0;     ///< cases that the machine had no time for, which are run again
};

/// How the first attempt of a lane's call ended, the only one that is cut; calls after it are let be.
struct first_attempt final : observer {
    void on_attempt(const attempt_event& event) noexcept override
    {
        if (std::exchange(is_known_, true))
            return;
        failure = event.failure;
        stage = event.stage;
    }
    void on_call(const call_event&) noexcept override {}
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::prepare;

private:
    bool is_known_ = false;
};

/// Every call has a key of its own, and so an instance of its own, whose users are those of this call. Under TLS every
/// call has an engine of its own, too: a session that is taken up again would make the handshake shorter.
class lane_of_calls {
public:
    lane_of_calls(asio::io_context& io, bool tls) : io_(io), served_(options_of(tls)), between_(io, served_.port())
    {
        trusting_.ca_pem = tls ? served_.ca_pem() : authority();
        trusting_.proxy_from_environment = false;
        on_.emplace(io.get_executor(), trusting_);
        url_ = (tls ? "https://" : "http://") + between_.authority() + "/v1";
    }

    /// True if the connection was cut.
    asio::awaitable<bool> run(wire_case one)
    {
        bool is_cut = co_await once(one);
        for (int again = 0; is_late_ && again < 5; ++again) {
            ++sum.late;
            is_cut = co_await once(one);
        }
        BOOST_TEST(!is_late_, text_of(one));
        co_return is_cut;
    }

    void stop()
    {
        expect_rest();
        between_.stop();
    }
    /// Each create that came whole took effect once, and no other did.
    void expect_effects()
    {
        served_.stop();
        const auto users = served_.count("users");
        BOOST_TEST(users >= sum.values + sum.sent);
        BOOST_TEST(users <= sum.values + sum.sent + sum.doubtful);
    }

    sums sum;

private:
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
    bool is_tls() const { return url_.starts_with("https"); }
    static bool is_in_handshake(const first_attempt& first)
    {
        return first.failure != error_kind::none && first.stage == call_stage::handshake;
    }

    clerk::client client_for(const wire_case& one, std::shared_ptr<first_attempt> first) const
    {
        client_options how;
        how.base_url = url_;
        how.quota = quota(1'000'000, 1s);
        how.retry.initial_backoff = how.retry.max_backoff = 1ms;
        how.watcher = std::move(first);
        // Attempts that are not cut have the same limits.
        if (one.is_silent())
            how.timeouts.first_byte = how.timeouts.whole = how.timeouts.handshake = 500ms;
        return clerk::client(*on_, secret("sk_live_usherusherusherusher" + std::to_string(number_)), how);
    }

    /// A call whose connection is cut; true if it was.
    asio::awaitable<bool> once(wire_case one)
    {
        ++number_;
        is_late_ = false;
        if (is_tls()) {
            expect_rest();
            on_.emplace(io_.get_executor(), trusting_);
        }
        on_->close_idle();
        between_.arm(one.what);
        const auto first = std::make_shared<first_attempt>();
        const auto clerk = client_for(one, first);
        if (one.creates)
            co_await create(clerk, one, first);
        else
            co_await count(clerk, one);
        BOOST_TEST(clerk.usage().in_flight == 0U);
        const bool is_cut = was_cut_;
        is_late_ = is_late_ || (one.is_silent() && !is_cut && first->failure == error_kind::timeout);
        if (is_late_)
            co_return is_cut;
        if (is_cut)
            BOOST_TEST((first->failure == (one.is_silent()           ? error_kind::timeout
                                           : is_in_handshake(*first) ? error_kind::tls
                                                                     : error_kind::connection)),
                       text_of(one));
        else
            BOOST_TEST((first->failure == error_kind::none), text_of(one));
        ++sum.cases;
        sum.cut += is_cut ? 1 : 0;
        sum.shaken += is_in_handshake(*first) ? 1 : 0;
        co_return is_cut;
    }

    asio::awaitable<void> count(clerk::client clerk, const wire_case& one)
    {
        const auto users = co_await clerk.users().count();
        was_cut_ = between_.was_cut();
        BOOST_TEST((users.has_value()), text_of(one) << ": " << (users ? "" : users.error().message()));
    }

    asio::awaitable<void> create(clerk::client clerk, const wire_case& one, std::shared_ptr<const first_attempt> first)
    {
        clerk::create_user_params params;
        params.external_id = "ext-" + std::to_string(number_);
        params.email_address = {"user" + std::to_string(number_) + "@example.com"};
        params.skip_password_requirement = true;
        call_options how;
        how.reconcile = reconciler::none();
        const auto made = co_await clerk.users().create(params, how);
        // What is asked below takes another connection: one that was not cut so far could still be.
        const bool is_cut = was_cut_ = between_.was_cut();
        const int connections = between_.connections;
        on_->close_idle();
        const bool is_answer = one.what && one.what->of == direction::answer;
        // What was refused before it was sent is sent again, so that a failure is always one in between.
        const bool is_sent_again =
            is_cut && (one.what->on_accept || first->stage == call_stage::connect || is_in_handshake(*first));
        const int wanted = is_sent_again ? 2 : 1;
        const bool is_value_wanted = !is_cut || is_sent_again;
        is_late_ = one.is_silent() && (connections > wanted || (is_value_wanted && !made && made.error().is_timeout()));
        if (is_late_) {
            ++sum.doubtful;
            co_return;
        }
        BOOST_TEST(connections == wanted, text_of(one));
        BOOST_TEST(made.has_value() == is_value_wanted, text_of(one));
        const bool is_doubtful = !made && is_answer && is_tls();
        if (made) {
            ++sum.values;
        } else {
            ++sum.unknown;
            sum.doubtful += is_doubtful ? 1 : 0;
            sum.sent += is_answer && !is_doubtful ? 1 : 0;
            const auto& why = made.error();
            BOOST_TEST((why.outcome() == call_outcome::unknown), text_of(one) << ": " << why.message());
            BOOST_TEST((why.stopped() == stop_reason::not_repeatable), text_of(one) << ": " << why.message());
            BOOST_TEST(why.attempts() == 1, text_of(one) << ": " << why.message());
            BOOST_TEST((why.kind() == (one.is_silent() ? error_kind::timeout : error_kind::connection)),
                       text_of(one) << ": " << why.message());
        }
        call_options patient;
        patient.timeouts.emplace();
        const clerk::get_user_list_params all;
        const auto listed = co_await clerk.users().list(all, patient);
        BOOST_TEST_REQUIRE(listed.has_value(), text_of(one));
        std::multiset<std::string> ids;
        for (const auto& user : *listed)
            ids.insert(user.external_id.value_or("none"));
        std::multiset<std::string> expected;
        if (made || (is_answer && !is_doubtful) || (is_doubtful && !ids.empty()))
            expected.insert(*params.external_id);
        BOOST_TEST((ids == expected), text_of(one) << ": " << ids.size() << " users");
    }

    /// Nothing is left of the calls.
    void expect_rest()
    {
        on_->close_idle();
        const auto counted = on_->counters();
        BOOST_TEST(counted.in_flight == 0U);
        BOOST_TEST(counted.connections == 0U);
        BOOST_TEST(counted.answers + counted.errors == counted.calls);
    }

    static std::string text_of(const wire_case& one)
    {
        static constexpr const char* how[] = {"reset", "orderly end", "silence"};
        return std::string(one.creates ? "POST" : "GET") +
               (one.what ? std::string(one.what->of == direction::request ? ", request" : ", answer") + " cut after " +
                               std::to_string(one.what->at) + " bytes by " + how[static_cast<int>(one.what->how)]
                         : "");
    }

    asio::io_context& io_;
    sandbox::server served_;
    relay between_;
    engine_options trusting_;
    std::optional<engine> on_;
    std::string url_;
    int number_ = 0;
    bool is_late_ = false; ///< an attempt that was not cut took longer than the limit: other work of the machine
    bool was_cut_ = false; ///< when the call had ended
};

} // namespace usher::tests

#endif
