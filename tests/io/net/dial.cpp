// Connecting to several addresses, some of them dead. Sockets are real; names are not: addresses are put in the cache.
#include "net/dial.hpp"
#include "io/dead_ends.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <optional>

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace usher;
using namespace usher::detail;
using namespace usher::tests;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

std::shared_ptr<dial_target> target_of(std::vector<tcp::endpoint> addresses, const char* url = "http://localhost:1")
{
    auto target = std::make_shared<dial_target>();
    target->url = parse_base_url(url);
    target->addresses.addresses = std::move(addresses);
    target->addresses.until = clock_type::now() + 1h;
    return target;
}

// Less than any limit that a test does not speak of, and more than a busy machine needs.
constexpr auto late = 4s;

struct dialled {
    bool made = false;
    std::uint16_t port = 0; ///< of the address that was reached
    error_kind failure = error_kind::none;
    call_stage stage = call_stage::resolve;
    std::string text;
    std::chrono::nanoseconds resolve{0}, connect{0}, handshake{0}, all{0};
};

struct limits_of {
    std::chrono::milliseconds connect = 5s;
    std::chrono::milliseconds end = 10s;
    std::chrono::milliseconds cancel_after = 0ms;
};

std::ptrdiff_t descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

dialled dial_to(const std::shared_ptr<dial_target>& target, const limits_of& how = limits_of())
{
    const auto open_before = descriptors();
    std::optional<dialled> done;
    const auto begun = clock_type::now();
    {
        asio::io_context io;
        auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
        dial_limits limits{};
        limits.connect = how.connect;
        limits.handshake = 5s;
        limits.end = begun + how.end;
        asio::cancellation_signal stop;
        asio::steady_timer soon(io);
        if (how.cancel_after > 0ms) {
            soon.expires_after(how.cancel_after);
            soon.async_wait([&stop](boost::system::error_code) { stop.emit(asio::cancellation_type::terminal); });
        }
        asio::co_spawn(io, dial(io.get_executor(), deadlines, target, limits),
                       asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown, dial_result result) {
                           BOOST_TEST(!thrown);
                           done.emplace();
                           done->all = clock_type::now() - begun;
                           done->made = result.made != nullptr;
                           if (result.made)
                               done->port = result.made->io->socket()->remote_endpoint().port();
                           done->failure = result.failure;
                           done->stage = result.stage;
                           done->text = result.text;
                           done->resolve = result.resolve;
                           done->connect = result.connect;
                           done->handshake = result.handshake;
                       }));
        io.run();
        // Whoever lost is closed: nothing of it keeps the context busy.
        BOOST_TEST((clock_type::now() - begun < done->all + late));
        BOOST_TEST(deadlines->size() == 0U);
    }
    BOOST_TEST(descriptors() == open_before);
    return *done;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dialling)

BOOST_AUTO_TEST_CASE(passes_over_addresses_that_refuse_without_waiting)
{
    const refusing a;
    const refusing b;
    const refusing c;
    const listener good;
    const auto done = dial_to(target_of({a.address(), b.address(), c.address(), good.address()}));
    BOOST_TEST(done.made);
    BOOST_TEST(done.port == good.address().port());
    BOOST_TEST((done.all < late));
    BOOST_TEST(
        (done.resolve < done.connect && done.connect > 0ns && done.connect <= done.all && done.handshake == 0ns));
}

BOOST_AUTO_TEST_CASE(begins_with_the_next_address_after_250_ms_of_silence)
{
    const black_hole dead;
    const listener good;
    const auto done = dial_to(target_of({dead.address(), good.address()}));
    BOOST_TEST(done.made);
    BOOST_TEST(done.port == good.address().port());
    BOOST_TEST((done.connect >= 250ms && done.connect < late));
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_silent_address_when_the_one_behind_it_refuses)
{
    const black_hole dead;
    const refusing no;
    const listener good;
    const auto done = dial_to(target_of({dead.address(), no.address(), good.address()}));
    BOOST_TEST(done.port == good.address().port());
    BOOST_TEST((done.connect >= 250ms && done.connect < late));
}

BOOST_AUTO_TEST_CASE(prefers_the_first_address_that_answers)
{
    const listener first;
    const listener second;
    BOOST_TEST(dial_to(target_of({first.address(), second.address()})).port == first.address().port());
}

BOOST_AUTO_TEST_CASE(ends_at_once_when_every_address_refuses)
{
    const refusing a;
    const refusing b;
    const auto target = target_of({a.address(), b.address()});
    const auto done = dial_to(target);
    BOOST_TEST((done.failure == error_kind::connect));
    BOOST_TEST((done.stage == call_stage::connect));
    BOOST_TEST(done.text == "no address of localhost accepted a connection");
    BOOST_TEST((done.all < late));
    // Where nobody answers is looked up anew the next time.
    BOOST_TEST(target->addresses.addresses.empty());
}

BOOST_AUTO_TEST_CASE(ends_at_the_limit_of_connecting_when_every_address_is_silent)
{
    const black_hole a;
    const black_hole b;
    const auto target = target_of({a.address(), b.address()});
    limits_of limits;
    limits.connect = 300ms;
    const auto done = dial_to(target, limits);
    BOOST_TEST((done.failure == error_kind::timeout));
    BOOST_TEST((done.stage == call_stage::connect));
    BOOST_TEST(done.text == "no address of localhost connected in time");
    BOOST_TEST((done.all >= 300ms && done.all < late));
    BOOST_TEST((done.connect >= 290ms));
    BOOST_TEST(target->addresses.addresses.empty());
}

