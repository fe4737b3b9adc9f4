// Which types go into which header, in which order, and which hold themselves.
#ifndef USHER_CODEGEN_LAYOUT_HPP
#define USHER_CODEGEN_LAYOUT_HPP

#include "model.hpp"

namespace usher::codegen {

/// Rules.
/// - A schema with a name has a header of its own, with the types that stand inside it; parameters and inline answers
///   of an operation stand in the header of its group.
/// - Headers whose types hold each other in a circle become one, named after the first of them.
/// - Where a type holds itself, directly or through others, there is a `usher::box`, except for arrays: a vector of a
///   type that is only declared is fine.
/// - A type that occurs in a request, at any depth, has members that can be absent or null (`usher::field`).
void lay_out(model& target);

/// The named types that a use of a type needs: through arrays and maps, not through other named types.
type* named_below(const type_use& use);
/// Calls `visit(type&)` for every named type that `of` uses directly.
template <class Visitor>
void each_use(const type& of, Visitor visit)
{
    for (const member& own : of.members)
        if (type* used = named_below(own.use))
            visit(*used);
    for (const alternative& own : of.alternatives)
        visit(*own.base);
}

} // namespace usher::codegen

#endif
