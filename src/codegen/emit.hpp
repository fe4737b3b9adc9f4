// The emitters: each turns a part of the model into files.
#ifndef USHER_CODEGEN_EMIT_HPP
#define USHER_CODEGEN_EMIT_HPP

#include "model.hpp"
#include "output.hpp"

#include <string>
#include <vector>

namespace usher::codegen {

struct emit_options {
    std::size_t sources = 1; ///< source files for the tables, and as many for the calls
};

/// One header per unit: types, and for a group its class.
void emit_headers(const model& from, output& to);
/// The tables of all types, in `sources` files, and the internal header that declares them.
void emit_tables(const model& from, const emit_options& options, output& to);
/// What is known of each operation, and the service: `operations.hpp` and its source.
void emit_operations(const model& from, output& to);
/// The functions of all groups, in `sources` files; the client; the header that includes everything.
void emit_calls(const model& from, const emit_options& options, output& to);
/// The index of the operations of one service, in Markdown, between two marks.
std::string endpoints_section(const model& from);
/// `index` with the section of this service replaced or appended.
std::string with_section(const std::string& index, const model& from);
/// A function that calls any operation through its typed function, for tests: a header-only file.
std::string dispatch_source(const model& from);

/// Folders and names.
std::string include_folder(const model& from);                     ///< usher/clerk
std::string header_of(const model& from, const unit& own);         ///< usher/clerk/types/user.hpp
std::string source_of(const model& from, const std::string& part); ///< src/clerk_tables_1.cpp
std::string guard_of(const std::string& header);
extern const char* const file_comment;

/// `std::string_view user_id, const update_user_params& params, ` and what follows up to the closing parenthesis.
struct signature {
    std::string result;    ///< of the function: `usher::result<user>`
    std::string arguments; ///< without options
    bool overload = false; ///< there is one without parameters
};
signature signature_of(const operation& own, const std::string& prefix, bool with_params);
/// The C++ type of the answer, or `void`.
std::string result_type(const operation& own, const std::string& prefix);
/// Spreads weights over files so that all weigh about the same; the place of each.
std::vector<std::size_t> spread(const std::vector<std::size_t>& weights, std::size_t files);
/// The table of an answer: `tables::user`, `results::array_user`.
std::string result_table(const type_use& use);

} // namespace usher::codegen

#endif
