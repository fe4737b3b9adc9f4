#include "bulk/check/spill.hpp"

#include <algorithm>
#include <type_traits>

namespace usher::bulk {

namespace {

constexpr std::size_t block_entries = 128;
constexpr std::size_t block_bytes = block_entries * sizeof(spilled);

static_assert(std::is_trivially_copyable_v<spilled>);

} // namespace

spill::spill(const std::string& folder, unsigned bits) : file_(folder), bits_(bits), parts_(std::size_t(1) << bits) {}

void spill::add(const spilled& entry)
{
    part& to = parts_[bits_ == 0 ? 0 : entry.high >> (64 - bits_)];
    if (to.buffer.capacity() == 0)
        to.buffer.reserve(block_entries);
    to.buffer.push_back(entry);
    size_ += 1;
    if (to.buffer.size() == block_entries)
        flush(to);
}

void spill::flush(part& which)
{
    const auto at = file_.append({reinterpret_cast<const char*>(which.buffer.data()), block_bytes});
    which.blocks.push_back(static_cast<std::uint32_t>(at / block_bytes));
    which.in_file += which.buffer.size();
    which.buffer.clear();
}

void spill::each_part(const std::function<void(std::span<const spilled>)>& use)
{
    std::vector<spilled> all;
    for (auto& each : parts_) {
        all.resize(each.in_file);
        for (std::size_t i = 0; i < each.blocks.size(); ++i)
            file_.read(std::uint64_t(each.blocks[i]) * block_bytes,
                       {reinterpret_cast<char*>(all.data() + i * block_entries), block_bytes});
        all.insert(all.end(), each.buffer.begin(), each.buffer.end());
        each = part();
        std::sort(all.begin(), all.end());
        if (!all.empty())
            use(all);
    }
}

} // namespace usher::bulk
