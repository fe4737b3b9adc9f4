// Edges of single values.
#ifndef USHER_TESTS_CONFORMANCE_EDGE_LIST_HPP
#define USHER_TESTS_CONFORMANCE_EDGE_LIST_HPP

#include "edges.hpp"

namespace conformance {

/// Collects edges. A *good* value has to be accepted, a *bad* one refused, a *mistyped* one can't even be sent.
class edge_list {
public:
    void good(const std::string& at, json::value value, std::string why);
    void bad(const std::string& at, json::value value, std::string why);
    void add(const std::string& pointer, std::optional<json::value> value, bool valid, bool sendable, std::string why);
    void mistyped(const std::string& at, json::value value, std::string why);
    static bool flag(const json::object& schema, const char* key);
    void numbers(const json::object& schema, const std::string& at);
    void bound(const json::object& schema, const std::string& at, const char* key, const char* exclusive, int outward);
    void texts(const json::object& schema, const std::string& at, const json::value& sample, bool in_path);
    void patterns(const std::string& pattern, const std::string& at, const std::string& sample);
    void formats(const std::string& format, const std::string& at);

    std::vector<edge> made;
};

} // namespace conformance

#endif
