#include <usher/metrics.hpp>

#include "call/metric_figures.hpp"
#include "call/metric_text.hpp"

#include <ostream>

namespace usher {

using detail::status_class;

metrics::metrics() : figures_(std::make_unique<figures>()) {}

metrics::~metrics() = default;

void metrics::on_attempt(const attempt_event& event) noexcept
try {
    using std::chrono::nanoseconds;
    const std::lock_guard guard(figures_->lock);
    auto& of = figures_->of(event.service, event.operation);
    if (!event.was_admitted()) {
        // It waited all the same.
        of.admission.add(event.breaker + event.admission);
        return;
    }
    ++of.attempts[static_cast<std::size_t>(detail::class_of(event.status))];
    of.retries += event.will_retry ? 1 : 0;
    of.hedges += event.is_hedge ? 1 : 0;
    of.rate_limited += event.status == 429 ? 1 : 0;
    of.bytes_sent += event.bytes_sent;
    of.bytes_received += event.bytes_received;
    of.admission.add(event.breaker + event.admission);
    of.pool.add(event.pool);
    if (event.handshake > nanoseconds::zero())
        of.handshake.add(event.handshake);
    if (event.first_byte > nanoseconds::zero())
        of.first_byte.add(event.first_byte);
    if (event.exchange > nanoseconds::zero())
        of.exchange.add(event.exchange);
    if (event.will_retry && event.backoff > nanoseconds::zero())
        of.backoff.add(event.backoff);
} catch (...) {
    // Without memory for a new operation there are no figures of it.
}

void metrics::on_call(const call_event& event) noexcept
try {
    const std::lock_guard guard(figures_->lock);
    auto& of = figures_->of(event.service, event.operation);
    const auto kind = event.failure != nullptr ? event.failure->kind() : error_kind::none;
    ++of.calls[std::min(static_cast<std::size_t>(kind), of.calls.size() - 1)];
    of.reconciled += event.reconciled ? 1 : 0;
    of.duration.add(event.duration);
} catch (...) {
    // As above.
}

void metrics::look(const engine& of, std::string_view name)
{
    const auto counters = of.counters();
    const std::lock_guard guard(figures_->lock);
    figures_->engines.insert_or_assign(std::string(name), counters);
}

void metrics::look(const basic_client& of, std::string_view name)
{
    auto usage = of.usage();
    const std::lock_guard guard(figures_->lock);
    figures_->quotas.insert_or_assign(std::string(name), std::move(usage));
}

void metrics::write_prometheus(std::string& out) const
{
    const std::lock_guard guard(figures_->lock);
    detail::write_calls(figures_->operations, out);
    detail::write_engines(figures_->engines, out);
    detail::write_quotas(figures_->quotas, out);
}

void metrics::write_prometheus(std::ostream& out) const
{
    std::string text;
    write_prometheus(text);
    out << text;
}

} // namespace usher
