#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace sandbox_test {

namespace json = boost::json;

// A second reading of the API document, straight from its JSON, that shares nothing with the sandbox: what it says
// about a value is a check of what the sandbox made.
class document {
public:
    explicit document(const std::string& path);

    struct operation {
        std::string id, method, path;
        const json::object* source = nullptr;
        const json::value* answer = nullptr; // schema of the first 2xx answer's JSON
        int status = 0;
    };
    [[nodiscard]] std::vector<operation> operations() const;

    // What is wrong with the value; empty when it fits. `tolerant`: unknown members, enum texts and union members pass.
    [[nodiscard]] std::string mismatch(const json::value& value, const json::value& schema, bool tolerant,
                                       const std::string& where = "") const;

    // What a whole answer of a kind lacks: a member of the schema that is not set ("full"), or one that is set though
    // it need not be ("required"), or one that is set though it may be null ("nulls").
    enum class wanted { full, required, nulls };
    [[nodiscard]] std::string lack(const json::value& value, const json::value& schema, wanted what,
                                   const std::string& where = "") const;

    // A request that the document allows: with every parameter and member, or with the required ones only.
    struct request {
        std::string target, body, content_type;
    };
    [[nodiscard]] request make_request(const operation& of, bool everything) const;

private:
    [[nodiscard]] const json::object& resolve(const json::value& schema) const;
    [[nodiscard]] json::object members(const json::object& schema) const; // with those of allOf
    [[nodiscard]] std::vector<std::string> required(const json::object& schema) const;
    [[nodiscard]] std::string mismatch_object(const json::object& value, const json::object& schema, bool tolerant,
                                              const std::string& where) const;
    [[nodiscard]] json::value make(const json::value& schema, bool everything) const;

    json::value root_;
};

} // namespace sandbox_test
