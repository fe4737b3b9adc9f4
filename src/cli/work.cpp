#include "cli/work.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace asio = boost::asio;

namespace usher::cli {

namespace {

/// A part of the whole, as the whole number that `recent_rate` takes.
constexpr double parts_of_whole = 1e9;
/// Who ends a command may tell both the process and its group: signals so close to each other are one wish.
constexpr std::chrono::milliseconds one_wish{200};

} // namespace

work_runner::work_runner(asio::io_context& io, bool json)
    : io_(io), signals_(io, SIGINT, SIGTERM), tick_(io), second_(io), json_(json), on_terminal_(shows_progress())
{
}

exit_status work_runner::run(work& what)
{
    work_ = &what;
    exit_status status = could_not_run;
    std::exception_ptr trouble;
    wait_for_signal();
    asio::co_spawn(io_, show_progress(), [](std::exception_ptr) {});
    asio::co_spawn(io_, count_seconds(), [](std::exception_ptr) {});
    asio::co_spawn(io_, what.run(), [&](std::exception_ptr thrown, exit_status ended) {
        trouble = thrown;
        status = ended;
        ended_ = true;
        tick_.cancel();
        second_.cancel();
        signals_.cancel();
    });
    io_.run();
    status_.clear();
    if (trouble)
        std::rethrow_exception(trouble);
    return status;
}

progress work_runner::look()
{
    const auto now = std::chrono::steady_clock::now();
    auto seen = work_->look();
    rate_.add(work_->requests(), now);
    seen.requests_per_second = rate_.per_second();
    if (const auto part = seen.part()) {
        parts_.add(static_cast<std::uint64_t>(*part * parts_of_whole), now);
        seen.part_per_second = parts_.per_second() / parts_of_whole;
    }
    return seen;
}

void work_runner::show(const progress& now)
{
    if (json_) {
        std::puts(boost::json::serialize(progress_event(now)).c_str());
        std::fflush(stdout);
    }
    if (on_terminal_)
        status_.draw(progress_bar(now, terminal_width() - 1));
    else
        std::fprintf(stderr, "%s\n", progress_line(now).c_str());
}

asio::awaitable<void> work_runner::show_progress()
{
    // A terminal is drawn often; a log gets a line now and then.
    const auto pause = on_terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000);
    rate_.add(work_->requests(), std::chrono::steady_clock::now());
    while (!ended_) {
        tick_.expires_after(pause);
        auto ended = co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!ended_ && !std::get<0>(ended))
            show(look());
    }
}

asio::awaitable<void> work_runner::count_seconds()
{
    second_.expires_after(std::chrono::seconds(1));
    while (!ended_) {
        auto ended = co_await second_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (ended_ || std::get<0>(ended))
            continue;
        work_->each_second();
        second_.expires_after(std::chrono::seconds(1));
    }
}

void work_runner::wait_for_signal()
{
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
        if (!failed)
            on_signal();
    });
}

void work_runner::on_signal()
{
    if (stopping_since_ && std::chrono::steady_clock::now() - *stopping_since_ < one_wish) {
        wait_for_signal();
        return;
    }
    status_.clear();
    if (stopping_since_ || !work_->stop())
        leave();
    std::fprintf(stderr,
                 "Stopping: %" PRIu64 " records under way are finished first, as soon as the service has answered "
                 "(again, after a moment: stop at once)\n",
                 work_->look().counters.in_flight);
    stopping_since_ = std::chrono::steady_clock::now(); // from when it was said
    wait_for_signal();
}

void work_runner::leave()
{
    const auto status = work_->abandon();
    std::fflush(stdout);
    // Coroutines under way hold on to the client and the journal: taken down in the middle they would be in each
    // other's way, and nothing that they still could do is wanted.
    std::_Exit(status);
}

} // namespace usher::cli
