// What a call costs when the network costs nothing: call, admission, pool, exchange, decoding, result, on one core.
//
// The ways take turns within each round, so that a change of the machine's speed meets all of them. Each figure is the
// median of the thread's CPU time over the rounds; allocations are counted by standing in for malloc.
#include "null_stream.hpp"

#include "counted_malloc.hpp"

#include "call/client_state.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n"
                                    R"({"object":"total_count","total_count":42})";
constexpr int in_flight = 64;

/// CPU time of this thread: what else runs on the machine does not count.
double microseconds_now()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

asio::awaitable<void> call_on(usher::clerk::client clerk, int& left)
{
    auto users = clerk.users();
    while (left > 0) {
        --left;
        auto counted = co_await users.count();
        if (!counted || counted->total_count != 42) {
            std::fprintf(stderr, "%s\n", counted ? "a wrong answer" : counted.error().message().c_str());
            std::exit(1);
        }
    }
}

class way {
public:
    way(const char* name, const usher::quota& limit) : name_(name), engine_(io_.get_executor())
    {
        usher::client_options options;
        options.base_url = "http://127.0.0.1:9/v1"; // nobody is asked
        options.quota = limit;
        options.retry = usher::retry_policy::none();
        client_.emplace(engine_, usher::secret("sk_live_0123456789"), options);
        client_->state()->origin->target->make_stream = [executor = io_.get_executor()] {
            return std::make_unique<bench::null_stream>(executor, answer);
        };
    }

    /// CPU time of a call in µs.
    double run(int calls)
    {
        int left = calls;
        for (int i = 0; i < in_flight; ++i)
            asio::co_spawn(io_, call_on(*client_, left), [](std::exception_ptr thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        const auto begin = microseconds_now();
        io_.restart();
        io_.run();
        return (microseconds_now() - begin) / calls;
    }
    void add_round(int calls) { rounds_.push_back(run(calls)); }
    void count(int calls)
    {
        const auto before = allocations;
        run(calls);
        allocations_ = static_cast<double>(allocations - before) / calls;
    }

    void print()
    {
        std::sort(rounds_.begin(), rounds_.end());
        const auto each = rounds_[rounds_.size() / 2];
        std::printf("| %s | %.2f | %.0f | %.2f |\n", name_, each, 1e6 / each, allocations_);
    }

private:
    const char* name_;
    asio::io_context io_{1};
    usher::engine engine_;
    std::optional<usher::clerk::client> client_;
    std::vector<double> rounds_;
    double allocations_ = 0;
};

} // namespace

int main(int argc, char** argv)
{
    const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
    const int calls = quick ? 2'000 : 200'000;
    const int rounds = quick ? 1 : 7;
    way ways[] = {{"no limit", usher::quota::unlimited()},
                  {"1,000,000 requests per second", usher::quota(1'000'000, std::chrono::seconds(1))}};
    for (auto& one : ways)
        one.run(calls / 10);
    for (int i = 0; i < rounds; ++i)
        for (auto& one : ways)
            one.add_round(calls);
    for (auto& one : ways)
        one.count(calls / 10);
    std::printf("GET /users/count, %d in flight, %d calls a round, medians of %d rounds; one thread\n\n", in_flight,
                calls, rounds);
    std::printf("| quota | CPU µs per call | calls/s on one core | allocations per call |\n|---|---|---|---|\n");
    for (auto& one : ways)
        one.print();
}
