#include "live/cli/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace usher::tests {

namespace {

void check(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
}

struct two_ends {
    int read = -1;
    int write = -1;
};

two_ends make_pipe()
{
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC), "pipe2");
    return {ends[0], ends[1]};
}

void write_all(int file, const std::string& text)
{
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(file, text.data() + done, text.size() - done);
        if (count <= 0)
            break;
        done += static_cast<std::size_t>(count);
    }
}

[[noreturn]] void become(const std::vector<std::string>& command, const std::vector<std::string>& environment, int in,
                         int out, int err)
{
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    std::vector<char*> words;
    for (const auto& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    std::vector<char*> variables;
    for (const auto& variable : environment)
        variables.push_back(const_cast<char*>(variable.c_str()));
    variables.push_back(nullptr);
    ::execve(words[0], words.data(), variables.data());
    ::_exit(127);
}

} // namespace

process::process(const std::vector<std::string>& command, const process_options& options)
{
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<std::string> environment{std::string("PATH=") + std::getenv("PATH")};
    for (const auto& [name, value] : options.environment)
        environment.push_back(name + "=" + value);
    const auto out = make_pipe();
    two_ends in;
    two_ends err;
    if (options.terminal) {
        check(::openpty(&err.read, &err.write, nullptr, nullptr, nullptr), "openpty");
        ::fcntl(err.read, F_SETFD, FD_CLOEXEC);
        in = {::dup(err.write), ::dup(err.read)};
        ::fcntl(in.write, F_SETFD, FD_CLOEXEC);
    } else {
        in = make_pipe();
        err = make_pipe();
    }
    child_ = ::fork();
    check(child_, "fork");
    if (child_ == 0)
        become(command, environment, in.read, out.write, err.write);
    ::close(in.read);
    ::close(out.write);
    ::close(err.write);
    threads_.emplace_back([this, file = out.read] { read(file, out_); });
    threads_.emplace_back([this, file = err.read] { read(file, err_); });
    threads_.emplace_back([file = in.write, text = options.input] {
        write_all(file, text);
        ::close(file);
    });
}

process::~process()
{
    if (!reaped_)
        wait(std::chrono::seconds(0));
}

void process::read(int file, stream& into)
{
    char piece[4096];
    for (;;) {
        const auto count = ::read(file, piece, sizeof piece);
        if (count < 0 && errno == EINTR)
            continue;
        const std::lock_guard lock(mutex_);
        if (count > 0)
            into.text.append(piece, static_cast<std::size_t>(count));
        into.ended = count <= 0;
        changed_.notify_all();
        if (into.ended)
            break;
    }
    ::close(file);
}

bool process::wait_for(stream& where, const std::string& text, std::chrono::seconds limit)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [&] { return where.ended || where.text.find(text) != std::string::npos; });
    return where.text.find(text) != std::string::npos;
}

bool process::wait_for_out(const std::string& text, std::chrono::seconds limit)
{
    return wait_for(out_, text, limit);
}

bool process::wait_for_err(const std::string& text, std::chrono::seconds limit)
{
    return wait_for(err_, text, limit);
}

std::string process::out()
{
    const std::lock_guard lock(mutex_);
    return out_.text;
}

void process::send(int signal)
{
    if (!reaped_)
        ::kill(child_, signal);
}

process_end process::wait(std::chrono::seconds limit)
{
    if (reaped_)
        return end_;
    // glibc 2.36 declares pidfd_open without C linkage.
    const int watched = static_cast<int>(::syscall(SYS_pidfd_open, child_, 0));
    pollfd ready{watched, POLLIN, 0};
    if (watched < 0 || ::poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(limit).count())) != 1) {
        ::kill(child_, SIGKILL);
        end_.killed = true;
    }
    if (watched >= 0)
        ::close(watched);
    int status = 0;
    rusage used{};
    ::wait4(child_, &status, 0, &used);
    reaped_ = true;
    for (auto& thread : threads_)
        thread.join();
    end_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    end_.out = out_.text;
    end_.err = err_.text;
    end_.peak_kib = used.ru_maxrss;
    return end_;
}

process_end run(const std::vector<std::string>& command, const process_options& options)
{
    process started(command, options);
    return started.wait();
}

} // namespace usher::tests
