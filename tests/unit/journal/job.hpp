// A journal of a test in a folder of its own.
#ifndef USHER_TESTS_JOURNAL_JOB_HPP
#define USHER_TESTS_JOURNAL_JOB_HPP

#include "temporary_folder.hpp"

#include <usher/bulk/journal.hpp>
#include <usher/bulk/journal_reader.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bulk = usher::bulk;

using usher::tests::temporary_folder;

/// Runs a call to its end.
template <typename Value>
Value await(boost::asio::io_context& io, boost::asio::awaitable<Value> what)
{
    std::optional<Value> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr trouble, Value got) {
        thrown = trouble;
        value = std::move(got);
    });
    io.restart();
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return *std::move(value);
}

inline void await(boost::asio::io_context& io, boost::asio::awaitable<void> what)
{
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr trouble) { thrown = trouble; });
    io.restart();
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
}

struct job {
    explicit job(std::string path_, bool in_memory = false) : path(std::move(path_))
    {
        book = in_memory ? bulk::make_memory_journal() : bulk::open_journal(io.get_executor(), path);
    }

    static bulk::record_intent intent(std::string id, std::uint64_t line,
                                      bulk::entity_kind kind = bulk::entity_kind::user)
    {
        bulk::record_intent made;
        made.kind = kind;
        made.source_id = std::move(id);
        made.line = line;
        return made;
    }
    bulk::begun_record begin(const std::string& id, std::uint64_t line = 1,
                             bulk::entity_kind kind = bulk::entity_kind::user)
    {
        return await(io, book->begin_record(intent(id, line, kind)));
    }
    void end(std::uint64_t number, const std::string& target, bulk::record_state state = bulk::record_state::created)
    {
        bulk::step_outcome outcome;
        outcome.number = number;
        outcome.id = target;
        outcome.made = state == bulk::record_state::created;
        outcome.finished = state;
        book->end_step(std::move(outcome));
    }
    void step(std::uint64_t number, std::uint16_t step, bulk::import_step kind, const std::string& id,
              std::optional<bulk::record_state> finished = std::nullopt, bool done = true)
    {
        bulk::step_outcome outcome;
        outcome.number = number;
        outcome.step = step;
        outcome.kind = kind;
        outcome.id = id;
        outcome.made = done && kind != bulk::import_step::remove;
        outcome.done = done;
        outcome.finished = finished;
        book->end_step(std::move(outcome));
    }
    void bury(std::uint64_t number, const std::string& id, std::uint64_t line, const std::string& code,
              bool unknown = false)
    {
        bulk::source_record record;
        record.line = line;
        record.fields["user_id"] = id;
        bulk::import_failure failure(bulk::import_step::create, bulk::refusal(code, "", "it was refused"));
        failure.source_id = id;
        failure.outcome_unknown = unknown;
        book->bury(number, id.empty() ? std::nullopt : std::optional(bulk::entity_kind::user), record, failure);
    }
    void flush() { await(io, book->flush()); }
    std::optional<bulk::journal_entry> find(const std::string& id) { return book->find(bulk::entity_kind::user, id); }
    /// Closes it and opens it again.
    void reopen()
    {
        book.reset();
        book = bulk::open_journal(io.get_executor(), path);
    }

    std::string path;
    boost::asio::io_context io{1};
    std::unique_ptr<bulk::journal> book;
};

/// What a call throws; empty: nothing.
template <typename Call>
std::string trouble_of(const Call& call)
{
    try {
        call();
    } catch (const std::runtime_error& trouble) {
        return trouble.what();
    }
    return {};
}

#endif
