// What the peers of this bench share: their arguments, and how the CPU time of a call is taken.
//
// A peer opens its connections and warms up, then makes exactly `calls` calls. Between the two the process's own
// user and system time is read; nothing else runs in the process. It ends with 1 unless every call was answered well.
#ifndef USHER_BENCH_GET_USER_PEER_HPP
#define USHER_BENCH_GET_USER_PEER_HPP

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

struct settings {
    std::string port;
    std::string ca_file;
    std::string user_id;
    std::uint64_t calls = 0;
    std::uint64_t warm_up = 0;
    int concurrency = 0;
    std::size_t body_size = 0;

    std::uint64_t total() const noexcept { return calls + warm_up; }
    std::string path() const { return "/v1/users/" + user_id; }
};

/// `PEER PORT CA_FILE USER_ID CALLS WARM_UP CONCURRENCY BODY_SIZE [OPTION]`
inline settings read_arguments(int argc, char** argv)
{
    if (argc < 8) {
        std::fprintf(stderr, "usage: %s PORT CA_FILE USER_ID CALLS WARM_UP CONCURRENCY BODY_SIZE\n", argv[0]);
        std::exit(2);
    }
    settings result;
    result.port = argv[1];
    result.ca_file = argv[2];
    result.user_id = argv[3];
    result.calls = std::strtoull(argv[4], nullptr, 10);
    result.warm_up = std::strtoull(argv[5], nullptr, 10);
    result.concurrency = std::atoi(argv[6]);
    result.body_size = std::strtoull(argv[7], nullptr, 10);
    return result;
}

inline constexpr char secret_key[] = "sk_test_0123456789abcdefghijklmnopqrstuvwxyzABCDEF";
inline constexpr char api_version[] = "2025-11-10";
inline constexpr char user_agent[] = "usher-bench/1";

/// Hands out the calls and takes the time of those after the warm-up.
class meter {
public:
    explicit meter(const settings& settings) : settings_(settings) {}

    /// True if there is one more call to make.
    bool take()
    {
        if (started_ == settings_.total())
            return false;
        ++started_;
        return true;
    }

    void answered(bool good)
    {
        bad_ += good ? 0 : 1;
        ++ended_;
        if (ended_ == settings_.warm_up)
            begin();
        if (ended_ == settings_.total())
            end();
    }

    /// One line: CPU µs per call, of these user, of these system, calls per second. Returns the exit code.
    int report() const
    {
        if (ended_ != settings_.total() || bad_ != 0) {
            std::fprintf(stderr, "%llu of %llu calls ended, %llu of them badly\n",
                         static_cast<unsigned long long>(ended_), static_cast<unsigned long long>(settings_.total()),
                         static_cast<unsigned long long>(bad_));
            return 1;
        }
        const auto calls = static_cast<double>(settings_.calls);
        std::printf("%.3f %.3f %.3f %.0f\n", (user_ + system_) / calls, user_ / calls, system_ / calls,
                    calls * 1e6 / wall_);
        return 0;
    }

private:
    static double microseconds(const timeval& time)
    {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    }
    void begin()
    {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        user_ = -microseconds(usage.ru_utime);
        system_ = -microseconds(usage.ru_stime);
        began_ = std::chrono::steady_clock::now();
    }
    void end()
    {
        wall_ = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began_).count();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        user_ += microseconds(usage.ru_utime);
        system_ += microseconds(usage.ru_stime);
    }

    const settings& settings_;
    std::uint64_t started_ = 0;
    std::uint64_t ended_ = 0;
    std::uint64_t bad_ = 0;
    double user_ = 0;
    double system_ = 0;
    double wall_ = 1;
    std::chrono::steady_clock::time_point began_;
};

} // namespace bench

#endif
