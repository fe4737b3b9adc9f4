// A server that repeats what it was sent, in every place of an answer: the key is in no error, event or line of a log.
#include "captured.hpp"
#include "evil.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/log.hpp>
#include <usher/observer.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace security;

namespace {

const std::string address = "https://api.example/v1";
const std::string canary = "sk_test_c4n4ryQ7zVw2Lk8Jh3Xr9Tb5Ym1Np6Ds0Gf";

void take_in(const usher::error& from, std::string& told)
{
    const auto& all = from.details();
    for (const auto* text : {&all.operation, &all.text, &all.trace_id, &all.body})
        told += *text + '\n';
    for (const auto& one : all.errors)
        told +=
            one.code + '\n' + one.message + '\n' + one.long_message + '\n' + boost::json::serialize(one.meta) + '\n';
    told += from.message() + '\n' + usher::call_failed(from).what() + '\n' + from.code().message() + '\n';
    if (from.cause() != nullptr)
        take_in(*from.cause(), told);
}

class listening final : public usher::observer {
public:
    explicit listening(std::string& told)
        : told_(told),
          log_(usher::log_level::debug, [&told](std::string_view line) { told += std::string(line) + '\n'; })
    {
    }
    void on_attempt(const usher::attempt_event& event) noexcept override
    {
        for (const auto text : {event.operation, event.method, event.path, event.text, event.held_by, event.trace_id})
            told_ += std::string(text) + '\n';
        log_.on_attempt(event);
        ++attempts;
    }
    void on_call(const usher::call_event& event) noexcept override
    {
        for (const auto text : {event.operation, event.method, event.path})
            told_ += std::string(text) + '\n';
        if (event.failure != nullptr)
            take_in(*event.failure, told_);
        log_.on_call(event);
    }

    std::size_t attempts = 0;

private:
    std::string& told_;
    usher::log_observer log_;
};

std::string with_length(const std::string& head, const std::string& body)
{
    return "HTTP/1.1 " + head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(echoes, captured)

BOOST_AUTO_TEST_CASE(of_the_key_reach_neither_an_error_nor_an_observer_nor_a_log)
{
    const auto bearer = "Bearer " + canary;
    const std::string places[] = {
        with_length("400 Bad Request\r\n", "you sent:\r\n" + bearer + "\r\n"),
        with_length("400 Bad Request\r\n", canary + canary + " and " + canary),
        with_length("400 Bad Request\r\n", std::string(2030, 'x') + canary), // cut within it
        with_length("400 Bad Request\r\n", std::string(2041, 'x') + canary),
        with_length("400 " + canary + "\r\n", ""),
        with_length("400 Bad\r\nRetry-After: " + canary + "\r\nCF-Ray: " + canary + "\r\nLocation: /" + canary + "\r\n",
                    ""),
        with_length("302 Found\r\nLocation: https://evil.example/?" + canary + "\r\n", canary),
        with_length(
            "400 Bad\r\nRateLimit: \"" + canary + "\";r=0;t=1\r\nRateLimit-Policy: \"" + canary + "\";q=1;w=1\r\n", ""),
        with_length("422 Bad\r\n", R"({"errors":[{"code":")" + canary + R"(","message":"a )" + canary +
                                       R"( b","long_message":"c )" + bearer + R"( d","meta":{"a":[{"b":"x)" + canary +
                                       R"("}]}}],"clerk_trace_id":")" + canary + "\"}"),
        with_length("400 Bad\r\n", R"({"error":")" + canary + R"(","error_description":")" + canary + "\"}"),
        with_length("409 Bad\r\n",
                    R"({"code":6,"message":")" + canary + R"(","details":[{"error_code":")" + canary + "\"}]}"),
        with_length("200 OK\r\n", R"({"total_count":")" + canary + "\"}"),
        with_length("200 OK\r\n", "{\"total_count\":" + canary + "}"),
        with_length("200 OK\r\n", "{\"" + canary + "\":1,\"total_count\":[]}"),
        with_length("200 OK\r\n", canary),
        with_length("200 OK\r\nContent-Encoding: " + canary + "\r\n", canary),
        "HTTP/1.1 " + canary + " OK\r\n\r\n",
        canary + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: " + canary + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canary + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n",
        with_length("503 Service Unavailable\r\nRetry-After: 0\r\n", bearer),
    };
    std::string told;
    const auto watcher = std::make_shared<listening>(told);
    enum class source { client, call, machine };
    for (const auto from : {source::client, source::call, source::machine})
        for (const auto& answer : places) {
            const auto shared = capture(address);
            shared->answer = answer;
            auto own = options(address);
            own.watcher = watcher;
            own.retry.max_attempts = 3;
            own.retry.initial_backoff = std::chrono::milliseconds(1);
            own.retry.budgeted = false;
            if (from == source::machine)
                own.machine_key = usher::secret(canary);
            const usher::clerk::client clerk(
                engine, usher::secret(from == source::client ? canary : "sk_test_of_the_client"), own);
            usher::call_options with;
            if (from == source::call)
                with.key = usher::secret(canary);
            if (from == source::machine)
                with.key = usher::secret(canary);
            usher::raw_answer raw;
            with.keep_raw = &raw;
            const auto done = run(clerk.users().count(with));
            BOOST_TEST_REQUIRE(!done.has_value());
            BOOST_TEST(shared->sent.find(canary) != std::string::npos);
            take_in(done.error(), told);
            BOOST_TEST(is_one_clean_line(done.error().message()));
            engine.close_idle();
        }
    BOOST_TEST(watcher->attempts > 60U);
    BOOST_TEST(told.size() > 10'000U);
    // Not whole, and no half of it either.
    for (std::size_t at = 8; at + 12 <= canary.size(); ++at) {
        const auto found = told.find(canary.substr(at, 12));
        BOOST_TEST_REQUIRE(
            found == std::string::npos,
            told.substr(found == std::string::npos ? 0 : found - std::min<std::size_t>(found, 200), 300));
    }
}

