// The figures of a plan while it is made.
#ifndef USHER_BULK_PLAN_TOTALS_HPP
#define USHER_BULK_PLAN_TOTALS_HPP

#include "bulk/check/identity_join.hpp"

#include <usher/bulk/plan.hpp>

#include <map>
#include <set>
#include <utility>

namespace usher::bulk {

class plan_totals final : private identity_join::listener {
public:
    explicit plan_totals(std::function<void(const plan_finding&)> found);

    void survey(const target_survey& survey);
    /// A record that can't be sent.
    void refuse(plan_finding finding);
    /// A record that would be sent, as far as it itself tells. `to` may be nothing.
    void add(const record_facts& facts, const mapped_record& what, const target* to);
    /// Takes back what records that are repeated or taken were counted for.
    void settle(identity_join& identities);
    plan_result result() const;

    std::uint64_t records = 0;

private:
    void on_conflicts(const record_facts& record, std::span<const conflict> conflicts) override;
    void on_overfull(const record_facts& organization, std::uint64_t limit, std::uint64_t memberships) override;
    void tell(const record_facts& record, const conflict& each);
    void take_back(const record_facts& record);
    void add_note(const note& what, const std::string& id);
    void add_roles(const mapped_record& what, const target& to);

    std::function<void(const plan_finding&)> found_;
    identity_join* identities_ = nullptr; ///< while it is settled
    plan_result result_;
    std::array<std::uint64_t, 9> steps_{};
    std::map<std::pair<std::string, std::string>, counted_note> notes_;
    std::map<std::string, std::uint64_t> roles_; ///< memberships by a role that is not there
    std::optional<std::set<std::string>> roles_there_;
    std::vector<std::string> overfull_;
    std::uint64_t more_overfull_ = 0;
};

} // namespace usher::bulk

#endif
