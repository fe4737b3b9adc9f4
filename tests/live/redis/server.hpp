// A Redis on a free port of 127.0.0.1 that keeps nothing on disk.
#ifndef USHER_TESTS_LIVE_REDIS_SERVER_HPP
#define USHER_TESTS_LIVE_REDIS_SERVER_HPP

#include "live/process.hpp"
#include "temporary_folder.hpp"

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

namespace usher::tests {

class redis_server {
public:
    explicit redis_server(std::string password = std::string(), std::vector<std::string> more = {})
        : password_(std::move(password)), more_(std::move(more))
    {
        start();
    }

    std::string url() const { return "redis://127.0.0.1:" + std::to_string(port()); }
    std::uint16_t port() const noexcept { return port_.number(); }
    const temporary_folder& folder() const noexcept { return folder_; }
    /// By SIGKILL: what it knew is lost.
    void kill() { running_.stop(); }
    void start()
    {
        std::vector<std::string> command{
            "redis-server", "--port", std::to_string(port()), "--bind", "127.0.0.1", "--save", "", "--appendonly",
            "no",           "--dir",  folder_.path().string()};
        if (!password_.empty())
            command.insert(command.end(), {"--requirepass", password_});
        command.insert(command.end(), more_.begin(), more_.end());
        running_ = process(command);
        wait_for_port(port());
    }
    void freeze() const { running_.signal(SIGSTOP); }
    void go_on() const { running_.signal(SIGCONT); }
    /// Runs a command by redis-cli.
    void tell(const std::string& what) const { run("redis-cli -p " + std::to_string(port()) + ' ' + what); }

private:
    std::string password_;
    std::vector<std::string> more_;
    reserved_port port_;
    temporary_folder folder_;
    process running_;
};

} // namespace usher::tests

#endif
