// A source, a target and a journal that are told what to do, and say what was done in which order.
#ifndef USHER_TESTS_UNIT_JOB_FAKES_HPP
#define USHER_TESTS_UNIT_JOB_FAKES_HPP

#include <usher/bulk/import.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace usher::tests {

using diary = std::vector<std::string>;

/// Records of the format that this library writes.
bulk::source_record user_record(const std::string& id, std::uint64_t line, int organizations = 0);
bulk::source_record organization_record(const std::string& id, std::uint64_t line);

class listed_source final : public bulk::source {
public:
    explicit listed_source(std::vector<bulk::source_record> all) : all_(std::move(all)) {}
    boost::asio::awaitable<std::optional<bulk::source_record>> next() override;
    void cancel() override { cancelled = true; }
    std::optional<std::uint64_t> size() const noexcept override { return all_.size(); }
    std::string fingerprint() const override { return {}; }

    bool cancelled = false;
    std::size_t taken = 0;
    std::size_t breaks_after = ~std::size_t{0}; ///< records, then `next` throws

private:
    std::vector<bulk::source_record> all_;
};

class told_target final : public bulk::target {
public:
    told_target(boost::asio::any_io_executor executor, diary& to) : executor_(std::move(executor)), diary_(to) {}
    std::string_view service() const noexcept override { return "told"; }
    boost::asio::awaitable<result<void>> prepare() override;
    boost::system::result<std::vector<bulk::step>, bulk::refusal> plan(bulk::mapped_record& record) const override;
    boost::asio::awaitable<bulk::step_result> perform(bulk::step_request request) override;
    boost::asio::awaitable<result<bulk::removal>> remove(bulk::made_thing what, bool force) override;
    boost::asio::awaitable<result<std::vector<std::optional<bulk::user>>>> read_users(std::vector<std::string> ids,
                                                                                      bool memberships) override;
    boost::asio::awaitable<result<std::optional<bulk::organization>>> read_organization(std::string id) override;
    bulk::user expected(const bulk::user& at_source) const override { return at_source; }
    bulk::organization expected(const bulk::organization& at_source) const override { return at_source; }
    void set_organizations(organization_lookup find) override { find_ = std::move(find); }
    const bulk::target_counters& counters() const noexcept override { return counters_; }

    bool first_comes_along = false; ///< the first membership of a user, with its creation
    /// What a step ends with; unset: done.
    std::function<void(const bulk::step_request&, bulk::step_result&)> ends;
    std::optional<error> not_ready;
    std::size_t underway = 0;
    std::size_t most_underway = 0;

private:
    boost::asio::any_io_executor executor_;
    diary& diary_;
    organization_lookup find_;
    bulk::target_counters counters_;
};

/// Forgets at its end; until then as a journal should be.
class told_journal final : public bulk::journal {
public:
    told_journal(boost::asio::any_io_executor executor, diary& to) : executor_(std::move(executor)), diary_(to) {}
    boost::asio::awaitable<bulk::begun_record> begin_record(bulk::record_intent intent) override;
    boost::asio::awaitable<void> begin_step(std::uint64_t number, std::uint16_t step) override;
    void end_step(bulk::step_outcome outcome) override;
    void bury(std::uint64_t number, std::optional<bulk::entity_kind> kind, const bulk::source_record& record,
              const bulk::import_failure& failure) override;
    void settle(std::uint64_t line) override;
    void add_note(const bulk::note& what, std::string_view source_id) override;
    void add_sample(bulk::journal_time, std::string) override {}
    boost::asio::awaitable<void> flush() override;
    std::optional<bulk::journal_entry> find(bulk::entity_kind kind, std::string_view source_id) override;
    std::optional<std::string> setting(std::string_view) override { return std::nullopt; }
    void set_setting(std::string_view, std::string_view) override {}

    std::vector<bulk::journal_entry> entries; ///< number n is at n - 1
    std::size_t full_after = ~std::size_t{0}; ///< begins, then writing fails

private:
    boost::asio::awaitable<void> written(std::string what);

    boost::asio::any_io_executor executor_;
    diary& diary_;
    std::size_t begins_ = 0;
};

} // namespace usher::tests

#endif
