// Values at the edges of what a document allows, and just outside, for every parameter of an operation.
#ifndef USHER_TESTS_CONFORMANCE_EDGES_HPP
#define USHER_TESTS_CONFORMANCE_EDGES_HPP

#include "sample.hpp"

#include <optional>

namespace conformance {

struct edge {
    edge() = default;
    std::string pointer;              ///< into the sample's `params`
    std::optional<json::value> value; ///< nothing: what is there is taken away
    std::vector<std::string> without; ///< members beside it that are taken away too
    bool valid = false;
    bool sendable = false; ///< of the right type, so that a request can carry it when nobody checks
    std::string name;      ///< of the parameter or member, which a refusal has to tell
    std::string why;
};

/// Edges of every operation, in document order; `samples` are those with every parameter.
std::vector<std::vector<edge>> make_edges(const json::value& document, const std::vector<sample>& samples);

/// The sample's parameters with one of them at its edge.
json::object with_edge(const json::object& params, const edge& at);

} // namespace conformance

#endif
