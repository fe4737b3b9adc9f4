#include "schedule/bucket_pool.hpp"

namespace usher::schedule {
namespace {

// Without a matcher, and for the instance as a whole.
bool concerns_everything(const quota_rule& rule)
{
    return rule.key == quota_key::instance && rule.amount != quota_amount::unlimited && rule.operations.empty() &&
           rule.methods.empty() && rule.paths.empty();
}

} // namespace

bucket_pool::bucket_pool(const rule_table& rules, bool shared) : rules_(rules), shared_(shared)
{
    for (const auto& rule : rules.rules())
        is_common_.push_back(concerns_everything(rule));
    for (std::size_t rule = 0; rule != is_common_.size(); ++rule) {
        if (!is_common_[rule])
            continue;
        draw name;
        name.rule = static_cast<std::uint16_t>(rule);
        find(name, first_spread, time_point());
    }
}

bucket_pool::~bucket_pool()
{
    known_.clear();
    used_.clear();
}

pooled_bucket& bucket_pool::find(const draw& name, duration spread, time_point now)
{
    // Every request comes by here, so this is when the first one did.
    if (!born_ && now != time_point())
        born_ = now;
    const auto found = known_.find(name);
    if (found != known_.end())
        return *found;
    const bool is_record = rules_.rules()[name.rule].key == quota_key::entity;
    pooled_bucket* one = nullptr;
    // One look is enough: what is still in use there is put aside, and the next one is looked at next time.
    if (is_record && !used_.empty()) {
        auto& oldest = used_.front();
        if (oldest.pins == 0 && oldest.place.empty() && oldest.counts.is_idle(now)) {
            known_.erase(known_.iterator_to(oldest));
            one = &oldest;
        }
        touch(oldest);
    }
    if (one == nullptr) {
        buckets_.push_back(std::make_unique<pooled_bucket>());
        one = buckets_.back().get();
        one->index = static_cast<std::uint32_t>(buckets_.size() - 1);
        one->place.bucket = one;
        one->is_common = is_common_[name.rule];
        if (one->is_common)
            common_.push_back(one);
        one->is_kept = !is_record;
        if (is_record)
            used_.push_back(*one);
    }
    one->name = name;
    one->counts.open(rules_.rules()[name.rule], rules_.limits(), one->is_common, shared_, spread, now,
                     born_.value_or(now));
    known_.insert(*one);
    return *one;
}

void bucket_pool::touch(pooled_bucket& one) noexcept
{
    if (one.is_kept)
        return;
    used_.erase(used_.iterator_to(one));
    used_.push_back(one);
}

} // namespace usher::schedule
