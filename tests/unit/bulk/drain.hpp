// Takes all that a file source gives.
#ifndef USHER_TESTS_BULK_DRAIN_HPP
#define USHER_TESTS_BULK_DRAIN_HPP

#include <usher/bulk/source.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <string>
#include <vector>

struct drained {
    drained() = default;
    std::vector<usher::bulk::source_record> records;
    std::vector<std::string> remarks;
    std::string fingerprint;
    std::optional<std::uint64_t> size;
    std::string failure; ///< why reading ended early
};

inline boost::asio::awaitable<void> take_all(usher::bulk::source& from, drained& into)
{
    for (;;) {
        auto record = co_await from.next();
        if (!record)
            co_return;
        into.records.push_back(std::move(*record));
    }
}

inline drained drain(const std::string& path, usher::bulk::source_format format, const std::string& joined = "")
{
    drained made;
    usher::bulk::file_source_options options;
    options.format = format;
    options.joined = joined;
    boost::asio::io_context io(1);
    const auto from = usher::bulk::open_file(io.get_executor(), path, options);
    made.fingerprint = from->fingerprint();
    made.size = from->size();
    boost::asio::co_spawn(io, take_all(*from, made), [&](std::exception_ptr thrown) {
        try {
            if (thrown)
                std::rethrow_exception(thrown);
        } catch (const std::exception& why) {
            made.failure = why.what();
        }
    });
    io.run();
    made.remarks = from->remarks();
    return made;
}

#endif
