// The part of an import that looks at it while it runs.
#include "cli/import_run.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>

namespace asio = boost::asio;

namespace usher::cli {

progress import_run::look()
{
    const auto now = std::chrono::steady_clock::now();
    const auto usage = client_.usage();
    rate_.add(usage.admitted, now);
    progress seen;
    seen.counters = importer_.counters();
    seen.source_size = source_.size();
    seen.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(took_.value_or(now - begun_));
    seen.requests_per_second = rate_.per_second();
    seen.quota_per_second = quota_per_second_;
    seen.refused = usage.refused;
    return seen;
}

void import_run::show(const progress& now)
{
    if (arguments_.json) {
        std::puts(boost::json::serialize(progress_event(now)).c_str());
        std::fflush(stdout);
    }
    if (on_terminal_)
        status_.draw(progress_bar(now, terminal_width() - 1));
    else
        std::fprintf(stderr, "%s\n", progress_line(now).c_str());
}

asio::awaitable<void> import_run::show_progress()
{
    // A terminal is drawn often; a log gets a line now and then.
    const auto pause = on_terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000);
    rate_.add(client_.usage().admitted, std::chrono::steady_clock::now());
    while (!ended_) {
        tick_.expires_after(pause);
        auto ended = co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!ended_ && !std::get<0>(ended))
            show(look());
    }
}

} // namespace usher::cli
