// A target whose removals can be stopped, and are counted.
#ifndef USHER_CLI_STOPPABLE_TARGET_HPP
#define USHER_CLI_STOPPABLE_TARGET_HPP

#include <usher/bulk/target.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::cli {

struct stopped_by_signal : std::exception {
    const char* what() const noexcept override { return "stopped"; }
};

/// A target that counts what is removed from it, and removes no more once it is told so.
class stoppable_target final : public bulk::target {
public:
    explicit stoppable_target(bulk::target& to) : to_(to) {}

    std::string_view service() const noexcept override { return to_.service(); }
    boost::asio::awaitable<result<void>> prepare() override { return to_.prepare(); }
    boost::asio::awaitable<result<std::string>> instance() override { return to_.instance(); }
    boost::system::result<std::vector<bulk::step>, bulk::refusal> plan(bulk::mapped_record& record) const override
    {
        return to_.plan(record);
    }
    boost::asio::awaitable<bulk::step_result> perform(bulk::step_request request) override
    {
        return to_.perform(std::move(request));
    }
    boost::asio::awaitable<result<bulk::removal>> remove(bulk::made_thing what, bool force) override
    {
        if (stopping)
            throw stopped_by_signal();
        in_flight += 1;
        const bool is_organization = what.of == bulk::entity_kind::organization;
        const auto entity_id = what.entity_id;
        auto removed = co_await to_.remove(std::move(what), force);
        in_flight -= 1;
        asked += 1;
        if (removed && *removed == bulk::removal::in_use)
            (is_organization ? organizations_in_use : users_in_use) += 1;
        (removed && *removed != bulk::removal::in_use ? gone : kept) += 1;
        if (removed && *removed == bulk::removal::in_use && on_kept)
            on_kept(is_organization, entity_id);
        co_return std::move(removed);
    }
    boost::asio::awaitable<result<std::vector<std::optional<bulk::user>>>> read_users(std::vector<std::string> ids,
                                                                                      bool with_memberships) override
    {
        return to_.read_users(std::move(ids), with_memberships);
    }
    boost::asio::awaitable<result<std::optional<bulk::organization>>> read_organization(std::string id) override
    {
        return to_.read_organization(std::move(id));
    }
    bulk::user expected(const bulk::user& at_source) const override { return to_.expected(at_source); }
    bulk::organization expected(const bulk::organization& at_source) const override { return to_.expected(at_source); }
    void set_organizations(organization_lookup find) override { to_.set_organizations(std::move(find)); }
    bulk::catalog* known() noexcept override { return to_.known(); }
    const bulk::target_counters& counters() const noexcept override { return to_.counters(); }

    std::function<void(bool is_organization, const std::string& id)> on_kept;
    std::uint64_t in_flight = 0;
    std::uint64_t asked = 0;
    std::uint64_t gone = 0;
    std::uint64_t kept = 0;
    std::uint64_t users_in_use = 0;
    std::uint64_t organizations_in_use = 0;
    bool stopping = false;

private:
    bulk::target& to_;
};

} // namespace usher::cli

#endif
