#pragma once

#include "client.hpp"
#include "conform.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace sandbox_test {

// Watches the answers that a service gives while tests work with it: one that means success must fit the document, and
// which operations gave one is remembered.
class tour {
public:
    static tour& of(const std::string& document_name);

    void watch(client& who);
    [[nodiscard]] std::vector<std::string> missing() const; // operations that never succeeded

private:
    explicit tour(const std::string& document_name);
    void see(const std::string& method, const std::string& path, const answer& got);

    document api_;
    std::vector<document::operation> operations_;
    std::set<std::string> answered_;
};

} // namespace sandbox_test
