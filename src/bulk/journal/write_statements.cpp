#include "bulk/journal/writer.hpp"

namespace usher::bulk::detail {

write_statements::write_statements(database& file)
    : insert_record_(file, "INSERT INTO record(" USHER_RECORD_COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"),
      change_record_(file, "UPDATE record SET target_id=?4, state=?6, made=?7, steps_done=?8, in_doubt=?9, begun=?10, "
                           "checksum=?11 WHERE number=?1"),
      put_step_(file, "INSERT OR REPLACE INTO step(" USHER_STEP_COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6)"),
      find_step_(file, "SELECT " USHER_STEP_COLUMNS " FROM step WHERE number=?1 AND step=?2"),
      put_letter_(file, "INSERT OR REPLACE INTO letter(" USHER_LETTER_COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7)"),
      drop_letter_(file, "DELETE FROM letter WHERE place=?1"),
      put_note_(file, "INSERT INTO note(id, field, reason, count, example) VALUES(?1,?2,?3,0,?4)"),
      count_note_(file, "UPDATE note SET count=count+?2 WHERE id=?1"),
      put_sample_(file, "INSERT INTO sample(at, json) VALUES(?1,?2)"),
      put_setting_(file, "INSERT OR REPLACE INTO setting(name, value) VALUES(?1,?2)"),
      put_name_(file, "INSERT OR IGNORE INTO name(hash, number) VALUES(?1,?2)"),
      named_(file, "UPDATE named SET up_to=?1")
{
}

void write_statements::operator()(const new_record& what)
{
    bind_entry(insert_record_, what.entry);
    insert_record_.run();
}

void write_statements::operator()(const changed_record& what)
{
    // Kind, source id and line are bound and not used: the checksum is of the whole row.
    bind_entry(change_record_, what.entry);
    change_record_.run();
}

void write_statements::operator()(const step_row& what)
{
    // A step that was done before and is said again, perhaps by a run that found it there, was still made by this job.
    auto now = what;
    find_step_.bind(1, now.number).bind(2, std::int64_t{now.step});
    {
        const reading guard(find_step_);
        if (find_step_.step()) {
            const auto before = read_step(find_step_);
            now.made = now.made || before.made;
            if (now.id.empty())
                now.id = before.id;
        }
    }
    bind_step(put_step_, now);
    put_step_.run();
}

void write_statements::operator()(const removed_step& what)
{
    step_row now;
    find_step_.bind(1, what.number).bind(2, std::int64_t{what.step});
    {
        const reading guard(find_step_);
        if (!find_step_.step())
            return;
        now = read_step(find_step_);
    }
    now.made = false;
    bind_step(put_step_, now);
    put_step_.run();
}

void write_statements::operator()(const letter_row& what)
{
    bind_letter(put_letter_, what);
    put_letter_.run();
}

void write_statements::operator()(const dropped_letter& what)
{
    drop_letter_.bind(1, what.place).run();
}

void write_statements::operator()(const new_note& what)
{
    put_note_.bind(1, what.id)
        .bind(2, std::string_view(what.what.field))
        .bind(3, std::string_view(what.what.reason))
        .bind(4, std::string_view(what.example))
        .run();
}

void write_statements::count_note(std::uint64_t id, std::uint64_t by)
{
    count_note_.bind(1, id).bind(2, by).run();
}

void write_statements::operator()(const new_sample& what)
{
    put_sample_.bind(1, std::int64_t{what.at.time_since_epoch().count()}).bind(2, std::string_view(what.json)).run();
}

void write_statements::operator()(const new_setting& what)
{
    put_setting_.bind(1, std::string_view(what.name)).bind(2, std::string_view(what.value)).run();
}

void write_statements::add_name(const name_row& row)
{
    put_name_.bind(1, row.first).bind(2, row.second).run();
}

void write_statements::names_up_to(std::uint64_t number)
{
    named_.bind(1, number).run();
}

} // namespace usher::bulk::detail