BOOST_AUTO_TEST_CASE(ends_at_the_calls_deadline_when_that_is_earlier)
{
    const black_hole dead;
    limits_of limits;
    limits.end = 60ms;
    const auto done = dial_to(target_of({dead.address()}), limits);
    BOOST_TEST((done.failure == error_kind::timeout));
    BOOST_TEST((done.all >= 60ms && done.all < late));
}

BOOST_AUTO_TEST_CASE(is_cancelled_with_several_attempts_under_way)
{
    const black_hole a;
    const black_hole b;
    limits_of limits;
    limits.cancel_after = 300ms;
    const auto done = dial_to(target_of({a.address(), b.address()}), limits);
    BOOST_TEST((done.failure == error_kind::cancelled));
    BOOST_TEST((done.all >= 300ms && done.all < late));
}

BOOST_AUTO_TEST_CASE(keeps_addresses_for_30_seconds)
{
    const listener good;
    const auto port = std::to_string(good.address().port());
    const auto target = target_of({}, ("http://localhost:" + port).c_str());
    const auto before = clock_type::now();
    const auto first = dial_to(target);
    BOOST_TEST(first.made);
    BOOST_TEST((first.resolve > 0ns));
    BOOST_TEST_REQUIRE(!target->addresses.addresses.empty());
    BOOST_TEST((target->addresses.until >= before + 30s && target->addresses.until <= clock_type::now() + 30s));

    // Kept ones are used as they are, and those past their time are not.
    const listener other;
    target->addresses.addresses = {other.address()};
    BOOST_TEST(dial_to(target).port == other.address().port());
    target->addresses.until = clock_type::now();
    BOOST_TEST(dial_to(target).port == good.address().port());
}

BOOST_AUTO_TEST_CASE(without_tls_no_other_machine_is_connected_to_whatever_the_resolver_says)
{
    const listener good;
    const auto target = target_of({}, ("http://localhost:" + std::to_string(good.address().port())).c_str());
    target->addresses.addresses = {{asio::ip::make_address("192.0.2.1"), good.address().port()}};
    target->addresses.until = clock_type::now() + 30s;
    const auto refused = dial_to(target);
    BOOST_TEST(!refused.made);
    BOOST_TEST((refused.failure == error_kind::connect));
    BOOST_TEST(refused.text.find("another machine") != std::string::npos, refused.text);

    target->addresses.addresses = {{asio::ip::make_address("192.0.2.1"), good.address().port()}, good.address()};
    target->addresses.until = clock_type::now() + 30s;
    BOOST_TEST(dial_to(target).port == good.address().port());
}

BOOST_AUTO_TEST_CASE(those_who_look_for_the_same_name_at_once_share_one_look_up)
{
    listener good;
    const auto port = std::to_string(good.address().port());
    const auto target = target_of({}, ("http://localhost:" + port).c_str());
    asio::io_context io;
    auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    dial_limits limits{};
    limits.connect = 5s;
    limits.handshake = 5s;
    limits.end = clock_type::now() + 10s;
    int made = 0;
    int cancelled = 0;
    asio::cancellation_signal stop;
    for (int i = 0; i < 50; ++i)
        asio::co_spawn(io, dial(io.get_executor(), deadlines, target, limits),
                       asio::bind_cancellation_slot(i == 7 ? stop.slot() : asio::cancellation_slot(),
                                                    [&](std::exception_ptr thrown, const dial_result& result) {
                                                        BOOST_TEST(!thrown);
                                                        made += result.made != nullptr ? 1 : 0;
                                                        cancelled += result.failure == error_kind::cancelled ? 1 : 0;
                                                    }));
    // One who leaves does not end it for the others.
    asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
    io.run();
    BOOST_TEST(target->lookup.asked == 1U);
    BOOST_TEST(cancelled == 1);
    BOOST_TEST(made == 49);
}

BOOST_AUTO_TEST_CASE(goes_to_the_proxys_address_and_never_looks_for_the_origins)
{
    const refusing no;
    const auto target = target_of({}, "https://origin.invalid");
    target->proxy = std::make_shared<const proxy_address>(
        parse_proxy("http://user:canary@127.0.0.1:" + std::to_string(no.address().port()), "x"));
    const auto done = dial_to(target);
    BOOST_TEST((done.failure == error_kind::connect));
    BOOST_TEST(done.text ==
               "no address of the proxy 127.0.0.1:" + std::to_string(no.address().port()) + " accepted a connection");
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_is_an_error_of_resolving)
{
    limits_of limits;
    limits.connect = 2s;
    const auto done = dial_to(target_of({}, "https://origin.invalid"), limits);
    BOOST_TEST(!done.made);
    BOOST_TEST((done.stage == call_stage::resolve));
    BOOST_TEST((done.failure == error_kind::resolve || done.failure == error_kind::timeout));
    BOOST_TEST(done.text == "the name origin.invalid could not be resolved");
    BOOST_TEST((done.resolve > 0ns && done.connect == 0ns));
}

BOOST_AUTO_TEST_SUITE_END()
