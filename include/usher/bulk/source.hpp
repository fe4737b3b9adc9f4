// Where records come from: a file of any size, a pipe, or a live instance.
#ifndef USHER_BULK_SOURCE_HPP
#define USHER_BULK_SOURCE_HPP

#include <usher/bulk/record.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace usher::bulk {

/// A stream of records: organizations before the users that belong to them. Memory does not grow with it.
/// *Thread safety*: none. *Lifetime*: it must outlive its reads.
class source {
public:
    virtual ~source() = default;
    /// The next record; nothing: there is none, or reading was cancelled.
    /// *Errors*: throws `std::runtime_error` when the source can't be read on, with the place.
    virtual boost::asio::awaitable<std::optional<source_record>> next() = 0;
    /// Ends a read that waits; later ones give nothing.
    virtual void cancel() = 0;
    /// How much there is, in the unit of `source_record::end_offset`: bytes of a file, records of a live instance.
    /// Nothing when that is not known.
    virtual std::optional<std::uint64_t> size() const noexcept = 0;
    /// Tells this source from another one, and a file from a changed one, when a job is resumed; empty: can't tell.
    virtual std::string fingerprint() const = 0;
    /// What is to be said of the source as a whole, a sentence each, once there are no more records: such as rows of a
    /// joined file that belong to none of them.
    virtual std::vector<std::string> remarks() const { return {}; }
};

struct file_source_options {
    file_source_options() = default;
    source_format format = source_format::auth0;
    /// A second file whose rows belong to the records of the first; empty: there is none. Auth0's password hashes
    /// (NDJSON, joined on `auth0|` + `_id.$oid`) give a record the member `password_hash`; the rows of Better Auth's
    /// table `account` (CSV or JSON, joined on `userId`) the member `account`, a list of objects with `providerId`,
    /// `accountId` and `password`. Two rows that contradict each other make the record one that can't be read.
    std::string joined;
};

/// A file, plain or gzip (told by its first bytes); `-` is standard input. A joined file is read before the first
/// record is given, into a temporary file that has no name; memory does not grow with it. `fingerprint` is of the size
/// and of all bytes up to 64 MiB; of a larger file of 66 pieces of 64 KiB, so that a change between them that keeps the
/// size is not seen.
/// *Errors*: throws `std::system_error` that names the file, `std::invalid_argument` for a joined file of a format that
/// has none. Reading throws when the file is damaged, after the records before the damage were given; and before the
/// first record when a row of the joined file can't be read, since nobody knows whose password it holds.
std::unique_ptr<source> open_file(boost::asio::any_io_executor executor, const std::string& path,
                                  const file_source_options& options);

} // namespace usher::bulk

#endif
