#include "cli/outputs.hpp"

#include "cli/line_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace usher::cli {

namespace {

/// One file behind both names, or one file to come.
bool is_one(const std::string& one, const std::string& other)
{
    if (one.empty() || other.empty() || one == "-" || other == "-")
        return false;
    if (one == other || is_same_file(one, other))
        return true;
    std::error_code failed;
    std::error_code failed_too;
    return std::filesystem::weakly_canonical(one, failed) == std::filesystem::weakly_canonical(other, failed_too) &&
           !failed && !failed_too;
}

[[noreturn]] void refuse(const std::string& path, const char* what)
{
    throw std::invalid_argument(path + " is " + what + ": name another file to write to");
}

/// Before anything is sent, not when there is something to write after hours.
void check_place(const output_file& output)
{
    if (output.path.empty() || output.path == "-")
        return;
    const auto folder = std::filesystem::path(output.path).parent_path();
    const bool is_there = ::access(output.path.c_str(), F_OK) == 0;
    if (::access(is_there ? output.path.c_str() : folder.empty() ? "." : folder.c_str(), W_OK) != 0)
        throw std::invalid_argument(output.option + ": " + output.path +
                                    ": can't be written: " + std::error_code(errno, std::generic_category()).message());
}

void check_against(const std::string& path, const connect_arguments& connect)
{
    for (const auto* input : {&connect.ca_file, &connect.quota_file})
        if (is_one(path, *input))
            refuse(path, "read here");
}

} // namespace

void check_outputs(const std::vector<output_file>& outputs, const job_settings& settings, const std::string& job,
                   const std::string& mended)
{
    const auto& from = settings.source;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto& path = outputs[i].path;
        check_place(outputs[i]);
        for (const auto* input : {&from.file, &from.joined, &mended})
            if (is_one(path, *input))
                refuse(path, "the source");
        for (const auto* input : {&from.mapping, &from.firebase_hash})
            if (is_one(path, *input))
                refuse(path, "read here");
        check_against(path, from.live);
        check_against(path, settings.connect);
        for (const auto* ending : {"", "-wal", "-shm", "-lock"})
            if (!job.empty() && is_one(path, job + ending))
                refuse(path, "the journal");
        for (std::size_t j = 0; j < i; ++j)
            if (is_one(path, outputs[j].path))
                throw std::invalid_argument(outputs[i].option + " and " + outputs[j].option + " are the same file");
    }
    // The journal that is made is written, too.
    for (const auto* input : {&from.file, &from.joined, &mended, &from.mapping, &from.firebase_hash})
        if (is_one(job, *input))
            refuse(job, "the source");
}

void check_output(const std::string& path, const connect_arguments& connect)
{
    check_against(path, connect);
}

void check_input(const std::string& path, const std::string& instead)
{
    if (path == "-" && ::isatty(STDIN_FILENO) != 0)
        throw std::invalid_argument("what is read here is standard input, and that is a terminal: " + instead +
                                    " <FILE");
}

} // namespace usher::cli
