#include "soak/load.hpp"

#include <usher/clerk/users.hpp>

#include <algorithm>
#include <cstdio>
#include <unordered_set>

namespace soak {

asio::awaitable<void> load::check_records(std::uint64_t users_of_service, verdicts& into)
{
    std::unordered_set<std::string> ids;
    std::unordered_set<std::string> external;
    std::uint64_t strangers = 0;
    const std::unordered_set<std::string> live(records_.live.begin(), records_.live.end());
    const std::unordered_set<std::string> unsure(records_.unsure.begin(), records_.unsure.end());
    const std::unordered_set<std::string> leaving(records_.leaving.begin(), records_.leaving.end());
    usher::clerk::get_user_list_params params;
    params.limit = 100;
    auto users = clients_[0].users().list_pages(params);
    for (;;) {
        auto user = co_await users.next_item();
        if (!user) {
            into.check(false, "the records can be listed: " + user.error().message());
            co_return;
        }
        if (!user->has_value())
            break;
        const auto& one = **user;
        ids.insert(one.id);
        const auto outer = one.external_id.has_value() ? one.external_id.value() : std::string();
        external.insert(outer);
        strangers += live.contains(one.id) || leaving.contains(one.id) || unsure.contains(outer) ? 0 : 1;
    }
    const auto there = [](const auto& names, const auto& among) {
        return std::count_if(names.begin(), names.end(), [&among](const auto& name) { return among.contains(name); });
    };
    const auto all_live = static_cast<std::size_t>(there(live, ids));
    std::printf("records: %zu known, %zu creations of unknown outcome (%td took effect), %zu deletions of unknown "
                "outcome (%td did not take effect)\n",
                live.size(), unsure.size(), there(unsure, external), leaving.size(), there(leaving, ids));
    if (lists_) {
        for (const auto& one : unsure)
            std::printf("  created or not: %s %s\n", one.c_str(), external.contains(one) ? "(there)" : "(not there)");
        for (const auto& one : leaving)
            std::printf("  deleted or not: %s %s\n", one.c_str(), ids.contains(one) ? "(there)" : "(not there)");
    }
    into.check(ids.size() == users_of_service, "the listing shows each record once: " + std::to_string(ids.size()) +
                                                   " of " + std::to_string(users_of_service));
    into.check(all_live == live.size(), "every record that was created is there: " + std::to_string(all_live) + " of " +
                                            std::to_string(live.size()));
    into.check(strangers == 0,
               "every other one is among those of unknown outcome: " + std::to_string(strangers) + " are not");
}

} // namespace soak
