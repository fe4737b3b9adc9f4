#include "soak/service.hpp"

#include <usher/sandbox.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace soak {

namespace {

using usher::sandbox::fault;

fault of(fault::kind kind, std::uint32_t every)
{
    return fault(kind, every);
}

/// Every kind of fault, each at its own pace, so that all combinations come up. But for answers that nobody asked for:
/// one that comes when the next request has left is that request's answer for every client of HTTP/1.1, and what it
/// says of a record can't be known from then on.
std::vector<fault> all_faults()
{
    std::vector<fault> all;
    const auto add = [&all](fault one) { all.push_back(std::move(one)); };
    const auto answer = [](int status, std::uint32_t every, int retry_after) {
        auto one = of(fault::kind::answer, every);
        one.status = status;
        one.retry_after = retry_after;
        return one;
    };
    add(answer(503, 1511, 1));
    add(answer(429, 2003, 1));
    add(answer(500, 307, -1));
    auto late = of(fault::kind::late_answer, 509);
    late.status = 502;
    add(late);
    auto reset = of(fault::kind::drop_request, 211);
    reset.reset = true;
    add(reset);
    add(of(fault::kind::drop_answer, 401));
    auto cut = of(fault::kind::cut_answer, 353);
    cut.bytes = 50;
    cut.reset = true;
    add(cut);
    auto close = of(fault::kind::close_after, 97);
    close.delay = std::chrono::milliseconds(1);
    add(close);
    auto drip = of(fault::kind::drip, 251);
    drip.bytes = 64;
    drip.delay = std::chrono::milliseconds(1);
    add(drip);
    add(of(fault::kind::silence, 797));
    return all;
}

usher::sandbox::options options_of(std::uint64_t seed)
{
    usher::sandbox::options how;
    how.services = {usher::sandbox::service::clerk, usher::sandbox::service::scalekit};
    how.seed = seed;
    how.record = false;
    how.delay = usher::sandbox::latency(std::chrono::milliseconds(8), std::chrono::milliseconds(6));
    how.quota.enabled = true;
    how.quota.instance = usher::sandbox::allowance(requests_per_window, std::chrono::seconds(10));
    how.keep_alive = std::chrono::milliseconds(400);
    how.token_lifetime = std::chrono::seconds(20);
    how.faults = all_faults();
    return how;
}

/// Reads a line without its end. False: there is none.
bool read_line(int from, std::string& line)
{
    line.clear();
    char one = 0;
    while (read(from, &one, 1) == 1) {
        if (one == '\n')
            return true;
        line += one;
    }
    return false;
}

void write_all(int to, const std::string& text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const auto wrote = write(to, text.data() + at, text.size() - at);
        if (wrote <= 0)
            throw std::runtime_error("the other process is gone");
        at += static_cast<std::size_t>(wrote);
    }
}

/// The child: serves until nobody asks any more.
void serve(int asked, int answers, std::uint64_t seed)
{
    usher::sandbox::server served(options_of(seed));
    const auto ca = served.ca_pem();
    write_all(answers, served.url(usher::sandbox::service::clerk) + "\n" + served.origin() + "\n" +
                           std::to_string(ca.size()) + "\n" + ca);
    std::string line;
    while (read_line(asked, line)) {
        if (line == "calm") {
            served.set_faults({});
            served.set_limits(usher::sandbox::limits());
            write_all(answers, "calm\n");
            continue;
        }
        const auto seen = served.stats();
        std::ostringstream text;
        text << seen.requests << ' ' << seen.refused << ' ' << seen.faults << ' ' << served.count("users") << ' '
             << seen.connections << ' ' << seen.tls_resumed << '\n';
        write_all(answers, text.str());
    }
}

} // namespace

service::service(std::uint64_t seed)
{
    std::array<int, 2> down{};
    std::array<int, 2> up{};
    if (pipe(down.data()) != 0 || pipe(up.data()) != 0)
        throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ < 0)
        throw std::runtime_error("no process");
    if (child_ == 0) {
        close(down[1]);
        close(up[0]);
        try {
            serve(down[0], up[1], seed);
        } catch (const std::exception& problem) {
            std::fprintf(stderr, "sandbox: %s\n", problem.what());
        }
        _exit(0);
    }
    close(down[0]);
    close(up[1]);
    to_ = down[1];
    from_ = up[0];
    std::string size;
    if (!read_line(from_, clerk_url_) || !read_line(from_, scalekit_origin_) || !read_line(from_, size))
        throw std::runtime_error("the sandbox did not start");
    for (auto left = std::stoul(size); left != 0; --left) {
        char one = 0;
        if (read(from_, &one, 1) != 1)
            throw std::runtime_error("the sandbox did not start");
        ca_pem_ += one;
    }
}

service::~service()
{
    close(to_);
    close(from_);
    if (child_ > 0)
        waitpid(child_, nullptr, 0);
}

std::string service::ask(const std::string& what)
{
    write_all(to_, what + "\n");
    std::string line;
    if (!read_line(from_, line))
        throw std::runtime_error("the sandbox is gone");
    return line;
}

void service::calm()
{
    ask("calm");
}

service_figures service::figures()
{
    std::istringstream text(ask("figures"));
    service_figures seen;
    text >> seen.requests >> seen.refused >> seen.faults >> seen.users >> seen.connections >> seen.resumed;
    return seen;
}

} // namespace soak
