// A source, a target and what is there, all made up.
#ifndef USHER_TESTS_UNIT_CHECK_MADE_UP_HPP
#define USHER_TESTS_UNIT_CHECK_MADE_UP_HPP

#include <usher/bulk/catalog.hpp>
#include <usher/bulk/source.hpp>
#include <usher/bulk/target.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace usher::tests {

namespace asio = boost::asio;
namespace json = boost::json;
using texts = std::vector<std::string>;

/// Records of a source, made when they are asked for.
class made_source final : public bulk::source {
public:
    using make = std::function<json::object(std::uint64_t line)>;
    made_source(std::uint64_t count, make one) : count_(count), one_(std::move(one)) {}

    asio::awaitable<std::optional<bulk::source_record>> next() override
    {
        std::optional<bulk::source_record> record;
        if (line_ < count_) {
            record.emplace();
            record->line = ++line_;
            record->format = bulk::source_format::usher;
            record->fields = one_(line_);
        }
        co_return record;
    }
    void cancel() override { count_ = 0; }
    std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    std::string fingerprint() const override { return {}; }

private:
    std::uint64_t line_ = 0;
    std::uint64_t count_;
    make one_;
};

/// Says what is there, and counts how it is asked.
class made_catalog final : public bulk::catalog {
public:
    asio::awaitable<usher::result<bulk::target_survey>> survey() override
    {
        bulk::target_survey survey;
        survey.users = users;
        survey.organizations = static_cast<std::int64_t>(organizations.size());
        survey.roles = std::set<std::string>{"org:member"};
        co_return survey;
    }
    bool finds_users() const noexcept override { return true; }
    asio::awaitable<usher::result<std::vector<bulk::known_entity>>> find_users(bulk::user_query query) override
    {
        asked.insert(asked.end(), query.source_ids.begin(), query.source_ids.end());
        most_at_once = std::max(most_at_once, query.source_ids.size());
        std::vector<bulk::known_entity> found;
        for (const auto& each : known)
            if (std::find(query.email_addresses.begin(), query.email_addresses.end(), each.email_addresses.at(0)) !=
                query.email_addresses.end())
                found.push_back(each);
        co_return found;
    }
    asio::awaitable<usher::result<void>> list_users(std::function<void(const bulk::known_entity&)> use) override
    {
        listings += 1;
        for (const auto& each : known)
            use(each);
        co_return usher::result<void>();
    }
    asio::awaitable<usher::result<void>> list_organizations(std::function<void(const bulk::known_entity&)> use) override
    {
        for (const auto& each : organizations)
            use(each);
        co_return usher::result<void>();
    }
    std::uint64_t calls() const noexcept override { return 0; }

    std::int64_t users = 0;
    std::vector<bulk::known_entity> known, organizations;
    texts asked;
    std::size_t most_at_once = 0;
    int listings = 0;
};

/// Takes every record: one step to create it, one for each membership. Refuses users whose last name is "No".
class made_target final : public bulk::target {
public:
    std::string_view service() const noexcept override { return "clerk"; }
    asio::awaitable<usher::result<void>> prepare() override { throw std::logic_error("not asked for"); }
    boost::system::result<std::vector<bulk::step>, bulk::refusal> plan(bulk::mapped_record& record) const override
    {
        std::vector<bulk::step> steps{bulk::step(bulk::import_step::create, 0)};
        if (const auto* who = std::get_if<bulk::user>(&record.what)) {
            if (who->last_name == "No")
                return bulk::refusal("invalid_request", "last_name", "no");
            if (who->locale == "xx")
                record.notes.emplace_back("locale", "not here");
            for (std::size_t i = 0; i < who->memberships.size(); ++i)
                steps.emplace_back(bulk::import_step::membership, i);
        }
        return steps;
    }
    asio::awaitable<bulk::step_result> perform(bulk::step_request) override { throw std::logic_error("not asked for"); }
    asio::awaitable<usher::result<bulk::removal>> remove(bulk::made_thing, bool) override
    {
        throw std::logic_error("not asked for");
    }
    asio::awaitable<usher::result<std::vector<std::optional<bulk::user>>>> read_users(std::vector<std::string>,
                                                                                      bool) override
    {
        throw std::logic_error("not asked for");
    }
    asio::awaitable<usher::result<std::optional<bulk::organization>>> read_organization(std::string) override
    {
        throw std::logic_error("not asked for");
    }
    bulk::user expected(const bulk::user& at_source) const override { return at_source; }
    bulk::organization expected(const bulk::organization& at_source) const override { return at_source; }
    void set_organizations(organization_lookup) override {}
    bulk::catalog* known() noexcept override { return &there; }
    const bulk::target_counters& counters() const noexcept override { return counters_; }

    made_catalog there;

private:
    bulk::target_counters counters_;
};

} // namespace usher::tests

#endif
