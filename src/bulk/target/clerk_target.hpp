// Clerk as a target.
//
// Vocabulary. What is *taken* is there already, ours or somebody else's. A step is in *doubt* when an attempt at it
// ended without saying what became of it. A *look* asks what is there; listings lag, a get by id or slug does not.
// Invariants. Only what carries the source's id is adopted: a user as its `external_id`, an organization in the marker
// of its `private_metadata`. Both are sent with the creation, so that a creation which is repeated is refused as taken:
// that is the proof, a listing that shows nothing is none before `longest_lag` is over. Organizations without slugs are
// not refused: while slugs are not known to be there, none is sent twice before that.
#ifndef USHER_BULK_CLERK_TARGET_HPP
#define USHER_BULK_CLERK_TARGET_HPP

#include "bulk/target/service_calls.hpp"

#include <usher/clerk/client.hpp>
#include <usher/clerk/types/organization.hpp>
#include <usher/clerk/types/organization_membership.hpp>
#include <usher/clerk/types/user.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace usher::bulk {

class clerk_target final : public target {
public:
    clerk_target(boost::asio::any_io_executor executor, const clerk::client& client, target_options options);

    std::string_view service() const noexcept override { return "clerk"; }
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
    /// An organization has no slug only where the instance has none: otherwise one is made.
    bool tells_slug(const organization& found) const override { return !found.slug.empty(); }
    void set_organizations(organization_lookup find) override { organizations_ = std::move(find); }
    catalog* known() noexcept override { return known_.get(); }
    const target_counters& counters() const noexcept override { return calls_.counters; }

private:
    using found_user = result<std::optional<clerk::user>>;
    using found_organization = result<std::optional<clerk::organization>>;
    using found_membership = result<std::optional<clerk::organization_membership>>;

    // Users: clerk_users.cpp
    boost::asio::awaitable<step_result> create_user(const step_request& request, const user& who);
    boost::asio::awaitable<step_result> recognise_user(const user& who, const doubt& in, error why);
    boost::asio::awaitable<step_result> look_for_lost(const user& who, const doubt& in, error why);
    boost::asio::awaitable<found_user> find_user(const std::string& external_id, raw_answer& answer);
    boost::asio::awaitable<found_user> find_holder(const user& who, const std::string& member);
    step_result adopt(const user& who, const clerk::user& found, const doubt& in, const raw_answer& answer);

    // Their addresses and numbers, ban and lock: clerk_steps.cpp
    boost::asio::awaitable<step_result> add_identifier(const step_request& request, const std::string& value);
    boost::asio::awaitable<result<std::string>> send_identifier(import_step kind, const std::string& user_id,
                                                                const std::string& value);
    boost::asio::awaitable<step_result> set_state(const step_request& request);

    // Organizations: clerk_organizations.cpp, and where they have no slugs: clerk_unnamed.cpp
    boost::asio::awaitable<step_result> create_organization(const step_request& request, const organization& which);
    boost::asio::awaitable<std::optional<step_result>> try_slug(const organization& which, const std::string& slug,
                                                                doubt& in);
    boost::asio::awaitable<std::optional<step_result>> learn_slugs(const organization& which, const doubt& in);
    boost::asio::awaitable<step_result> create_unnamed(const organization& which, doubt& in);
    boost::asio::awaitable<step_result> complete(const organization& which, clerk::organization made);
    void learn_from(const clerk::organization& made) noexcept;
    boost::asio::awaitable<step_result> adopt(const organization& which, clerk::organization found, const doubt& in,
                                              const raw_answer& answer);
    boost::asio::awaitable<found_organization> find_by_slug(const std::string& slug, raw_answer& answer);
    boost::asio::awaitable<found_organization> find_by_marker(const organization& which, raw_answer& answer);
    boost::asio::awaitable<std::optional<step_result>> look_for_marker(const organization& which, const doubt& in,
                                                                       bool slugs_would_tell);
    boost::asio::awaitable<step_result> take_from_first_part(const organization& which, const doubt& in);
    boost::asio::awaitable<std::optional<step_result>> find_lost(const organization& which,
                                                                 const std::vector<std::string>& slugs_of_it,
                                                                 const doubt& in);

    // Memberships: clerk_memberships.cpp
    boost::asio::awaitable<step_result> join(const step_request& request, const membership& wanted);
    boost::asio::awaitable<step_result> recognise_membership(const step_request& request, const membership& wanted,
                                                             const std::string& organization_id, const doubt& in,
                                                             bool refused);
    boost::asio::awaitable<found_membership> find_membership(const std::string& organization_id,
                                                             const std::string& user_id, raw_answer& answer);
    std::string role_of(const membership& wanted) const;

    // Taking back: clerk_remove.cpp
    boost::asio::awaitable<result<removal>> remove_organization(std::string id);
    boost::asio::awaitable<result<removal>> remove_step(const made_thing& what);

    // Reading: clerk_read.cpp
    boost::asio::awaitable<result<void>> read_memberships(const std::string& user_id, user& into);

    service_calls calls_;
    clerk::client client_;
    std::unique_ptr<catalog> known_;
    organization_lookup organizations_;
    std::optional<std::string> instance_; ///< empty: the key may not ask
    enum class slugs : std::uint8_t { not_known, enabled, disabled };
    slugs slugs_ = slugs::not_known; ///< learned from the first organization that is created
};

} // namespace usher::bulk

#endif