BOOST_AUTO_TEST_CASE(of_a_password_do_not_come_from_checks_or_from_what_could_not_be_read)
{
    std::string told;
    const auto shared = capture(address);
    auto own = options(address);
    own.watcher = std::make_shared<listening>(told);
    const usher::clerk::client clerk(engine, usher::secret("sk_test_of_the_client"), own);
    for (const std::string& password :
         {canary, canary + "\r\n", canary + "\xff", "x" + canary + std::string(100'000, 'a')})
        for (const bool validate : {true, false})
            for (const std::string& answer :
                 {with_length("200 OK\r\n", "{\"id\":[\"" + canary + "\"]}"), with_length("500 Oh\r\n", ""),
                  std::string("HTTP/1.1 nonsense\r\n\r\n")}) {
                shared->answer = answer;
                usher::clerk::create_user_params ada;
                ada.password = password;
                ada.email_address = {canary};
                ada.external_id = canary;
                usher::call_options with;
                with.validate = validate;
                const auto done = run(clerk.users().create(ada, with));
                BOOST_TEST_REQUIRE(!done.has_value());
                take_in(done.error(), told);
            }
    BOOST_TEST(told.size() > 1'000U);
    for (std::size_t at = 8; at + 12 <= canary.size(); ++at)
        BOOST_TEST_REQUIRE(told.find(canary.substr(at, 12)) == std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(of_what_is_no_key_do_not_come_from_what_refuses_it)
{
    std::string told;
    const auto note = [&](const auto& make) {
        try {
            make();
            BOOST_TEST(false, "taken");
        } catch (const std::exception& why) {
            told += why.what();
        }
    };
    for (const auto* tail : {" ", "\r\n", "\n", "\x80", "\t", " b"}) {
        const auto bad = canary + tail;
        note([&] { usher::clerk::client(engine, usher::secret(bad), options(address)); });
        note([&] {
            auto own = options(address);
            own.machine_key = usher::secret(bad);
            usher::clerk::client(engine, usher::secret("sk_test_x"), own);
        });
        note([&] { usher::clerk::client(engine, usher::secret("sk_test_x"), options(bad)); });
        note([&] { usher::clerk::client(engine, usher::secret("sk_test_x"), options("https://a:" + bad + "@b")); });
        note([&] { usher::clerk::client(engine, usher::secret("sk_test_x"), options("https://b/?" + bad)); });
        note([&] {
            auto own = usher::engine_options();
            own.proxy = usher::secret("ftp://user:" + bad + "@proxy.example");
            usher::engine made(io.get_executor(), own);
        });
        usher::call_options with;
        with.key = usher::secret(bad);
        const auto done =
            run(usher::clerk::client(engine, usher::secret("sk_test_x"), options(address)).users().count(with));
        BOOST_TEST_REQUIRE(!done.has_value());
        take_in(done.error(), told);
    }
    BOOST_TEST(told.find("c4n4ry") == std::string::npos, told);
}

BOOST_AUTO_TEST_SUITE_END()
