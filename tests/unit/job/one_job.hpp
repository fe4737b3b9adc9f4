// A job whose source, target and journal are told what to do, and its runs.
#ifndef USHER_TESTS_UNIT_JOB_ONE_JOB_HPP
#define USHER_TESTS_UNIT_JOB_ONE_JOB_HPP

#include "unit/job/fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace usher::tests {

struct heard final : bulk::import_listener {
    void on_failure(const bulk::source_record&, const bulk::import_failure& failure) override
    {
        codes.push_back(failure.code);
    }
    std::vector<std::string> codes;
};

struct job {
    explicit job(std::vector<bulk::source_record> records) : from(std::move(records)) {}

    bulk::import_end run(bulk::import_options options = bulk::import_options())
    {
        io.restart();
        bulk::importer running(io.get_executor(), from, to, book, listener, std::move(options));
        if (watch)
            watch(running);
        std::optional<bulk::import_end> end;
        boost::asio::co_spawn(io, running.run(), [&end](std::exception_ptr thrown, bulk::import_end how) {
            if (thrown)
                std::rethrow_exception(thrown);
            end = how;
        });
        // What is thrown is thrown here, after everything else has ended.
        std::exception_ptr thrown;
        try {
            io.run();
        } catch (...) {
            thrown = std::current_exception();
        }
        counters = running.counters();
        reason = running.reason().message();
        if (thrown)
            std::rethrow_exception(thrown);
        BOOST_REQUIRE(end.has_value());
        return *end;
    }

    /// Where a line stands in the diary; its size if it does not.
    std::size_t at(const std::string& line) const
    {
        return static_cast<std::size_t>(std::find(all.begin(), all.end(), line) - all.begin());
    }
    bool has(const std::string& line) const { return at(line) != all.size(); }

    boost::asio::io_context io{1};
    diary all;
    listed_source from;
    told_target to{io.get_executor(), all};
    told_journal book{io.get_executor(), all};
    heard listener;
    bulk::import_counters counters;
    std::string reason;
    std::function<void(bulk::importer&)> watch;
};

inline std::vector<bulk::source_record> users(int count, int organizations = 0)
{
    std::vector<bulk::source_record> all;
    for (int i = 0; i < organizations; ++i)
        all.push_back(organization_record("org-" + std::to_string(i), all.size() + 1));
    for (int i = 0; i < count; ++i)
        all.push_back(user_record("u" + std::to_string(i), all.size() + 1, organizations));
    return all;
}

inline error error_saying(std::string text)
{
    error_details details;
    details.kind = error_kind::connection;
    details.text = std::move(text);
    return error(std::move(details));
}

inline void fail_with(bulk::step_result& done, std::string code, bool unknown = false)
{
    done = bulk::step_result();
    done.failure.emplace();
    done.failure->code = std::move(code);
    done.failure->outcome_unknown = unknown;
}

} // namespace usher::tests

#endif
