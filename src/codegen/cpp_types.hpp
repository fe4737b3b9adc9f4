// C++ types, as text, for the types of the model.
#ifndef USHER_CODEGEN_CPP_TYPES_HPP
#define USHER_CODEGEN_CPP_TYPES_HPP

#include "model.hpp"

#include <set>
#include <string>

namespace usher::codegen {

/// Joins texts.
template <class... Texts>
std::string cat(const Texts&... texts)
{
    std::string all;
    (all.append(texts), ...);
    return all;
}

/// The C++ type of a value. `prefix` goes in front of the names of generated types: empty, or a namespace with `::`.
/// With `circle` ≥ 0, generated types of that circle that are values of maps are boxed.
std::string value_type(const type& base, const std::string& prefix = {}, int circle = -1);
/// The same with `std::optional` for a nullable element, result or map value.
std::string element_type(const type_use& use, const std::string& prefix = {}, int circle = -1);

/// What stands around the value of a member, from the outside in.
struct wrapping {
    bool field = false;
    bool optional = false;
    bool box = false;
};
wrapping wrapping_of(const type& holder, const member& own);
std::string member_type(const type& holder, const member& own, const std::string& prefix = {});

/// True if the value must be initialised by hand.
bool needs_initializer(const type& base);
/// True if the type declares its default constructor: see rule 8 of naming.hpp.
bool declares_constructor(const type& own);
/// Members that a constructor takes: the required ones of a parameters type, when there are one to four.
std::vector<const member*> constructor_members(const type& own);
/// The headers that the members of a type need, in angle brackets.
void add_includes(const type& own, std::set<std::string>& headers);

/// The table of a value, container or wrapper, as an identifier that says what it is: `optional_vector_string`.
std::string shape_name(kind what);

} // namespace usher::codegen

#endif
