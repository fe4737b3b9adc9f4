// What is kept of each record while a plan is made: on disk, a few bytes each.
#ifndef USHER_BULK_RECORD_FACTS_HPP
#define USHER_BULK_RECORD_FACTS_HPP

#include "bulk/check/scratch_file.hpp"

#include <usher/bulk/model.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace usher::bulk {

struct record_facts {
    record_facts() = default;
    entity_kind kind = entity_kind::user;
    bool at_target = false; ///< not of the source: somebody who is there already
    bool counted = true;    ///< belongs to the part that is planned
    std::uint64_t line = 0;
    std::uint32_t memberships = 0;
    std::array<std::uint16_t, 9> steps{}; ///< how many of each `import_step`
    std::string id;                       ///< the source's; of who is at the target: the target's
    std::string source_id;                ///< of who is at the target: what the source calls it
};

class facts_store {
public:
    /// *Errors*: those of `scratch_file`.
    explicit facts_store(const std::string& folder);
    /// Returns its number, from 0.
    std::uint64_t add(const record_facts& facts);
    record_facts get(std::uint64_t number);
    std::uint64_t size() const noexcept { return size_; }

private:
    scratch_file rows_;
    scratch_file texts_;
    std::uint64_t size_ = 0;
};

} // namespace usher::bulk

#endif
