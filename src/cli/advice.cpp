#include "cli/advice.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace usher::cli {

std::string advice_for(std::string_view code)
{
    if (code == "firebase_parameters_missing")
        return "--firebase-hash FILE gives the parameters";
    if (code == "no_organization")
        return "--default-organization ID takes users of no organization in";
    if (code == "role_unknown")
        return "--role FROM=TO names the target's role for one of the source";
    return {};
}

std::string wrong_format_advice(std::string_view from)
{
    return "no record could be read: is it really --from " + std::string(from) + "?";
}

std::vector<std::string> advice_for(const job_status& status)
{
    std::vector<std::string> all;
    for (const auto& kind : status.failures)
        if (const auto advice = advice_for(kind.code); !advice.empty())
            all.push_back("about " + detail::one_line(kind.code) + ": " + advice +
                          "; a job keeps its options, so begin another one (--job)");
    const bool nothing_read = status.totals.records.empty() && status.failures.size() == 1 &&
                              status.failures.front().code == "unreadable_record";
    if (nothing_read && status.settings.source.format)
        all.push_back(wrong_format_advice(to_string(*status.settings.source.format)) + " If not, begin another job");
    return all;
}

} // namespace usher::cli
