// Quotas out of a file that a person wrote.
#include "schedule/quota_json.hpp"

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <boost/json/parse.hpp>

#include <set>
#include <stdexcept>

namespace usher::fuzz {

void quota_json(std::string_view bytes)
{
    boost::json::error_code failed;
    const auto tree = boost::json::parse(boost::json::string_view(bytes.data(), bytes.size()), failed);
    quota read;
    try {
        read = schedule::parse_quota(bytes);
    } catch (const std::invalid_argument& refused) {
        const std::string_view why = refused.what();
        promise(why.find(": ") != why.npos || why.find("has to be an object") != why.npos ||
                    why.find("there is no member") != why.npos,
                "a refusal names the place");
        promise(failed || !why.starts_with("line "), "what is JSON is not refused as none");
        return;
    }
    promise(!failed && tree.is_object(), "a quota is a JSON object");
    std::set<std::string> names;
    for (const auto& rule : read.rules) {
        promise(!rule.name.empty() && names.insert(rule.name).second, "a rule has a name of its own");
        promise(rule.window.count() > 0, "a window is above zero");
        promise(rule.amount != quota_amount::known || rule.requests > 0, "a known amount is above zero");
        promise(!rule.burst || *rule.burst > 0, "a burst is above zero");
    }
    promise(read.burst > 0 && read.least_spread <= read.most_spread, "a quota is in its bounds");
    promise(schedule::parse_quota(schedule::quota_text(read)) == read, "what is read is the same when written");
}

} // namespace usher::fuzz
