// Reads claims one by one; the first that is wrong ends the reading.
#ifndef USHER_TOKEN_CLAIM_READER_HPP
#define USHER_TOKEN_CLAIM_READER_HPP

#include <usher/token/verifier.hpp>

#include <boost/json/object.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::token::detail {

/// Each reader returns false when the claim is wrong, and then `why` says how. A claim that is not there leaves its
/// target as it is. JSON's null counts as wrong: it says nothing that the claim's absence does not.
class claim_reader {
public:
    claim_reader(const boost::json::object& header, const boost::json::object& all, rejection& why)
        : header_(header), all_(all), why_(why)
    {
    }

    const boost::json::object& all() const noexcept { return all_; }

    bool text(std::string_view name, std::string& out);
    /// An array of texts.
    bool texts(std::string_view name, std::vector<std::string>& out);
    /// An array of texts, or one text.
    bool text_or_texts(std::string_view name, std::vector<std::string>& out);
    /// An array of texts, or one text that has them between spaces.
    bool words(std::string_view name, std::vector<std::string>& out);
    /// Seconds since 1970, up to the year 9999; a fraction is cut.
    bool time(std::string_view name, std::optional<unix_seconds>& out);
    bool flag(std::string_view name, std::optional<bool>& out);
    bool object(std::string_view name, const boost::json::object*& out);

    /// A header member that is a text; an empty one otherwise.
    std::string_view header_text(std::string_view name) const noexcept;

    bool refuse(reason rule, std::string text);
    bool missing(std::string_view name);
    bool invalid(std::string_view name, std::string_view expected);

private:
    const boost::json::object& header_;
    const boost::json::object& all_;
    rejection& why_;
};

/// The claims that every kind has, and what `options` and the time say of them.
bool read_common(claim_reader& from, claims& to, bool has_subject);
bool check_common(claim_reader& from, const claims& of, const verify_options& options, std::string_view issuer,
                  unix_seconds now);
/// `azp` is one of the configured parties.
bool check_party(claim_reader& from, const std::string& azp, const verify_options& options);
/// Every required scope is granted.
bool check_scopes(claim_reader& from, const std::vector<std::string>& granted, const verify_options& options);
/// The machine that receives a machine's token is among those that the token was issued for.
bool check_machine(claim_reader& from, const std::vector<std::string>& granted, const verify_options& options);
/// None of these claims is there: they tell that the token is `of_what`.
bool check_absent(claim_reader& from, std::initializer_list<const char*> names, const char* of_what);
/// `typ: at+jwt`, RFC 9068.
bool is_access_token(const claim_reader& from) noexcept;

// The kinds. Each reads its own claims and checks that the token is of its kind.
bool read_kind(claim_reader& from, session_claims& to, const verify_options& options);
bool read_kind(claim_reader& from, m2m_claims& to, const verify_options& options);
bool read_kind(claim_reader& from, oauth_claims& to, const verify_options& options);
bool read_kind(claim_reader& from, scalekit_access_claims& to, const verify_options& options);
bool read_kind(claim_reader& from, scalekit_id_claims& to, const verify_options& options);
bool read_kind(claim_reader& from, scalekit_idp_login_claims& to, const verify_options& options);

inline constexpr std::string_view category_session = "cl_B7d4PD111AAA";
inline constexpr std::string_view category_template = "cl_B7d4PD222AAA";
inline constexpr std::string_view category_m2m = "cl_B7d4PD333AAA";

bool contains(const std::vector<std::string>& list, std::string_view one) noexcept;

} // namespace usher::token::detail

#endif
