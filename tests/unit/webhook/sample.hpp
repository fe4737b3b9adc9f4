// A request with a known signature, and a verifier at its time.
#ifndef USHER_TESTS_WEBHOOK_SAMPLE_HPP
#define USHER_TESTS_WEBHOOK_SAMPLE_HPP

#include <usher/webhook.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace usher::webhook {

inline std::ostream& operator<<(std::ostream& out, reason why)
{
    return out << to_string(why);
}

inline std::ostream& operator<<(std::ostream& out, claim known)
{
    return out << (known == claim::taken ? "taken" : known == claim::pending ? "pending" : "done");
}

} // namespace usher::webhook

namespace sample {

using namespace usher::webhook;
using std::chrono::seconds;
using std::chrono::sys_seconds;

// The vector that the providers publish.
inline constexpr const char* secret_text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
inline constexpr const char* timestamp = "1614265330";
inline constexpr const char* body = R"({"test": 2432232314})";
inline constexpr const char* signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
inline constexpr sys_seconds sent{seconds(1614265330)};

inline verifier_options at(std::chrono::system_clock::time_point now)
{
    verifier_options options;
    options.now = [now] { return now; };
    return options;
}

inline verifier verifier_at(std::chrono::system_clock::time_point now = sent, provider from = provider::clerk)
{
    return verifier(from, usher::secret(secret_text), at(now));
}

inline std::vector<header> headers(std::string_view own_id = id, std::string_view time = timestamp,
                                   std::string_view list = signature)
{
    return {{"svix-id", own_id}, {"svix-timestamp", time}, {"svix-signature", list}};
}

/// The reason of a refusal; an acceptance fails the test.
inline reason why(const verdict& checked)
{
    BOOST_TEST_REQUIRE(checked.has_error(), "accepted");
    return checked.error().why();
}

} // namespace sample

#endif
