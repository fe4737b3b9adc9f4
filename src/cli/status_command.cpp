#include "cli/commands.hpp"
#include "cli/dead_letters.hpp"
#include "cli/job_status.hpp"
#include "cli/line_file.hpp"
#include "cli/outputs.hpp"
#include "cli/text.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>
#include <stdexcept>

namespace usher::cli {

namespace {

/// A field of a CSV (RFC 4180), in quotes where it has to be.
std::string csv_field(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string id_line(const bulk::journal_entry& entry, bool as_csv)
{
    if (as_csv)
        return std::string(to_string(entry.kind)) + "," + csv_field(entry.source_id) + "," +
               csv_field(entry.target_id) + "," + std::string(to_string(entry.state));
    boost::json::object line{{"kind", to_string(entry.kind)},
                             {"source_id", entry.source_id},
                             {"target_id", entry.target_id},
                             {"state", to_string(entry.state)}};
    return boost::json::serialize(line);
}

std::uint64_t write_ids(const std::string& job, const std::string& path)
{
    const bulk::journal_reader reader(job);
    const bool as_csv = path.ends_with(".csv");
    line_file file(path);
    file.begin();
    if (as_csv)
        file.write("kind,source_id,target_id,state");
    std::uint64_t count = 0;
    reader.each_entry([&](const bulk::journal_entry& entry) {
        if (entry.target_id.empty() || entry.state == bulk::record_state::removed)
            return true;
        file.write(id_line(entry, as_csv));
        ++count;
        return true;
    });
    return count;
}

} // namespace

exit_status run_status(const status_arguments& arguments)
{
    const auto status = status_of(arguments.job);
    try {
        check_outputs({{"--ids", arguments.ids}, {"--failures", arguments.failures}}, status.settings, arguments.job,
                      status.settings.last.mended);
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
    const auto text = arguments.json ? boost::json::serialize(status_json(status)) + "\n" : status_text(status);
    std::fputs(text.c_str(), stdout);
    if (!arguments.ids.empty())
        std::fprintf(stderr, "%s: %s ids\n", arguments.ids.c_str(),
                     grouped(write_ids(arguments.job, arguments.ids)).c_str());
    if (!arguments.failures.empty()) {
        line_file(arguments.failures).begin();
        std::fprintf(stderr, "%s: %s records that failed\n", arguments.failures.c_str(),
                     grouped(write_dead_letters(arguments.job, arguments.failures)).c_str());
    }
    return std::fflush(stdout) == 0 ? done : could_not_run;
}

} // namespace usher::cli
