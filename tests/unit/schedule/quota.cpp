// Clerk's table, held against every operation of its document.
#include "schedule/rule_table.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using usher::quota;
using usher::quota_amount;
using usher::quota_key;
using usher::detail::operation_info;
using usher::detail::path_parameter;
using usher::schedule::draw_list;
using usher::schedule::rule_table;

namespace {

/// What a document says of its operations, without generated code.
class documented {
public:
    explicit documented(const std::string& name)
    {
        std::ifstream file(USHER_SOURCE_DIR "/src/spec/" + name + ".openapi.json");
        const auto document = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
        for (const auto& path : document.at("paths").as_object())
            for (const auto& method : path.value().as_object())
                if (const auto* id = method.value().as_object().if_contains("operationId"))
                    add(std::string(id->as_string()), std::string(method.key()), std::string(path.key()));
    }

    void add(const std::string& id, std::string method, const std::string& path)
    {
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        auto& parameters = parameters_.emplace_back();
        for (auto brace = path.find('{'); brace != std::string::npos; brace = path.find('{', brace + 1))
            parameters.push_back({keep(path.substr(brace + 1, path.find('}', brace) - brace - 1)), nullptr});
        operation_info operation{};
        operation.id = keep(id);
        operation.method = keep(method);
        operation.path = keep(path);
        operation.path_parameters = parameters;
        operation.index = static_cast<std::uint16_t>(all_.size());
        all_.push_back(&operations_.emplace_back(operation));
    }

    const std::vector<const operation_info*>& all() const { return all_; }
    const operation_info& operator[](std::string_view id) const
    {
        const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto* one) { return one->id == id; });
        if (found == all_.end())
            throw std::out_of_range("no operation " + std::string(id));
        return **found;
    }

private:
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    std::deque<std::string> texts_;
    std::deque<std::vector<path_parameter>> parameters_;
    std::deque<operation_info> operations_;
    std::vector<const operation_info*> all_;
};

struct clerk {
    documented document{"clerk-backend"};
    rule_table table{quota::clerk_production(), document.all()};

