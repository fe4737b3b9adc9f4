// Questions about what a record was mapped to.
#ifndef USHER_TESTS_BULK_MAPPED_HPP
#define USHER_TESTS_BULK_MAPPED_HPP

#include <usher/bulk/mapping.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The user; throws when the record was refused or is no user.
inline const usher::bulk::user& user_of(const usher::bulk::mapped& made)
{
    if (!made.has_value())
        throw std::runtime_error(made.error().code + " " + made.error().field);
    return std::get<usher::bulk::user>(made->what);
}

/// Identifiers as text: `value+` is verified, `value-` is not.
inline std::vector<std::string> texts(const std::vector<usher::bulk::identifier>& list)
{
    std::vector<std::string> made;
    for (const auto& one : list)
        made.push_back(one.value + (one.verified ? "+" : "-"));
    return made;
}

inline bool has_note(const usher::bulk::mapped& made, std::string_view field)
{
    return std::any_of(made->notes.begin(), made->notes.end(),
                       [&](const usher::bulk::note& note) { return note.field == field; });
}

/// The code of the refusal; empty: there is none.
inline std::string code_of(const usher::bulk::mapped& made)
{
    return made.has_value() ? std::string() : made.error().code;
}

#endif
