// Typed decoding of a page of 500 users beside boost::json::parse into a monotonic resource.
//
// All ways read the same bytes in the same thread, one after the other in each round, so that a change of the
// machine's speed meets all of them. Each figure is the median of the thread's CPU time over the rounds. Freeing the
// result is counted where it says so; a monotonic resource frees with its blocks, which is always counted.
#include "json/decoder.hpp"
#include "json/encoder.hpp"

#include <usher/clerk/operations.hpp>
#include <usher/clerk/types/user.hpp>
#include <usher/detail/operation.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace json = boost::json;

/// CPU time of this thread: what else runs on the machine does not count.
double milliseconds_now()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

[[noreturn]] void stop(const std::string& why)
{
    std::fprintf(stderr, "bench_decode: %s\n", why.c_str());
    std::exit(1);
}

std::string page_of(std::size_t users)
{
    std::ifstream file(USHER_PAYLOAD);
    const std::string user{std::istreambuf_iterator<char>(file), {}};
    if (user.empty())
        stop("no payload in " USHER_PAYLOAD);
    std::string page = "[";
    for (std::size_t i = 0; i != users; ++i)
        page.append(i == 0 ? "" : ",").append(user);
    return page += ']';
}

const usher::detail::type_info& list_of_users()
{
    for (const auto* operation : usher::clerk::service().operations)
        if (operation->id == "GetUserList")
            return *operation->result;
    stop("the API document has no GetUserList");
}

struct way {
    const char* name;
    std::vector<double> milliseconds;

    double median() const
    {
        std::vector<double> sorted = milliseconds;
        std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
        return sorted[sorted.size() / 2];
    }
};

class stopwatch {
public:
    explicit stopwatch(way& to) : to_(to), begin_(milliseconds_now()) {}
    ~stopwatch() { to_.milliseconds.push_back(milliseconds_now() - begin_); }
    stopwatch(const stopwatch&) = delete;
    stopwatch& operator=(const stopwatch&) = delete;

private:
    way& to_;
    double begin_;
};

class bench {
public:
    explicit bench(std::size_t users) : users_(users), page_(page_of(users)), type_(list_of_users()) {}

    void round()
    {
        {
            stopwatch time(parse_);
            json::monotonic_resource memory;
            check(json::parse(page_, &memory).as_array().size());
        }
        std::vector<usher::clerk::user> users;
        {
            stopwatch time(decode_);
            decode(users);
        }
        check(users.size());
        {
            stopwatch time(encode_);
            text_.clear();
            usher::detail::encode(type_, &users, text_);
        }
        {
            stopwatch time(decode_and_free_);
            std::vector<usher::clerk::user> freed;
            decode(freed);
        }
        {
            stopwatch time(parse_default_);
            check(json::parse(page_).as_array().size());
        }
        json::monotonic_resource memory;
        const json::value tree = json::parse(page_, &memory);
        stopwatch time(serialize_);
        if (json::serialize(tree).empty())
            stop("nothing serialized");
    }

    void print() const
    {
        std::printf("%zu users, %zu bytes, %zu rounds\n\n", users_, page_.size(), parse_.milliseconds.size());
        std::printf("| way | ms of CPU | MB/s | of its peer |\n|---|---|---|---|\n");
        line(parse_, parse_);
        line(decode_, parse_);
        line(decode_and_free_, parse_);
        line(parse_default_, parse_);
        line(serialize_, serialize_);
        line(encode_, serialize_);
        std::printf("\n");
    }

private:
    void decode(std::vector<usher::clerk::user>& users)
    {
        decoder_.start(type_, &users, usher::detail::decode_limits());
        if (!decoder_.write(page_) || !decoder_.finish())
            stop(decoder_.failure().message());
    }

    void check(std::size_t users) const
    {
        if (users != users_)
            stop("users are missing");
    }

    void line(const way& taken, const way& peer) const
    {
        const double time = taken.median();
        std::printf("| %s | %.4f | %.0f | %.2f |\n", taken.name, time, static_cast<double>(page_.size()) / time / 1000,
                    time / peer.median());
    }

    std::size_t users_;
    std::string page_;
    const usher::detail::type_info& type_;
    usher::detail::decoder decoder_;
    std::string text_;
    way parse_{"boost::json::parse, monotonic resource", {}};
    way decode_{"usher, typed", {}};
    way decode_and_free_{"usher, typed, freed", {}};
    way parse_default_{"boost::json::parse, default resource, freed", {}};
    way serialize_{"boost::json::serialize of the tree", {}};
    way encode_{"usher, encoded", {}};
};

} // namespace

int main(int argc, char** argv)
{
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    for (const std::size_t users : {std::size_t{500}, std::size_t{1}}) {
        bench measured(users);
        const int rounds = quick ? 3 : users == 1 ? 20'001 : 101;
        for (int i = 0; i != rounds; ++i)
            measured.round();
        measured.print();
    }
}
