#include "bulk/journal/lookup.hpp"

#include <vector>

namespace usher::bulk::detail {

lookup::lookup(database& file)
    : file_(file),
      entry_(file, "SELECT " USHER_RECORD_COLUMNS " FROM record WHERE number=?1"),
      numbers_(file, "SELECT number FROM name WHERE hash=?1"),
      after_(file, "SELECT number, kind, source_id FROM record WHERE number>?1 ORDER BY number")
{
}

std::optional<journal_entry> lookup::entry(std::uint64_t number)
{
    entry_.bind(1, number);
    const reading guard(entry_);
    if (!entry_.step())
        return std::nullopt;
    return read_entry(entry_);
}

void lookup::numbers(std::uint64_t hash, const std::function<bool(std::uint64_t)>& use)
{
    std::vector<std::uint64_t> found;
    {
        numbers_.bind(1, hash);
        const reading guard(numbers_);
        while (numbers_.step())
            found.push_back(numbers_.count(0));
    }
    for (const auto number : found)
        if (use(number))
            return;
}

std::uint64_t lookup::last_number()
{
    return static_cast<std::uint64_t>(file_.number("SELECT max(number) FROM record"));
}

std::uint64_t lookup::named()
{
    return static_cast<std::uint64_t>(file_.number("SELECT up_to FROM named"));
}

void lookup::each_written_name(const std::function<void(std::uint64_t)>& use)
{
    statement all(file_, "SELECT hash FROM name");
    while (all.step())
        use(all.count(0));
}

void lookup::each_name_after(std::uint64_t number, const std::function<void(std::uint64_t, std::uint64_t)>& use)
{
    after_.bind(1, number);
    const reading guard(after_);
    while (after_.step())
        use(name_hash(static_cast<entity_kind>(after_.number(1) & 1), after_.text(2)), after_.count(0));
}

} // namespace usher::bulk::detail
