#include "cli/dead_letters.hpp"

#include "cli/line_file.hpp"

#include <usher/bulk/journal_reader.hpp>
#include <usher/bulk/source.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace usher::cli {

namespace {

bool is_of_organization(const bulk::journal_reader& reader, const bulk::dead_letter& letter)
{
    boost::system::error_code failed;
    const auto value = boost::json::parse(letter.text, failed);
    const auto* line = failed ? nullptr : value.if_object();
    const auto* id = line ? line->if_contains("source_id") : nullptr;
    if (!id || !id->is_string())
        return false;
    const auto entry = reader.find(bulk::entity_kind::organization, std::string_view(id->get_string()));
    return entry && entry->number == letter.number;
}

/// In ascending order.
std::vector<std::uint64_t> places_of_organizations(const bulk::journal_reader& reader)
{
    std::vector<std::uint64_t> places;
    const auto records = reader.totals().records;
    const auto organizations = records.find(bulk::entity_kind::organization);
    if (organizations == records.end() || organizations->second.empty())
        return places;
    reader.each_dead_letter([&](const bulk::dead_letter& letter) {
        if (is_of_organization(reader, letter))
            places.push_back(letter.place);
        return true;
    });
    return places;
}

boost::asio::awaitable<void> read_letters(bulk::source& letters, const std::string& file)
{
    for (std::uint64_t place = 1;; ++place) {
        const auto record = co_await letters.next();
        if (!record)
            co_return;
        if (record->format == bulk::source_format::failures)
            throw std::invalid_argument(file + ": record " + std::to_string(place) + ": " + record->problem +
                                        "; nothing was sent. usher status JOB --failures FILE writes what can be "
                                        "mended");
    }
}

} // namespace

dead_letters::dead_letters(const std::string& job)
{
    if (job.empty())
        return;
    path_ = (std::filesystem::temp_directory_path() / "usher-retry-XXXXXX").string();
    const int file = ::mkstemp(path_.data());
    if (file < 0)
        throw std::system_error(errno, std::generic_category(), path_);
    ::close(file);
    try {
        write_dead_letters(job, path_);
    } catch (...) {
        ::unlink(path_.c_str());
        throw;
    }
}

dead_letters::~dead_letters()
{
    if (!path_.empty())
        ::unlink(path_.c_str());
}

void check_dead_letters(const std::string& file)
{
    boost::asio::io_context io(1);
    bulk::file_source_options options;
    options.format = bulk::source_format::failures;
    const auto letters = bulk::open_file(io.get_executor(), file, options);
    std::exception_ptr trouble;
    boost::asio::co_spawn(io, read_letters(*letters, file), [&](std::exception_ptr thrown) { trouble = thrown; });
    io.run();
    if (trouble)
        std::rethrow_exception(trouble);
}

std::uint64_t write_dead_letters(const std::string& job, const std::string& file)
{
    const bulk::journal_reader reader(job);
    const auto organizations = places_of_organizations(reader);
    line_file lines(file);
    std::uint64_t count = 0;
    const auto write = [&](bool of_organizations) {
        reader.each_dead_letter([&](const bulk::dead_letter& letter) {
            if (std::binary_search(organizations.begin(), organizations.end(), letter.place) != of_organizations)
                return true;
            lines.write(letter.text);
            ++count;
            return true;
        });
    };
    if (!organizations.empty())
        write(true);
    write(false);
    return count;
}

} // namespace usher::cli
