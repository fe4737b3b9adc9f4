// The words for a plan, and for what a comparison found.
#ifndef USHER_CLI_PLAN_TEXT_HPP
#define USHER_CLI_PLAN_TEXT_HPP

#include <usher/bulk/plan.hpp>
#include <usher/bulk/verify.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace usher::cli {

struct plan_view {
    plan_view() = default;
    bulk::plan_result result;
    std::vector<std::string> remarks; ///< about the source as a whole
    std::string from;                 ///< a file's format; empty: a live instance
    bool asked_target = false;
    bool has_key = true;
    double requests_per_second = 0; ///< 0: not known
};

std::string plan_text(const plan_view& plan);
boost::json::object plan_json(const plan_view& plan);
std::string finding_text(const bulk::plan_finding& what);
boost::json::object finding_json(const bulk::plan_finding& what);

std::string difference_text(const bulk::difference& what);
boost::json::object difference_json(const bulk::difference& what);
std::string verify_text(const bulk::verify_counters& counters);
boost::json::object verify_json(const bulk::verify_counters& counters);

} // namespace usher::cli

#endif
