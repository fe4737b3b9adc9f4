#pragma once

#include "sandbox/reply.hpp"
#include "sandbox/schema.hpp"
#include "usher/sandbox.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace usher::sandbox {

struct context;
using rule = void (*)(context&);

struct parameter {
    enum class place : std::uint8_t { path, query, header };

    std::string name;
    place in = place::query;
    bool required = false;
    bool explode = true; // an array as repeated keys; otherwise as one value with commas
    bool allow_empty = false;
    const schema* of = nullptr;
};

// What an operation does to the resources, read off its path and answer.
enum class action : std::uint8_t {
    list,
    count,
    create,
    create_many,
    get,
    update,
    remove,       // of a collection "/things" or of its elements "/things/{}"
    element_verb, // POST, PATCH, PUT or DELETE "/things/{}/verb": changes the element
    element_view, // something that belongs to an element: "/things/{}/settings"
    singleton,    // "/instance": there is one, and it can be changed
    nothing       // leaves no trace
};

struct operation {
    std::string id, method, path;
    service of = service::clerk;
    std::vector<parameter> parameters;
    bool has_body = false;
    bool body_required = false;
    const schema* body = nullptr; // application/json
    const schema* multipart = nullptr;
    bool octets = false; // application/octet-stream
    bool open = false;   // needs no credentials
    int status = 200;
    const schema* answer = nullptr; // none: an answer without a body

    action act = action::nothing;
    std::string collection;  // template of the collection: "/organizations/{}/memberships"
    std::string verb;        // the literals after the element
    std::size_t parents = 0; // captures that belong to the collection's path
    std::string form;        // the path as a template: "/users/{}/ban"
    rule special = nullptr;  // what the service does beyond the shape of the path
    builtin page = builtin::none;

    [[nodiscard]] const parameter* find(std::string_view name, parameter::place in) const;
};

// One document: its operations, and the schemas they point into.
class api {
public:
    // Errors: std::invalid_argument, std::system_error for a document that is not understood.
    api(service of, std::string_view document);

    [[nodiscard]] const std::vector<std::unique_ptr<operation>>& operations() const { return operations_; }

private:
    void read_parameter(operation& to, const json::value& from, const std::string& where);
    void read_body(operation& to, const json::value& from, const std::string& where);
    void read_answer(operation& to, const json::object& responses, const std::string& where);

    json::value document_;
    schema_set schemas_;
    std::vector<std::unique_ptr<operation>> operations_;
};

// Finds out what each operation does; looks at all of them, since "/things" is a collection because "/things/{id}"
// exists.
void classify(std::vector<std::unique_ptr<operation>>& operations);

// "/users/{user_id}/ban" → "/users/{}/ban"
std::string path_template(std::string_view path);

// The array member of an answer that lists, or nullptr; `name` is empty when the answer itself is the array.
const schema* listed_items(const schema* answer, std::string& name);

} // namespace usher::sandbox