    draw_list draws(std::string_view id, const std::vector<std::string_view>& path) const
    {
        const auto& operation = document[id];
        BOOST_REQUIRE_EQUAL(operation.path_parameters.size(), path.size());
        return table.draws(operation.index, path);
    }
    /// By names: what an operation draws on beside the instance.
    std::set<std::string> limits_of(const operation_info& operation) const
    {
        const std::vector<std::string_view> path(operation.path_parameters.size(), "x");
        std::set<std::string> names;
        for (const auto& one : table.draws(operation.index, path))
            names.insert(table.rules()[one.rule].name);
        return names;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(quotas)

BOOST_FIXTURE_TEST_CASE(each_row_of_clerks_table_limits_its_operations_and_no_other, clerk)
{
    const std::map<std::string_view, std::string> rows = {
        {"CreateInvitation", "invitations"},
        {"CreateBulkInvitations", "bulk invitations"},
        {"CreateOrganizationInvitation", "organization invitations"},
        {"CreateOrganizationInvitationBulk", "bulk organization invitations"},
        {"UpdateUser", "user"},
        {"UpdateUserMetadata", "user"},
        {"UpdateOrganization", "organization"},
        {"MergeOrganizationMetadata", "organization"},
        {"UpdateOrganizationMembership", "membership"},
        {"UpdateOrganizationMembershipMetadata", "membership"},
    };
    BOOST_REQUIRE_EQUAL(document.all().size(), 206U);
    std::size_t limited = 0;
    for (const auto* operation : document.all()) {
        std::set<std::string> expected = {"instance"};
        if (const auto row = rows.find(operation->id); row != rows.end()) {
            expected.insert(row->second);
            ++limited;
        }
        if (operation->id == "GetJWKS")
            expected.clear();
        BOOST_TEST(limits_of(*operation) == expected, operation->id);
    }
    BOOST_TEST(limited == rows.size());
}

BOOST_AUTO_TEST_CASE(clerks_amounts_are_the_documented_ones)
{
    struct row {
        std::string name;
        std::uint32_t requests;
        std::chrono::milliseconds window;
        quota_key key;
    };
    const std::vector<row> rows = {
        {"instance", 1000, 10s, quota_key::instance},
        {"invitations", 100, 1h, quota_key::instance},
        {"bulk invitations", 25, 1h, quota_key::instance},
        {"organization invitations", 250, 1h, quota_key::instance},
        {"bulk organization invitations", 50, 1h, quota_key::instance},
        {"user", 10, 10s, quota_key::entity},
        {"organization", 10, 10s, quota_key::entity},
        {"membership", 10, 10s, quota_key::entity},
    };
    auto rules = quota::clerk_production().rules;
    std::erase_if(rules, [](const auto& rule) { return rule.amount == quota_amount::unlimited; });
    BOOST_REQUIRE_EQUAL(rules.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        BOOST_TEST(rules[i].name == rows[i].name);
        BOOST_TEST(rules[i].requests == rows[i].requests, rows[i].name);
        BOOST_TEST((rules[i].window == rows[i].window), rows[i].name);
        BOOST_TEST((rules[i].key == rows[i].key), rows[i].name);
        BOOST_TEST((rules[i].amount == quota_amount::known), rows[i].name);
    }
    BOOST_TEST(quota::clerk_development().rules.front().requests == 100U);
    BOOST_TEST((quota::clerk_development().rules.front().window == 10s));
    BOOST_CHECK(quota::clerk(1000, 10s) == quota::clerk_production());
    BOOST_CHECK(quota::clerk(100, 10s) == quota::clerk_development());
}

BOOST_FIXTURE_TEST_CASE(all_changes_of_one_user_share_a_limit_and_users_do_not, clerk)
{
    BOOST_CHECK(draws("UpdateUser", {"user_1"})[1] == draws("UpdateUserMetadata", {"user_1"})[1]);
    BOOST_CHECK(draws("UpdateUser", {"user_1"})[1] != draws("UpdateUser", {"user_2"})[1]);
    BOOST_CHECK(draws("UpdateUser", {"user_1"})[0] == draws("UpdateUser", {"user_2"})[0]);
}

BOOST_FIXTURE_TEST_CASE(all_changes_of_one_organization_share_a_limit_beside_those_of_its_members, clerk)
{
    BOOST_CHECK(draws("UpdateOrganization", {"org_1"})[1] == draws("MergeOrganizationMetadata", {"org_1"})[1]);
    BOOST_CHECK(draws("UpdateOrganization", {"org_1"})[1] != draws("UpdateOrganization", {"org_2"})[1]);
    BOOST_CHECK(draws("UpdateOrganization", {"org_1"})[1] !=
                draws("UpdateOrganizationMembership", {"org_1", "user_1"})[1]);
}

BOOST_FIXTURE_TEST_CASE(a_membership_is_named_by_its_organization_and_its_user, clerk)
{
    const auto one = draws("UpdateOrganizationMembership", {"org_1", "user_1"})[1];
    BOOST_CHECK(one == draws("UpdateOrganizationMembershipMetadata", {"org_1", "user_1"})[1]);
    BOOST_CHECK(one != draws("UpdateOrganizationMembership", {"org_1", "user_2"})[1]);
    BOOST_CHECK(one != draws("UpdateOrganizationMembership", {"org_2", "user_1"})[1]);
}

BOOST_FIXTURE_TEST_CASE(invitations_to_all_organizations_share_a_limit, clerk)
{
    BOOST_CHECK(draws("CreateOrganizationInvitation", {"org_1"})[1] ==
                draws("CreateOrganizationInvitation", {"org_2"})[1]);
    BOOST_CHECK(draws("CreateOrganizationInvitation", {"org_1"})[1] !=
                draws("CreateOrganizationInvitationBulk", {"org_1"})[1]);
}

BOOST_FIXTURE_TEST_CASE(replacing_metadata_counts_as_changing_it, clerk)
{
    document.add("ReplaceUserMetadata", "put", "/users/{user_id}/metadata");
    document.add("ReplaceOrganizationMetadata", "put", "/organizations/{organization_id}/metadata");
    document.add("ReplaceMembershipMetadata", "put", "/organizations/{organization_id}/memberships/{user_id}/metadata");
    table = rule_table(quota::clerk_production(), document.all());
    BOOST_CHECK(draws("ReplaceUserMetadata", {"user_1"})[1] == draws("UpdateUser", {"user_1"})[1]);
    BOOST_CHECK(draws("ReplaceOrganizationMetadata", {"org_1"})[1] == draws("UpdateOrganization", {"org_1"})[1]);
    BOOST_CHECK(draws("ReplaceMembershipMetadata", {"org_1", "user_1"})[1] ==
                draws("UpdateOrganizationMembership", {"org_1", "user_1"})[1]);
}

BOOST_AUTO_TEST_CASE(a_limit_that_nobody_publishes_is_one_for_the_instance_and_to_be_learned)
{
    for (const auto* name : {"scalekit", "clerk-platform"}) {
        const documented document(name);
        const rule_table table(quota::unknown(), document.all());
        BOOST_REQUIRE_EQUAL(table.rules().size(), 1U);
        BOOST_TEST((table.rules().front().amount == quota_amount::unknown));
        BOOST_TEST((table.rules().front().window == 1min));
        BOOST_TEST(document.all().size() > 40U);
        for (const auto* operation : document.all()) {
            const std::vector<std::string_view> path(operation->path_parameters.size(), "x");
            BOOST_TEST(table.draws(operation->index, path).size() == 1U, operation->id);
        }
    }
    BOOST_TEST(!quota::unknown().is_unlimited());
    BOOST_TEST(quota::unlimited().is_unlimited());
    BOOST_TEST(!quota::clerk_development().is_unlimited());
}

BOOST_AUTO_TEST_SUITE_END()
