// What a job is made of: the services it talks to, its source and its target.
#ifndef USHER_CLI_JOB_PARTS_HPP
#define USHER_CLI_JOB_PARTS_HPP

#include "cli/arguments.hpp"

#include <usher/bulk/mapping.hpp>
#include <usher/bulk/source.hpp>
#include <usher/bulk/target.hpp>
#include <usher/clerk/client.hpp>
#include <usher/engine.hpp>
#include <usher/scalekit/client.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace usher::cli {

/// An engine and a client of one instance.
class service_link {
public:
    /// *Errors*: `std::invalid_argument` for an address, key or limit that can't be used, `std::runtime_error` for
    /// files.
    service_link(boost::asio::any_io_executor executor, const connect_arguments& connect,
                 std::shared_ptr<observer> watcher = nullptr);
    service_link(const service_link&) = delete;
    service_link& operator=(const service_link&) = delete;

    quota_usage usage() const;
    /// What the instance allows, as far as that is known now; 0: nothing is.
    double quota_per_second() const;
    /// `part`: which of several runs that share a source.
    std::unique_ptr<bulk::target> make_target(const target_arguments& how, std::uint32_t part = 0) const;
    std::unique_ptr<bulk::source> make_source() const;

private:
    using any_client = std::variant<clerk::client, scalekit::client>;
    static any_client make_client(const engine& engine, const connect_arguments& connect,
                                  std::shared_ptr<observer> watcher);

    boost::asio::any_io_executor executor_;
    engine engine_;
    any_client client_;
    double known_per_second_ = 0;
};

/// A client that nothing is sent with, to ask a target what it would do.
connect_arguments nowhere(const std::string& service);

/// The records of a job, from a file or a live instance.
class job_source {
public:
    /// *Errors*: `std::system_error` and `std::runtime_error` that name the file, and those of `service_link`.
    job_source(boost::asio::any_io_executor executor, const source_arguments& from);
    bulk::source& records() const noexcept { return *records_; }

private:
    std::unique_ptr<service_link> link_;
    std::unique_ptr<bulk::source> records_;
};

/// Reads the mapping file, if there is one and it was not read yet.
/// *Errors*: `std::invalid_argument` that names the option and the file, here and below.
void read_mapping(source_arguments& from);
bulk::mapping_options mapping_of(const source_arguments& from);

/// *Errors*: `std::invalid_argument` when source and target are the same instance.
void check_apart(const source_arguments& from, const connect_arguments& to);

} // namespace usher::cli

#endif
