// Scalekit as a target.
//
// Invariants. `external_id` is unique among users and among organizations: it is sent with each creation, so that one
// which is repeated is refused as there already, and what is there is got by it, without a listing that lags. A user is
// created as a member of its first organization, or of the default one; who was there before joins it by a step of its
// own, which can be taken back alone. Nobody is mailed unless that was asked for.
#ifndef USHER_BULK_SCALEKIT_TARGET_HPP
#define USHER_BULK_SCALEKIT_TARGET_HPP

#include "bulk/target/service_calls.hpp"

#include <usher/scalekit/client.hpp>
#include <usher/scalekit/types/organizations_organization.hpp>
#include <usher/scalekit/types/users_user.hpp>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace usher::bulk {

class scalekit_target final : public target {
public:
    scalekit_target(boost::asio::any_io_executor executor, const scalekit::client& client, target_options options);

    std::string_view service() const noexcept override { return "scalekit"; }
    boost::asio::awaitable<result<void>> prepare() override;
    boost::asio::awaitable<result<std::string>> instance() override;
    boost::system::result<std::vector<step>, refusal> plan(mapped_record& record) const override;
    boost::asio::awaitable<step_result> perform(step_request request) override;
    boost::asio::awaitable<result<removal>> remove(made_thing what, bool force) override;
    boost::asio::awaitable<result<std::vector<std::optional<user>>>> read_users(std::vector<std::string> ids,
                                                                                bool memberships) override;
    boost::asio::awaitable<result<std::optional<organization>>> read_organization(std::string id) override;
    user expected(const user& at_source) const override;
    organization expected(const organization& at_source) const override;
    void set_organizations(organization_lookup find) override { organizations_ = std::move(find); }
    catalog* known() noexcept override { return known_.get(); }
    const target_counters& counters() const noexcept override { return calls_.counters; }

private:
    using found_user = result<std::optional<scalekit::users_user>>;
    using found_organization = result<std::optional<scalekit::organizations_organization>>;

    /// Where a user goes, and as what.
    struct seat {
        seat() = default;
        std::string organization_id; ///< empty: it is not there
        std::string source_id;
        std::vector<std::string> roles;
        std::map<std::string, std::string, std::less<>> metadata;
    };
    seat seat_of(const membership& wanted) const;
    seat first_seat(const user& who) const;
    /// Nothing: every role is there.
    boost::asio::awaitable<std::optional<step_result>> check_roles(import_step kind, const seat& at);

    // scalekit_organizations.cpp
    boost::asio::awaitable<step_result> create_organization(const step_request& request, const organization& which);
    boost::asio::awaitable<found_organization> find_organization(const std::string& external_id, raw_answer& answer);

    // scalekit_users.cpp
    boost::asio::awaitable<step_result> create_user(const step_request& request, const user& who);
    boost::asio::awaitable<step_result> recognise_user(const user& who, const doubt& in, error why);
    step_result adopt(const scalekit::users_user& found, const doubt& in, const raw_answer& answer);
    boost::asio::awaitable<found_user> find_user(const std::string& external_id, raw_answer& answer);
    boost::asio::awaitable<found_user> find_holder(const std::string& email);

    // scalekit_memberships.cpp
    /// Joins, once the roles are there. `look`: the user may be a member already.
    boost::asio::awaitable<step_result> enter(std::string user_id, seat at, doubt in, bool look);
    boost::asio::awaitable<step_result> join(const std::string& user_id, const seat& at, doubt in);
    boost::asio::awaitable<std::optional<step_result>> recognise_membership(const std::string& user_id, const seat& at,
                                                                            const doubt& in);

    // scalekit_remove.cpp
    boost::asio::awaitable<result<removal>> remove_organization(std::string id);

    service_calls calls_;
    scalekit::client client_;
    std::unique_ptr<catalog> known_;
    organization_lookup organizations_;
    std::set<std::string, std::less<>> roles_;                             ///< of the environment
    std::set<std::pair<std::string, std::string>> roles_of_organizations_; ///< organization, role
};

} // namespace usher::bulk

#endif
