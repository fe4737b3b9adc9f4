#include "live/migrate/job_command.hpp"

#include <boost/test/unit_test.hpp>

namespace usher::tests {

job_command::job_command(const place& here, const std::string& part)
    : journal_(here.folder.file(part.empty() ? "whole.usher" : "part-" + part.substr(0, 1) + ".usher")),
      import_{USHER_COMMAND, "import", "--from", "usher", here.source()},
      resume_{USHER_COMMAND, "resume", journal_}
{
    for (const auto& more : {words{"--to", here.service_name(), "--job", journal_},
                             words{"--base-url", here.service.url(here.of), "--ca-file", here.folder.file("ca.pem")},
                             words{"--concurrency", "16", "--limit", "100000", "--window", "1s"}})
        import_.insert(import_.end(), more.begin(), more.end());
    if (!part.empty())
        import_.insert(import_.end(), {"--part", part});
}

bool job_command::ended(const process_end& end, const moments& when)
{
    if (was_killed(end))
        return true;
    is_done_ = end.status == 0;
    const bool goes_on = !is_begun_ && end.status == 2 &&
                         end.err.find("is there already: usher resume " + journal_) != std::string::npos;
    is_begun_ = is_begun_ || goes_on;
    BOOST_TEST_REQUIRE((is_done_ || goes_on), when.seed()
                                                  << ": ended by itself with " << end.status << ": " << end.err);
    return false;
}

void job_command::finish(const place& here, const moments& when)
{
    while (!is_done_)
        BOOST_TEST_REQUIRE(!ended(here.run(next()), when));
}

} // namespace usher::tests
