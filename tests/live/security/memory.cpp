// After clients and engine are gone, no secret stands in the memory of the process.
#define BOOST_TEST_MODULE security_memory
#include "captured.hpp"
#include "leaves_nothing.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>
#include <usher/credentials.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <vector>

#include <unistd.h>

using namespace security;

namespace {

/// Lazy binding of functions saves registers on the stack, with what they hold: the program starts again without it.
const bool bound = [] {
    if (std::getenv("LD_BIND_NOW") != nullptr)
        return true;
    ::setenv("LD_BIND_NOW", "1", 1);
    std::ifstream line("/proc/self/cmdline");
    std::vector<std::string> words;
    for (std::string word; std::getline(line, word, '\0');)
        words.push_back(word);
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv("/proc/self/exe", arguments.data());
    return false;
}();

const std::string address = "https://api.example/v1";

/// A stream that remembers nothing of what it is sent.
class deaf_stream final : public memory_stream {
public:
    deaf_stream(asio::any_io_executor executor, const std::string& answer,
                const std::function<void(std::size_t)>& on_write)
        : memory_stream(std::move(executor)), answer_(answer), on_write_(on_write)
    {
    }
    usher::detail::io_result read_some(char* data, std::size_t size) noexcept override
    {
        const auto bytes = std::min(size, left_.size());
        if (bytes == 0)
            return {usher::detail::io_state::want_read, 0, {}};
        left_.copy(data, bytes);
        left_.remove_prefix(bytes);
        return {usher::detail::io_state::ready, bytes, {}};
    }
    usher::detail::io_result write_some(const char*, std::size_t size) noexcept override
    {
        left_ = answer_;
        if (on_write_)
            on_write_(size);
        return {usher::detail::io_state::ready, size, {}};
    }

private:
    const std::string& answer_;
    const std::function<void(std::size_t)>& on_write_;
    std::string_view left_;
};

struct deaf : captured {
    explicit deaf(const std::string& at)
    {
        const auto origin = engine.state()->connections.origin(usher::detail::parse_base_url(at));
        origin->target->make_stream = [this] {
            return std::make_unique<deaf_stream>(io.get_executor(), answer, on_write);
        };
    }
    /// Counts what stands in memory while a request is being written, and the bytes that are.
    void watch(const canary& hidden)
    {
        on_write = [this, &hidden](std::size_t size) {
            taken += size;
            inside = std::max(inside, hidden.copies());
        };
    }
    std::size_t taken = 0;
    std::size_t inside = 0;
    std::function<void(std::size_t bytes)> on_write;
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
};

} // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(is_searched_whole)
{
    BOOST_TEST(bound);
    const canary hidden;
    BOOST_TEST(hidden.copies() == 0U);
    std::string copy;
    std::vector<std::unique_ptr<usher::secret>> secrets;
    hidden.reveal([&](std::string_view text) {
        copy = text;
        secrets.push_back(std::make_unique<usher::secret>(text));
    });
    BOOST_TEST(hidden.copies() == 6U); // two, each with three windows
    std::fill(copy.begin(), copy.begin() + 20, 'x');
    BOOST_TEST(hidden.copies() == 4U); // a part counts too
    wipe(copy);
    BOOST_TEST(hidden.copies() == 3U);
    secrets.clear();
    BOOST_TEST(hidden.copies() == 0U);
}

BOOST_AUTO_TEST_CASE(holds_no_key_after_its_client_and_engine_have_gone)
{
    const canary hidden;
    leaves_nothing(hidden, [&] {
        deaf world(address);
        world.watch(hidden);
        std::optional<usher::clerk::client> clerk;
        hidden.reveal([&](std::string_view key) {
            auto own = captured::options(address);
            own.machine_key = usher::secret(key);
            clerk.emplace(world.engine, usher::secret(key), own);
        });
        const auto idle = hidden.copies();
        BOOST_TEST(idle >= 3U);
        for (int i = 0; i != 3; ++i) {
            // Longer and longer requests, so that buffers grow with a key in them; some with the key of a call.
            usher::call_options with;
            with.headers = {{"X-Long", std::string(static_cast<std::size_t>(i) * 3000 + 1, 'a')}};
            hidden.reveal([&](std::string_view key) {
                with.key = usher::secret(key);
                with.headers.emplace_back("X-Key", "v");
            });
            world.run(clerk->users().count(with));
            world.run(clerk->users().count());
            usher::clerk::create_user_params ada;
            ada.first_name = std::string(static_cast<std::size_t>(i) * 40'000, 'b');
            world.run(clerk->users().create(ada));
        }
        world.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
        world.run(clerk->users().count());
        BOOST_TEST(world.inside >= idle + 3U); // the request's
        BOOST_TEST(world.taken > 120'000U);
    });
}

BOOST_AUTO_TEST_CASE(holds_no_password_or_token_of_a_request_after_the_engine_has_gone)
{
    const canary hidden;
    leaves_nothing(hidden, [&] {
        deaf world(address);
        world.watch(hidden);
        const usher::clerk::client clerk(world.engine, usher::secret("sk_test_somebody"), captured::options(address));
        for (const std::size_t beside : {0U, 100U, 1'500U}) {
            usher::clerk::create_user_params ada;
            // The caller's own text, wiped by the caller.
            ada.password.emplace().reserve(64);
            hidden.reveal([&](std::string_view text) { ada.password->assign(text); });
            ada.first_name = std::string(beside, 'a');
            world.taken = 0;
            world.inside = 0;
            const auto idle = hidden.copies();
            world.run(clerk.users().create(ada));
            BOOST_TEST(world.inside >= idle + 3U); // the request's
            BOOST_TEST(world.taken > canary::size + beside);
            wipe(*ada.password);
        }
    });
}

BOOST_AUTO_TEST_CASE(holds_no_client_secret_and_no_token_after_the_engine_has_gone)
{
    const canary hidden;
    const canary token;
    leaves_nothing(hidden, [&] {
        deaf world("https://acme.example");
        world.watch(hidden);
        std::string& answer = world.answer;
        answer.reserve(512);
        token.reveal([&](std::string_view text) {
            const std::string_view before = R"({"token_type":"Bearer","expires_in":300,"access_token":")";
            answer =
                "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(before.size() + text.size() + 2) + "\r\n\r\n";
            answer.reserve(512);
            answer.append(before).append(text).append("\"}");
        });
        usher::oauth_client who;
        who.token_url = "https://acme.example/oauth/token";
        who.client_id = "id";
        hidden.reveal([&](std::string_view text) { who.client_secret = usher::secret(text); });
        auto source = usher::client_credentials(world.engine, who);
        const auto idle = hidden.copies();
        BOOST_TEST(idle >= 3U);
        const auto before = token.copies();
        const auto got = world.run(source->obtain(std::chrono::steady_clock::now() + std::chrono::seconds(5)));
        BOOST_TEST_REQUIRE(got.has_value());
        BOOST_TEST(world.inside >= idle + 3U); // the request's
        BOOST_TEST(world.taken > canary::size);
        BOOST_TEST(token.copies() >= before + 3U);
        wipe(answer);
    });
    const auto left = token.copies();
    BOOST_TEST(left == 0U, left << " copies of the token are left:\n" << token.surroundings());
}

BOOST_AUTO_TEST_SUITE_END()
