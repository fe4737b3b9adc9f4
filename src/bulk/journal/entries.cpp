#include "bulk/journal/entries.hpp"

#include <algorithm>

namespace usher::bulk::detail {

entries::entries(database& file) : file_(file)
{
    next_ = file_.last_number() + 1;
    file_.each_written_name([this](std::uint64_t hash) { names_.insert_written(hash); });
    file_.each_name_after(file_.named(),
                          [this](std::uint64_t hash, std::uint64_t number) { names_.insert(hash, number); });
}

held_entry& entries::add(journal_entry entry)
{
    entry.number = next_++;
    names_.insert(name_hash(entry.kind, entry.source_id), entry.number);
    auto& held = held_[entry.number];
    held.entry = std::move(entry);
    return held;
}

held_entry* entries::get(std::uint64_t number)
{
    if (const auto found = held_.find(number); found != held_.end())
        return &found->second;
    if (number == 0 || number >= next_)
        return nullptr;
    auto read = file_.entry(number);
    if (!read)
        return nullptr;
    sweep();
    auto& held = held_[number];
    held.entry = *std::move(read);
    return &held;
}

held_entry* entries::find(entity_kind kind, std::string_view source_id)
{
    const auto hash = name_hash(kind, source_id);
    if (!names_.may_contain(hash))
        return nullptr;
    held_entry* found = nullptr;
    const auto is_it = [&](std::uint64_t number) {
        auto* held = get(number);
        if (held && held->entry.kind == kind && held->entry.source_id == source_id)
            found = held;
        return found != nullptr;
    };
    if (!names_.find(hash, is_it))
        file_.numbers(hash, is_it);
    return found;
}

void entries::start(held_entry& of)
{
    under_way_ += of.is_under_way ? 0 : 1;
    of.is_under_way = true;
}

void entries::stop(held_entry& of)
{
    under_way_ -= of.is_under_way ? 1 : 0;
    of.is_under_way = false;
}

void entries::on_disk(std::uint64_t last_write)
{
    on_disk_ = last_write;
    sweep();
}

void entries::sweep()
{
    if (held_.size() < sweep_at_)
        return;
    std::erase_if(held_,
                  [this](const auto& each) { return !each.second.is_under_way && each.second.last_write <= on_disk_; });
    sweep_at_ = std::max(least_sweep, 2 * held_.size());
}

} // namespace usher::bulk::detail
