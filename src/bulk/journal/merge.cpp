// Joins the journals of a job's parts. Records keep the order in which the parts have them, part by part; their
// numbers, and those of their steps and letters, are made anew.
#include "bulk/journal/file.hpp"
#include "bulk/journal/lookup.hpp"
#include "bulk/journal/note_kinds.hpp"
#include "bulk/journal/writer.hpp"

#include <usher/bulk/instance.hpp>
#include <usher/bulk/journal_reader.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace usher::bulk {
namespace {

namespace fs = std::filesystem;
using detail::database;
using detail::statement;

struct part {
    explicit part(const std::string& path)
        : lock((detail::check_presence(path, journal_options::file::reopen), path)), file(detail::open_to_read(path))
    {
        statement ask(*file, "SELECT name, value FROM setting");
        while (ask.step())
            settings.emplace(ask.text(0), ask.text(1));
        settings.erase("part");
    }
    detail::file_lock lock;
    std::unique_ptr<database> file;
    std::map<std::string, std::string> settings;
};

void check_settings(part& first, part& other)
{
    // Ids of different instances have nothing to do with each other; a part may not know which one it was brought to.
    const std::string instance(instance_setting);
    if (const auto known = first.settings.find(instance); known != first.settings.end())
        other.settings.insert(*known);
    else if (const auto told = other.settings.find(instance); told != other.settings.end())
        first.settings.insert(*told);
    if (first.settings == other.settings)
        return;
    const auto [here, there] =
        std::mismatch(first.settings.begin(), first.settings.end(), other.settings.begin(), other.settings.end());
    const auto& name = here != first.settings.end() ? here->first : there->first;
    other.file->fail("this is no part of the job of " + first.file->path() + ": '" + name + "' differs");
}

bool is_settled(const journal_entry& entry)
{
    return entry.state == record_state::created || entry.state == record_state::adopted;
}

/// How much an entry knows: what a part has created goes before what another one found there, and both before what
/// another one did not get done.
int weight(const journal_entry& entry)
{
    switch (entry.state) {
    case record_state::created:
        return 3;
    case record_state::adopted:
        return 2;
    case record_state::failed:
        return 1;
    case record_state::open:
    case record_state::removed:
        break;
    }
    return 0;
}

class merger {
public:
    explicit merger(database& to) : look_(to), write_(to) {}

    void add_records(part& from);
    void add_letters_of_lines(part& from);
    void add_notes(part& from);

private:
    void add(part& from, journal_entry entry, statement& steps, statement& letter);
    journal_entry joined(const part& from, const journal_entry& before, const journal_entry& entry) const;
    std::optional<journal_entry> find(const journal_entry& like);

