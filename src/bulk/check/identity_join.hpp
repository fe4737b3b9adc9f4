// Finds which records of a source have an identifier in common with each other, or with what is at the target.
//
// Vocabulary. A *mark* says that a record has an identifier (or names an organization); it is kept as a digest. A
// *conflict* says that a record has a mark in common with an earlier one, its *holder*, or with somebody at the target.
// Invariants. Memory does not grow with the marks: they are sorted on disk, once by digest to find conflicts, and the
// conflicts by record to tell them in order. One bit for each record is kept.
// Lifecycle. Records, marks and what is at the target are added in any order; `join` tells all conflicts, once.
#ifndef USHER_BULK_IDENTITY_JOIN_HPP
#define USHER_BULK_IDENTITY_JOIN_HPP

#include "bulk/check/record_facts.hpp"
#include "bulk/check/spill.hpp"

#include <usher/bulk/catalog.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace usher::bulk {

enum class mark_kind : std::uint8_t { user, organization, email_address, phone_number, username, slug, membership };

/// The member of a record that holds it.
std::string_view field_of(mark_kind kind) noexcept;

enum class conflict_kind : std::uint8_t {
    repeated,            ///< an earlier record of the source has it
    there,               ///< the record itself is at the target already
    taken,               ///< somebody else at the target has it
    organization_missing ///< it names an organization that is neither in the source nor at the target
};

struct conflict {
    conflict() = default;
    conflict(conflict_kind what_, mark_kind mark_, std::uint64_t holder_) : what(what_), mark(mark_), holder(holder_) {}
    conflict_kind what = conflict_kind::repeated;
    mark_kind mark = mark_kind::user;
    std::uint64_t holder = 0; ///< a number of `facts`
};

class identity_join {
public:
    /// *Errors*: those of `scratch_file`, here and in all members.
    explicit identity_join(const std::string& folder);

    /// A record of the source; its number.
    std::uint64_t add(const record_facts& facts);
    /// `limit` of an organization: how many memberships it may have; 0: any number.
    void mark(std::uint64_t record, mark_kind kind, std::string_view value, std::uint32_t limit = 0);
    /// Somebody, or an organization, that is at the target.
    void add_known(entity_kind kind, const known_entity& known);

    struct listener {
        virtual ~listener() = default;
        /// In the order of the records; each with all its conflicts.
        virtual void on_conflicts(const record_facts& record, std::span<const conflict> conflicts) = 0;
        /// An organization of the source that more memberships name than it may have.
        virtual void on_overfull(const record_facts& organization, std::uint64_t limit, std::uint64_t memberships) = 0;
    };
    void join(listener& told);
    record_facts facts(std::uint64_t number) { return facts_.get(number); }

private:
    using marks = std::span<const spilled>;
    void match(marks same, spill& conflicts, listener& told);
    void match_owners(mark_kind kind, marks same, spill& conflicts);
    void match_memberships(marks same, spill& conflicts, listener& told);
    void settle(marks of_record, listener& told);
    bool holds(const spilled& entry, std::uint64_t record, conflict& found, std::vector<std::uint64_t>& free);

    std::string folder_;
    facts_store facts_;
    spill marks_;
    std::vector<bool> refused_; ///< records that an earlier conflict keeps out, so that they hold nothing
    /// Who holds a mark whose first owner was refused.
    std::unordered_map<std::uint64_t, std::uint64_t> heirs_;
};

} // namespace usher::bulk

#endif
