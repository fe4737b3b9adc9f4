// What the sources of all services have in common: records that were read and not yet taken, reading on when there is
// none, cancellation, and the words of an error.
#ifndef USHER_BULK_LIVE_SOURCE_HPP
#define USHER_BULK_LIVE_SOURCE_HPP

#include <usher/bulk/live.hpp>
#include <usher/bulk/model.hpp>
#include <usher/client.hpp>
#include <usher/options.hpp>

#include "bulk/live/live_store.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <utility>

namespace usher::bulk {

class live_source : public source {
public:
    /// `instance`: from `instance_name`.
    live_source(boost::asio::any_io_executor executor, live_options options, std::string instance);

    boost::asio::awaitable<std::optional<source_record>> next() final;
    void cancel() final;
    std::optional<std::uint64_t> size() const noexcept final { return size_; }
    std::string fingerprint() const final { return instance_; }

protected:
    /// Reads one page or so. *Errors*: throws `std::runtime_error`.
    virtual boost::asio::awaitable<void> read_on() = 0;

    void give(boost::json::object fields);
    void finish() noexcept { finished_ = true; }
    void set_size(std::uint64_t records) noexcept { size_ = records; }
    const live_options& options() const noexcept { return options_; }
    call_options of_call() const;
    live_store& seen() noexcept { return seen_; }
    [[noreturn]] static void fail(const char* what, std::uint64_t after, const error& why);

private:
    boost::asio::any_io_executor executor_;
    live_options options_;
    std::string instance_;
    live_store seen_;
    std::deque<source_record> ready_;
    boost::asio::cancellation_signal signal_;
    std::optional<std::uint64_t> size_;
    std::uint64_t given_ = 0;
    bool finished_ = false;
    bool cancelled_ = false;
};

/// Service and base address; `with_key`: and a few digits of a digest of the key, which tell two instances behind one
/// address apart and nothing else.
std::string instance_name(std::string_view service, const basic_client& client, bool with_key);

} // namespace usher::bulk

#endif
