#include "live/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace usher::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

process::process(const std::vector<std::string>& command)
{
    std::vector<char*> words;
    for (const auto& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    id_ = fork();
    if (id_ < 0)
        throw std::runtime_error("fork failed");
    if (id_ == 0) {
        const int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        execvp(words[0], words.data());
        _exit(127);
    }
}

process::process(process&& other) noexcept : id_(std::exchange(other.id_, -1)) {}

process& process::operator=(process&& other) noexcept
{
    stop();
    id_ = std::exchange(other.id_, -1);
    return *this;
}

process::~process()
{
    stop();
}

void process::signal(int number) const
{
    if (id_ > 0)
        kill(id_, number);
}

bool process::is_running()
{
    if (id_ > 0 && waitpid(id_, nullptr, WNOHANG) == id_)
        id_ = -1;
    return id_ > 0;
}

int process::wait()
{
    int status = 0;
    if (id_ <= 0 || waitpid(id_, &status, 0) != id_)
        throw std::runtime_error("there is no such process");
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process::stop() noexcept
{
    if (id_ <= 0)
        return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    id_ = -1;
}

void run(const std::string& command)
{
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr)
        throw std::runtime_error("could not run " + command);
    std::string output;
    std::array<char, 4096> piece{};
    for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
        output.append(piece.data(), got);
    if (pclose(pipe) != 0)
        throw std::runtime_error(command + " failed:\n" + output);
}

reserved_port::reserved_port() : held_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const int yes = 1;
    tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
    auto size = static_cast<socklen_t>(any.size());
    if (held_ < 0 || ::setsockopt(held_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(held_, any.data(), size) != 0 || ::getsockname(held_, any.data(), &size) != 0)
        throw std::runtime_error("no port could be reserved");
    number_ = any.port();
}

reserved_port::~reserved_port()
{
    ::close(held_);
}

void wait_for_port(std::uint16_t port)
{
    asio::io_context io;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end) {
        tcp::socket socket(io);
        boost::system::error_code ec;
        socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), ec);
        if (!ec)
            return;
        poll(nullptr, 0, 5);
    }
    throw std::runtime_error("nothing listens on port " + std::to_string(port));
}

authority::authority(const std::string& name) : name_(name)
{
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=usher test " + name_ +
        "' -keyout " + file(name_ + ".key") + " -out " + ca_file());
}

void authority::issue(const std::string& name, const std::string& names, const std::string& options) const
{
    folder_.write(name + ".ext", "subjectAltName=" + names + "\n");
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " +
        file(name + ".key") + " -out " + file(name + ".csr"));
    run("openssl x509 -req -in " + file(name + ".csr") + " -CA " + ca_file() + " -CAkey " + file(name_ + ".key") +
        " -CAcreateserial " + options + " -extfile " + file(name + ".ext") + " -out " + file(name + ".pem"));
}

nginx::nginx(const temporary_folder& folder, const std::string& server, bool tls, const std::string& http)
{
    const auto dir = folder.path().string();
    auto inside = server;
    for (auto at = inside.find("{DIR}"); at != std::string::npos; at = inside.find("{DIR}"))
        inside.replace(at, 5, dir);
    const auto number = std::to_string(port());
    config_ = dir + "/nginx-" + number + ".conf";
    folder.write("nginx-" + number + ".conf",
                 "daemon off; worker_processes 1; pid " + dir + "/nginx-" + number + ".pid; error_log " + dir +
                     "/error.log; events { worker_connections 1024; }\nhttp { access_log off; client_body_temp_path " +
                     dir + "; proxy_temp_path " + dir + "; fastcgi_temp_path " + dir + "; uwsgi_temp_path " + dir +
                     "; scgi_temp_path " + dir + ";\n" + http + "\nserver { listen 127.0.0.1:" + number +
                     (tls ? " ssl" : "") + ";\n" + inside + "\n} }\n");
    start();
}

void nginx::start()
{
    running_ = process({"nginx", "-c", config_, "-p", std::filesystem::path(config_).parent_path().string()});
    wait_for_port(port());
}

void nginx::restart()
{
    // QUIT would wait for open connections; TERM ends the workers, and with them every idle connection.
    running_.signal(SIGTERM);
    running_.wait();
    start();
}

} // namespace usher::tests
