// One source file of type tables while it is written.
#ifndef USHER_CODEGEN_TABLE_FILE_HPP
#define USHER_CODEGEN_TABLE_FILE_HPP

#include "cpp_types.hpp"
#include "model.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace usher::codegen {

/// Constants that are used more than once (tables of containers, bounds, lists of texts) are written once per file.
/// All names of generated types are written in full, for a constant may be called like one.
class table_file {
public:
    explicit table_file(const model& from) : model_(from), prefix_(from.space + "::") {}

    void add(const type& own);
    /// The table of an answer that is no named type.
    void add_result(const type_use& use);
    std::string text(const std::vector<std::string>& headers) const;

private:
    std::string pointer_to(const type& base, int circle);
    std::string pointer_to(const type_use& use, int circle);
    std::string wrapped(const std::string& shape, const std::string& element, const std::string& cpp);
    std::string shape(const std::string& key, const std::string& initializer);
    std::string member_pointer(const type& holder, const member& own);
    std::string bounds_of(const limits& own);
    std::string texts(const std::vector<std::string>& list);
    void add_struct(const type& own);
    void add_enum(const type& own);
    void add_union(const type& own);
    void add_table(const type& own, const std::string& body);

    const model& model_;
    std::string prefix_;
    std::string parts_;     ///< constants of this file
    std::string tables_;    ///< tables that other files use
    std::string results_;   ///< the same, of answers that are no named type
    std::string functions_; ///< what the headers declare
    std::map<std::string, std::string> shapes_;
    std::map<std::string, std::string> names_;
    std::vector<std::pair<limits, std::string>> bounds_;
    std::map<std::vector<std::string>, std::string> texts_;
};

} // namespace usher::codegen

#endif
