#include "cli/reading_run.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>

namespace asio = boost::asio;

namespace usher::cli {

asio::awaitable<std::optional<bulk::source_record>> counted_source::next()
{
    auto record = co_await from_.next();
    if (record) {
        records_ += 1;
        position_ = record->end_offset;
    }
    co_return std::move(record);
}

finding_list::finding_list(std::string file, bool json, std::string hint)
    : file_(std::move(file)), hint_(std::move(hint)), json_(json)
{
}

void finding_list::add(work_runner& runner, const std::string& text, boost::json::object what)
{
    ++count_;
    file_.write(boost::json::serialize(what));
    if (json_) {
        std::puts(boost::json::serialize(what).c_str());
        return;
    }
    constexpr std::uint64_t shown_at_most = 20;
    if (!file_.path().empty() || count_ > shown_at_most)
        return;
    runner.clear();
    std::puts(text.c_str());
    if (count_ == shown_at_most)
        std::printf("(more are counted only; %s lists them all)\n", hint_.c_str());
    std::fflush(stdout);
}

void finding_list::end()
{
    if (count_ == 0)
        file_.begin();
}

reading_run::reading_run(asio::io_context& io, const connect_arguments& connect, const target_arguments& target,
                         const source_arguments& source, bool json)
    : io_(io),
      link_(io.get_executor(), connect),
      target_(link_.make_target(target)),
      origin_(io.get_executor(), source),
      source_(origin_.records()),
      runner_(io, json),
      json_(json)
{
}

progress reading_run::look()
{
    progress seen;
    seen.only_reads = true;
    seen.counters.records = source_.records();
    seen.counters.skipped = source_.records();
    seen.counters.position = source_.position();
    seen.source_size = source_.size();
    seen.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
    seen.quota_per_second = link_.quota_per_second();
    seen.refused = link_.usage().refused;
    return seen;
}

exit_status reading_run::abandon()
{
    std::fputs("Stopped: nothing was changed\n", stderr);
    return some_failed;
}

void reading_run::tell(const std::string& text, const boost::json::object& json)
{
    runner_.clear();
    std::fputs(text.c_str(), json_ ? stderr : stdout);
    if (json_)
        std::puts(boost::json::serialize(json).c_str());
    std::fflush(stdout);
}

} // namespace usher::cli
