// Small documents for tests, and what became of them.
#ifndef USHER_TESTS_CODEGEN_SMALL_HPP
#define USHER_TESTS_CODEGEN_SMALL_HPP

#include "codegen/cpp_types.hpp"
#include "codegen/generate.hpp"

#include <stdexcept>
#include <string>

namespace small {

using namespace usher::codegen;

inline std::string document_text(const std::string& paths, const std::string& schemas,
                                 const std::string& version = "3.0.3")
{
    return R"({"openapi":")" + version + R"(","info":{"version":"1"},"paths":{)" + paths +
           R"(},"components":{"schemas":{)" + schemas + "}}}";
}

/// A model keeps pointers into itself: it is made in place.
struct made {
    made(const std::string& paths, const std::string& schemas, const std::string& own_words = "{}",
         const std::string& version = "3.0.3")
        : doc(document_text(paths, schemas, version)), words_(own_words), result(make_model(doc, words_, "acme"))
    {
    }

    const type& named(const std::string& name) const
    {
        for (const type& each : result.types)
            if (each.name == name)
                return each;
        throw std::runtime_error("no type " + name);
    }
    bool has(const std::string& name) const
    {
        for (const type& each : result.types)
            if (each.name == name)
                return true;
        return false;
    }
    const member& member_of(const std::string& name, const std::string& wire) const
    {
        for (const member& each : named(name).members)
            if (each.wire == wire)
                return each;
        throw std::runtime_error("no member " + wire);
    }
    /// The C++ type of a member.
    std::string cpp(const std::string& name, const std::string& wire) const
    {
        return member_type(named(name), member_of(name, wire));
    }

    document doc;
    words words_;
    model result;
};

inline made of_schemas(const std::string& schemas, const std::string& version = "3.0.3")
{
    return {"", schemas, "{}", version};
}

/// A GET that answers with a schema.
inline std::string get(const std::string& path, const std::string& id, const std::string& schema,
                       const std::string& more = "")
{
    return "\"" + path + R"(":{"get":{"operationId":")" + id + R"(","tags":["things"])" + more +
           R"(,"responses":{"200":{"content":{"application/json":{"schema":)" + schema + "}}}}}}";
}

/// A POST that takes a schema.
inline std::string post(const std::string& path, const std::string& id, const std::string& schema,
                        const std::string& more = "")
{
    return "\"" + path + R"(":{"post":{"operationId":")" + id + R"(","tags":["things"])" + more +
           R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":)" + schema +
           R"(}}},"responses":{"204":{}}}})";
}

} // namespace small

#endif
