// Programs that a test starts, and stops again whatever happens.
#ifndef USHER_TESTS_LIVE_PROCESS_HPP
#define USHER_TESTS_LIVE_PROCESS_HPP

#include "temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace usher::tests {

/// A program that runs until it is stopped.
class process {
public:
    process() = default;
    explicit process(const std::vector<std::string>& command);
    process(process&& other) noexcept;
    process& operator=(process&& other) noexcept;
    ~process();

    pid_t id() const noexcept { return id_; }
    /// Sends a signal.
    void signal(int number) const;
    /// False once it has ended, of itself or by a signal.
    bool is_running();
    /// Waits until it ended; its exit code, or 128 and the signal.
    int wait();
    /// Ends it by SIGKILL, if it still runs.
    void stop() noexcept;

private:
    pid_t id_ = -1;
};

/// Runs a command of a shell to its end. Throws with its output when it fails.
void run(const std::string& command);
/// A port of 127.0.0.1 that nobody else gets as long as this lives: neither by binding to any port nor for a connection
/// of its own. A program that sets SO_REUSEADDR, as servers do, may listen there; until one does, connecting is
/// refused.
class reserved_port {
public:
    reserved_port();
    reserved_port(const reserved_port&) = delete;
    reserved_port& operator=(const reserved_port&) = delete;
    ~reserved_port();
    std::uint16_t number() const noexcept { return number_; }

private:
    int held_ = -1;
    std::uint16_t number_ = 0;
};

/// Waits, for half a minute at most, until something listens there. Throws when nothing does.
void wait_for_port(std::uint16_t port);

/// A certificate authority made by the openssl command, and certificates from it.
class authority {
public:
    explicit authority(const std::string& name = "ca");
    std::string ca_file() const { return file(name_ + ".pem"); }
    /// Makes `NAME.key` and `NAME.pem`; `names` as in subjectAltName. `options` go to `openssl x509 -req`.
    void issue(const std::string& name, const std::string& names, const std::string& options = "-days 2") const;
    std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
    const temporary_folder& folder() const noexcept { return folder_; }

private:
    temporary_folder folder_;
    std::string name_;
};

/// nginx on a free port of 127.0.0.1.
class nginx {
public:
    /// `server` is what stands in its server block beside `listen`; {DIR} in it is `folder`.
    nginx(const temporary_folder& folder, const std::string& server, bool tls, const std::string& http = "");
    std::uint16_t port() const noexcept { return port_.number(); }
    /// Stops it and starts it again on the same port.
    void restart();

private:
    void start();

    std::string config_;
    reserved_port port_;
    process running_;
};

} // namespace usher::tests

#endif
