// An issuer and its key cache in virtual time.
#ifndef USHER_TESTS_TOKEN_REMOTE_ISSUER_HPP
#define USHER_TESTS_TOKEN_REMOTE_ISSUER_HPP

#include "issuer.hpp"
#include "virtual_time.hpp"

#include "token/key_source_impl.hpp"

#include <usher/token/verifier.hpp>

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

namespace token_tests {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using usher::token::fetched_keys;
using usher::token::key_cache_options;
using usher::token::key_fetch;
using usher::token::key_set;
using usher::token::key_source;
using usher::token::reason;
using usher::token::rejection;
using usher::token::verifier;
using virtual_tests::begin;
using virtual_tests::virtual_clock;
using virtual_tests::virtual_time;

using clock_source = usher::token::detail::basic_key_source<virtual_clock>;

inline usher::error outage()
{
    usher::error_details details;
    details.kind = usher::error_kind::connect;
    details.text = "nobody listens";
    return usher::error(details);
}

/// An issuer whose answers take a while.
class remote_issuer {
public:
    explicit remote_issuer(virtual_time& time) : time_(time) {}

    key_fetch fetch()
    {
        return [this] { return answer(this); };
    }

    key_set keys = keys_of({rsa_key().jwk("ins_one")});
    std::optional<std::chrono::seconds> max_age;
    virtual_clock::duration latency = 100ms;
    bool is_down = false;
    bool throws = false;
    std::vector<virtual_clock::time_point> asked;
    int running = 0;
    int most_running = 0;

private:
    static asio::awaitable<usher::result<fetched_keys>> answer(remote_issuer* self)
    {
        self->asked.push_back(virtual_clock::now());
        self->most_running = std::max(self->most_running, ++self->running);
        asio::basic_waitable_timer<virtual_clock> timer(self->time_.context(), self->latency);
        co_await timer.async_wait(asio::use_awaitable);
        --self->running;
        if (self->throws)
            throw std::runtime_error("the fetch is broken");
        if (self->is_down)
            co_return outage();
        fetched_keys brought;
        brought.keys = self->keys;
        brought.max_age = self->max_age;
        co_return brought;
    }

    virtual_time& time_;
};

struct key_cache_fixture {
    std::shared_ptr<clock_source> make_source(std::string issuer = {})
    {
        return std::make_shared<clock_source>(time.context().get_executor(), options, remote.fetch(),
                                              std::move(issuer));
    }

    /// A token of that key, valid for the real time that a verification reads.
    static std::string token(std::string_view kid = "ins_one", const signing_key& key = rsa_key())
    {
        static const auto real = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const auto count = real.time_since_epoch().count();
        auto claims = session_claims_json();
        claims["iat"] = count;
        claims["nbf"] = count;
        claims["exp"] = count + 3600;
        return make_token(key, with(session_header(), "kid", json::string(kid)), claims);
    }

    /// Starts a verification and puts its reason into `out` when it ends.
    void start(const verifier& by, const std::string& text, std::optional<rejection>& out)
    {
        asio::co_spawn(time.context(), run(by, text, &out), asio::detached);
    }

    reason verify(const verifier& by, const std::string& text)
    {
        std::optional<rejection> out;
        start(by, text, out);
        time.settle();
        for (int step = 0; !out && step != 1000; ++step)
            time.jump_to(virtual_clock::now() + 50ms);
        BOOST_TEST_REQUIRE(out.has_value());
        last = *out;
        return out->reason;
    }

    static asio::awaitable<void> run(verifier by, std::string text, std::optional<rejection>* out)
    {
        const auto answer = co_await by.verify<usher::token::session_claims>(text);
        *out = answer.error();
    }

    virtual_time time;
    remote_issuer remote{time};
    key_cache_options options;
    rejection last;
};

} // namespace token_tests

#endif
