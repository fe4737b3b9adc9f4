// Figures in Prometheus' text format 0.0.4.
#ifndef USHER_CALL_METRIC_TEXT_HPP
#define USHER_CALL_METRIC_TEXT_HPP

#include "call/metric_figures.hpp"

namespace usher::detail {

void write_calls(const all_operations& operations, std::string& out);
void write_engines(const std::map<std::string, engine_counters>& engines, std::string& out);
void write_quotas(const std::map<std::string, quota_usage>& quotas, std::string& out);

} // namespace usher::detail

#endif