    detail::lookup look_;
    detail::write_statements write_;
    detail::note_kinds notes_;
    std::uint64_t next_ = 1;
};

std::optional<journal_entry> merger::find(const journal_entry& like)
{
    std::optional<journal_entry> found;
    look_.numbers(detail::name_hash(like.kind, like.source_id), [&](std::uint64_t number) {
        found = look_.entry(number);
        if (found && (found->kind != like.kind || found->source_id != like.source_id))
            found.reset();
        return found.has_value();
    });
    return found;
}

journal_entry merger::joined(const part& from, const journal_entry& before, const journal_entry& entry) const
{
    const bool is_other = !before.target_id.empty() && !entry.target_id.empty() && before.target_id != entry.target_id;
    const bool is_gone = (before.state == record_state::removed) != (entry.state == record_state::removed);
    if (is_other || is_gone)
        from.file->fail("the " + std::string(to_string(entry.kind)) + " " + entry.source_id + " is " +
                        (is_other ? entry.target_id : std::string(to_string(entry.state))) +
                        " here, and in another part " +
                        (is_other ? before.target_id : std::string(to_string(before.state))));
    auto result = weight(entry) > weight(before) ? entry : before;
    const auto& less = weight(entry) > weight(before) ? before : entry;
    result.number = before.number;
    result.made = before.made || entry.made;
    result.steps_done = std::max(before.steps_done, entry.steps_done);
    if (result.target_id.empty())
        result.target_id = less.target_id;
    if (!is_settled(result))
        result.in_doubt = before.in_doubt || entry.in_doubt;
    return result;
}

void merger::add(part& from, journal_entry entry, statement& steps, statement& letter)
{
    const auto number_there = entry.number;
    if (const auto before = find(entry)) {
        entry = joined(from, *before, entry);
        write_(detail::changed_record{entry});
        if (is_settled(entry))
            write_(detail::dropped_letter{entry.number});
    } else {
        entry.number = next_++;
        write_(detail::new_record{entry});
        write_.add_name({static_cast<std::int64_t>(detail::name_hash(entry.kind, entry.source_id)), entry.number});
    }
    steps.bind(1, number_there);
    {
        const detail::reading guard(steps);
        while (steps.step()) {
            auto row = detail::read_step(steps);
            row.number = entry.number;
            write_(row);
        }
    }
    if (is_settled(entry))
        return;
    letter.bind(1, number_there);
    const detail::reading guard(letter);
    if (letter.step()) {
        auto row = detail::read_letter(letter);
        row.place = row.number = entry.number;
        write_(row);
    }
}

void merger::add_records(part& from)
{
    statement all(*from.file, "SELECT " USHER_RECORD_COLUMNS " FROM record ORDER BY number");
    statement steps(*from.file, "SELECT " USHER_STEP_COLUMNS " FROM step WHERE number=?1 ORDER BY step");
    statement letter(*from.file, "SELECT " USHER_LETTER_COLUMNS " FROM letter WHERE place=?1");
    while (all.step())
        add(from, detail::read_entry(all), steps, letter);
    write_.names_up_to(next_ - 1);
}

void merger::add_letters_of_lines(part& from)
{
    statement all(*from.file, "SELECT " USHER_LETTER_COLUMNS " FROM letter WHERE number=0 ORDER BY place");
    while (all.step())
        write_(detail::read_letter(all));
}

void merger::add_notes(part& from)
{
    statement all(*from.file, "SELECT field, reason, count, example FROM note ORDER BY id");
    while (all.step()) {
        const auto kind = notes_.get(note(all.text(0), all.text(1)));
        if (kind.is_new)
            write_(detail::new_note{kind.id, kind.what, all.text(3)});
        write_.count_note(kind.id, all.count(2));
    }
}

/// By time: each part has its own in that order.
void add_samples(const std::vector<std::unique_ptr<part>>& parts, database& to)
{
    std::vector<statement> open;
    for (const auto& each : parts) {
        statement ask(*each->file, "SELECT at, json FROM sample ORDER BY number");
        if (ask.step())
            open.push_back(std::move(ask));
    }
    statement put(to, "INSERT INTO sample(at, json) VALUES(?1,?2)");
    while (!open.empty()) {
        const auto first =
            std::min_element(open.begin(), open.end(), [](const statement& left, const statement& right) {
                return left.number(0) < right.number(0);
            });
        const auto json = first->text(1);
        put.bind(1, first->number(0)).bind(2, std::string_view(json)).run();
        if (!first->step())
            open.erase(first);
    }
}

/// The new file under its temporary name, which is taken away if it does not become the journal.
class new_file {
public:
    explicit new_file(const std::string& to) : to_(to), temporary_(to + "-merging") { remove(); }
    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;
    ~new_file() { remove(); }

    const std::string& path() const noexcept { return temporary_; }
    void keep()
    {
        sync(temporary_);
        detail::check_presence(to_, journal_options::file::make);
        fs::rename(temporary_, to_);
        const auto folder = fs::absolute(to_).parent_path();
        sync(folder.string());
    }

private:
    void remove() const noexcept
    {
        std::error_code ignored;
        for (const char* end : {"", "-wal", "-shm", "-journal"})
            fs::remove(temporary_ + end, ignored);
    }
    void sync(const std::string& path) const
    {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
        const int why = errno;
        if (descriptor >= 0)
            ::close(descriptor);
        if (!done)
            throw std::runtime_error(to_ + ": the journal can't be written: " + std::generic_category().message(why));
    }

    std::string to_;
    std::string temporary_;
};

void fill(database& to, const std::vector<std::unique_ptr<part>>& parts)
{
    // Synced as a whole before it gets its name.
    to.run("PRAGMA journal_mode = DELETE");
    to.run("PRAGMA synchronous = OFF");
    to.run("PRAGMA cache_size = -32768");
    to.run("BEGIN IMMEDIATE");
    statement put(to, "INSERT INTO setting(name, value) VALUES(?1,?2)");
    for (const auto& [name, value] : parts.front()->settings)
        put.bind(1, std::string_view(name)).bind(2, std::string_view(value)).run();
    merger all(to);
    for (const auto& each : parts) {
        all.add_records(*each);
        all.add_letters_of_lines(*each);
        all.add_notes(*each);
    }
    add_samples(parts, to);
    to.run("COMMIT");
}

} // namespace

void merge_journals(const std::vector<std::string>& paths, const std::string& to)
{
    if (paths.empty())
        throw std::invalid_argument("nothing to merge");
    const detail::file_lock lock((detail::check_presence(to, journal_options::file::make), to));
    std::vector<std::unique_ptr<part>> parts;
    for (const auto& path : paths) {
        parts.push_back(std::make_unique<part>(path));
        check_settings(*parts.front(), *parts.back());
    }
    new_file file(to);
    {
        const auto made = detail::open_to_write(file.path());
        fill(*made, parts);
    }
    file.keep();
}

} // namespace usher::bulk
