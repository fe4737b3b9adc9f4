// How names of the document become names of C++.
//
// 1. Words are split at every character that is no letter and no digit, where a capital follows a small letter
//    (`externalId`), and before the last capital of a row that a small letter follows (`SAMLConnection`: saml,
//    connection). A plural s belongs to its acronym (`redirectURLs`: redirect, urls), digits to the word before them
//    (`web3Wallet`: web3, wallet; `M2MToken`: m2m, token). OAuth, WebAuthn and CName are one word each.
// 2. Words are written small and joined by underscores: `JWKS.rsa.PublicKey` is jwks_rsa_public_key.
// 3. A leading + or - of a value is the word plus or minus, an empty text is `empty`, a name that would begin with
//    a digit gets an n in front.
// 4. A name that C++, a common macro or the generated code needs itself gets a trailing underscore: `delete_`,
// `client_`.
// 5. Of names that come out the same, the first in the document keeps it; the others get _2, _3 and so on.
// 6. An inline schema is named from where it stands: type and member (`user_actor`), `_item` for the elements of an
//    array, `_value` for those of a map, `_option_1` for the alternatives of a union; `<operation>_params` for
//    parameters, `<operation>_result` for an inline answer, where the operation is its operationId without a leading
//    `…Service_`.
// 7. A query parameter whose name is also a member of the body gets the suffix `_query`.
// 8. A member with the name of its own type keeps it in answers (the type then declares no constructor, which C++
//    would not allow) and gets a trailing underscore in requests.
#ifndef USHER_CODEGEN_NAMING_HPP
#define USHER_CODEGEN_NAMING_HPP

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

namespace usher::codegen {

/// Rules 1 to 3.
std::string snake_case(std::string_view text);

/// True for keywords, alternative tokens and macros that common headers define.
bool is_reserved(std::string_view name) noexcept;

/// Names within one scope: rules 4 and 5.
class name_scope {
public:
    name_scope() = default;
    name_scope(std::initializer_list<std::string_view> own);

    /// Keeps a name from being given out: it would get a trailing underscore.
    void reserve(std::string name) { own_.insert(std::move(name)); }
    /// A name of this scope, made from `text`.
    std::string take(std::string_view text);
    /// Gives a name back.
    void release(const std::string& name) { taken_.erase(name); }
    bool is_taken(std::string_view name) const { return taken_.count(std::string(name)) != 0; }

private:
    std::set<std::string> own_;
    std::set<std::string> taken_;
};

/// A C++ string literal.
std::string literal(std::string_view text);
/// A text as one line of a comment.
std::string in_comment(std::string_view text);

} // namespace usher::codegen

#endif
