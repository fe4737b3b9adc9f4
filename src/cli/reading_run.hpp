// What the commands share that read a source and change nothing: plan and verify.
#ifndef USHER_CLI_READING_RUN_HPP
#define USHER_CLI_READING_RUN_HPP

#include "cli/job_parts.hpp"
#include "cli/line_file.hpp"
#include "cli/work.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace usher::cli {

/// A source that counts what is taken from it.
class counted_source final : public bulk::source {
public:
    explicit counted_source(bulk::source& from) : from_(from) {}

    boost::asio::awaitable<std::optional<bulk::source_record>> next() override;
    void cancel() override { from_.cancel(); }
    std::optional<std::uint64_t> size() const noexcept override { return from_.size(); }
    std::string fingerprint() const override { return from_.fingerprint(); }
    std::vector<std::string> remarks() const override { return from_.remarks(); }

    std::uint64_t records() const noexcept { return records_; }
    std::uint64_t position() const noexcept { return position_; }

private:
    bulk::source& from_;
    std::uint64_t records_ = 0;
    std::uint64_t position_ = 0;
};

/// Says what was found, record by record: the first ones in words, all of them to programs and files.
class finding_list {
public:
    /// `hint`: how to see the rest.
    finding_list(std::string file, bool json, std::string hint);
    /// `text` without its line end.
    void add(work_runner& runner, const std::string& text, boost::json::object what);
    /// Removes what an earlier run left in the file, if nothing was found in this one.
    void end();
    std::uint64_t count() const noexcept { return count_; }

private:
    line_file file_;
    std::string hint_;
    std::uint64_t count_ = 0;
    bool json_ = false;
};

class reading_run : public work {
public:
    reading_run(boost::asio::io_context& io, const connect_arguments& connect, const target_arguments& target,
                const source_arguments& source, bool json);

    exit_status run_all() { return runner_.run(*this); }

protected:
    progress look() override;
    std::uint64_t requests() override { return link_.usage().admitted; }
    /// Nothing has to be finished: it ends where it is.
    bool stop() override { return false; }
    exit_status abandon() override;
    /// Prints the result: words, or an event for programs and the words beside it.
    void tell(const std::string& text, const boost::json::object& json);

    boost::asio::io_context& io_;
    service_link link_;
    std::unique_ptr<bulk::target> target_;
    job_source origin_;
    counted_source source_;
    work_runner runner_;
    bool json_ = false;

private:
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace usher::cli

#endif
