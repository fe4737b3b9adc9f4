// A file as a source: its bytes, unpacked, through the reader of its format, joined with a second file.
//
// Invariants. Whatever stops the reading (damage, a header that is wrong) is kept in `failure_` until every record
// before it was given. Once cancelled, nothing more is given: half a record would look like one that is torn.
#include <usher/bulk/source.hpp>

#include "bulk/source/byte_stream.hpp"
#include "bulk/source/fingerprint.hpp"
#include "bulk/source/joined_file.hpp"

#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace usher::bulk {

namespace {

class file_source final : public source {
public:
    file_source(asio::any_io_executor executor, const std::string& path, const file_source_options& options)
        : bytes_(executor, path), reader_(make_reader(options.format)), fingerprint_(fingerprint_of(path))
    {
        if (options.joined.empty())
            return;
        joined_.emplace(std::move(executor), options.joined, options.format);
        const auto second = fingerprint_of(options.joined);
        fingerprint_ = fingerprint_.empty() || second.empty() ? std::string() : fingerprint_ + "+" + second;
    }

    asio::awaitable<std::optional<source_record>> next() override
    {
        if (joined_ && !bytes_.is_cancelled())
            co_await joined_->load();
        for (;;) {
            if (bytes_.is_cancelled())
                co_return std::nullopt;
            if (auto record = take())
                co_return record;
            if (failure_)
                std::rethrow_exception(std::exchange(failure_, nullptr));
            if (ended_)
                co_return std::nullopt;
            co_await read_on();
        }
    }

    void cancel() override
    {
        bytes_.cancel();
        if (joined_)
            joined_->cancel();
    }
    std::optional<std::uint64_t> size() const noexcept override { return bytes_.size(); }
    std::string fingerprint() const override { return fingerprint_; }
    std::vector<std::string> remarks() const override
    {
        return joined_ && ended_ ? joined_->remarks() : std::vector<std::string>();
    }

private:
    std::optional<source_record> take()
    {
        auto record = reader_->next();
        if (!record)
            return record;
        // The reader counts what was unpacked.
        if (bytes_.is_compressed())
            record->end_offset = bytes_.position();
        if (joined_)
            joined_->join(*record);
        return record;
    }

    asio::awaitable<void> read_on()
    {
        try {
            const auto piece = co_await bytes_.read();
            if (bytes_.is_cancelled())
                co_return;
            ended_ = piece.empty();
            if (ended_)
                reader_->finish();
            else
                reader_->feed(piece);
        } catch (...) {
            ended_ = true;
            failure_ = std::current_exception();
        }
    }

    byte_stream bytes_;
    std::unique_ptr<record_reader> reader_;
    mutable std::optional<joined_file> joined_;
    std::string fingerprint_;
    std::exception_ptr failure_;
    bool ended_ = false;
};

} // namespace

std::unique_ptr<source> open_file(asio::any_io_executor executor, const std::string& path,
                                  const file_source_options& options)
{
    return std::make_unique<file_source>(std::move(executor), path, options);
}

} // namespace usher::bulk
