// From paths to the operations of the model.
#ifndef USHER_CODEGEN_OPERATION_BUILDER_HPP
#define USHER_CODEGEN_OPERATION_BUILDER_HPP

#include "document.hpp"
#include "model.hpp"
#include "type_builder.hpp"
#include "words.hpp"

#include <map>
#include <string>
#include <vector>

namespace usher::codegen {

/// Rules.
/// - Query, header and body members of an operation are the members of one parameters type; parts of the path are
///   arguments of the function, as texts.
/// - A body that is an object with named members gives each of them to the parameters type, whether the schema has a
///   name or not; any other body is one member `body`.
/// - Of several kinds of body JSON is taken, else a form with parts (`multipart/form-data`), else plain bytes.
/// - The answer is the one of the documented success status; several are refused unless they are the same.
class operation_builder {
public:
    operation_builder(const document& doc, const words& own_words, model& target);

    /// Builds all types and operations. *Errors*: `refused`.
    void run();

private:
    struct entry {
        std::string method;
        std::string path;
        node item;
        node own;
        std::string id;
        std::string stem; ///< the id without the name of its service
        std::string group;
        std::string wanted;
    };

    void find_operations();
    void name_groups();
    void build(const entry& from, std::size_t index);
    void add_path(const entry& from, operation& own, const std::vector<node>& parameters);
    void add_query(operation& own, const std::vector<node>& parameters, const spot& where, name_scope& names);
    void add_body(const entry& from, operation& own, const spot& where, name_scope& names);
    void add_result(const entry& from, operation& own, const spot& where);
    void add_pages(const entry& from, operation& own);
    std::vector<node> parameters_of(const entry& from) const;
    type* params_of(operation& own, const spot& where, const node& from);

    const document& document_;
    const words& words_;
    model& model_;
    name_scope type_names_;
    name_scope symbols_;
    type_builder types_;
    std::vector<entry> entries_;
    std::map<std::string, group*> groups_;
    std::map<std::string, name_scope> function_names_;
};

/// Name, version and base address of the service.
void describe_service(const document& doc, const std::string& space, model& target);

} // namespace usher::codegen

#endif
