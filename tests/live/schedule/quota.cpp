// The quota as a whole call meets it.
#define BOOST_TEST_MODULE live_schedule
#include <boost/test/unit_test.hpp>

#include <usher/clerk.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr const char* not_found =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";

/// Answers the first request of a connection with what it was told to say, and is silent from then on.
class server {
public:
    server(asio::io_context& io, std::string says)
        : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), says_(std::move(says))
    {
        accept();
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    std::size_t accepted() const { return sockets_.size(); }

private:
    void accept()
    {
        acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
            if (ec)
                return;
            sockets_.push_back(std::move(socket));
            auto& asked = sockets_.back();
            asked.async_wait(tcp::socket::wait_read, [this, &asked](boost::system::error_code failed) {
                if (!failed && !says_.empty())
                    asio::write(asked, asio::buffer(says_), failed);
            });
            accept();
        });
    }

    tcp::acceptor acceptor_;
    std::string says_;
    std::list<tcp::socket> sockets_;
};

class fixture {
public:
    asio::io_context io{1};
    usher::engine engine{io.get_executor()};

    usher::clerk::client client(const std::string& url, const usher::quota& limit)
    {
        usher::client_options options;
        options.base_url = url;
        options.quota = limit;
        return usher::clerk::client(engine, usher::secret("sk_test_abc"), options);
    }
};

using outcome = std::optional<usher::error>;

template <class Awaitable>
void start(asio::io_context& io, Awaitable call, outcome& failed,
           asio::cancellation_slot slot = asio::cancellation_slot())
{
    asio::co_spawn(io, std::move(call),
                   asio::bind_cancellation_slot(slot, [&failed](std::exception_ptr thrown, auto result) {
                       BOOST_TEST(!thrown);
                       if (!thrown && !result)
                           failed = result.error();
                   }));
}

/// Until a condition holds, or for half a minute.
void run_until(asio::io_context& io, const std::function<bool()>& is_over)
{
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!is_over() && std::chrono::steady_clock::now() < end)
        io.run_one_for(100ms);
    BOOST_TEST_REQUIRE(is_over());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(quota, fixture)

BOOST_AUTO_TEST_CASE(a_start_that_the_quota_can_not_give_before_the_deadline_is_refused_at_once_and_not_asked_for_again)
{
    server busy(io, not_found);
    const auto clerk = client(busy.url(), usher::quota(1, 60s));
    outcome first;
    start(io, clerk.users().get("u"), first);
    run_until(io, [&] { return first.has_value(); });
    BOOST_TEST(first->is_not_found(), first->message());

    usher::call_options options;
    options.deadline = 5s;
    outcome second;
    start(io, clerk.users().get("u", options), second);
    io.restart();
    io.poll();
    BOOST_TEST_REQUIRE(second.has_value()); // without waiting for anything
    BOOST_TEST((second->kind() == usher::error_kind::timeout), second->message());
    BOOST_TEST((second->stage() == usher::call_stage::admission));
    BOOST_TEST((second->outcome() == usher::call_outcome::not_sent));
    BOOST_TEST((second->stopped() == usher::stop_reason::deadline));
    BOOST_TEST(second->attempts() <= 1);
}

BOOST_AUTO_TEST_CASE(an_attempt_without_an_answer_holds_no_place_in_flight_while_it_backs_off)
{
    server silent(io, "");
    usher::quota one_at_a_time(1000, 10s);
    one_at_a_time.in_flight = 1;
    const auto clerk = client(silent.url(), one_at_a_time);
    usher::call_options patient;
    patient.retry = usher::retry_policy();
    patient.retry->initial_backoff = patient.retry->max_backoff = 3'600'000ms;
    patient.deadline = 3'600'000ms;
    patient.timeouts.emplace();
    patient.timeouts->first_byte = 60ms;
    asio::cancellation_signal cancel;
    outcome backing_off;
    start(io, clerk.users().get("a", patient), backing_off, cancel.slot());

    usher::call_options short_one;
    short_one.retry = usher::retry_policy::none();
    short_one.timeouts = patient.timeouts;
    outcome other;
    start(io, clerk.users().get("b", short_one), other);
    run_until(io, [&] { return other.has_value(); });
    BOOST_TEST((other->stage() == usher::call_stage::first_byte), other->message());
    BOOST_TEST(silent.accepted() == 2U);
    BOOST_TEST(!backing_off);

    cancel.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return backing_off.has_value(); });
    BOOST_TEST(backing_off->is_cancelled(), backing_off->message());
}

BOOST_AUTO_TEST_CASE(a_client_can_see_how_far_each_limit_and_its_tenant_are)
{
    // A connection for each: they come one after the other as well as at once.
    server busy(io, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 2\r\n"
                    "Content-Type: application/json\r\n\r\n{}");
    auto limits = usher::quota::clerk(200, 10s);
    limits.slow_start = 0ms;
    usher::client_options options;
    options.base_url = busy.url();
    options.quota = limits;
    options.tenant = "acme";
    options.tenant_weight = 3;
    const usher::clerk::client acme(engine, usher::secret("sk_test_abc"), options);
    options.tenant = "other";
    const usher::clerk::client other(engine, usher::secret("sk_test_abc"), options);

    usher::clerk::update_user_params named;
    named.first_name = "Ada";
    std::list<outcome> failed;
    for (int i = 0; i != 3; ++i)
        start(io, acme.users().update("user_1", named), failed.emplace_back());
    start(io, acme.users().update("user_2", named), failed.emplace_back());
    start(io, other.users().get("user_1"), failed.emplace_back());
    run_until(io,
              [&] { return std::all_of(failed.begin(), failed.end(), [](const auto& f) { return f.has_value(); }); });

    const auto usage = acme.usage();
    BOOST_TEST(usage.admitted == 5U);
    BOOST_TEST(usage.tenant_admitted == 4U);
    BOOST_TEST(other.usage().tenant_admitted == 1U);
    BOOST_TEST(usage.refused == 0U);
    BOOST_TEST(usage.waiting == 0U);
    BOOST_TEST((usage.predicted_wait < 1s));
    BOOST_REQUIRE(usage.limits.size() == limits.rules.size());
    BOOST_TEST(usage.limits[0].rule == "instance");
    BOOST_TEST(usage.limits[0].requests == 200U);
    BOOST_TEST(usage.limits[0].admitted == 5U);
    BOOST_TEST(usage.limits[0].utilisation == 5 / 200.0);
    const auto user =
        std::find_if(usage.limits.begin(), usage.limits.end(), [](const auto& limit) { return limit.rule == "user"; });
    BOOST_REQUIRE(user != usage.limits.end());
    BOOST_TEST(user->admitted == 4U);
    BOOST_TEST(user->records == 2U);
    BOOST_TEST(user->utilisation == 0.3); // of user_1
}

BOOST_AUTO_TEST_CASE(a_tenant_without_a_weight_is_refused_by_name)
{
    usher::client_options options;
    options.tenant = "acme";
    options.tenant_weight = 0;
    BOOST_CHECK_EXCEPTION(
        usher::clerk::client(engine, usher::secret("sk_test_abc"), options), std::invalid_argument,
        [](const auto& thrown) { return std::string(thrown.what()).find("tenant_weight") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
