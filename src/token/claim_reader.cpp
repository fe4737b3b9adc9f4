#include "token/claim_reader.hpp"
#include "token/jws.hpp"

#include <algorithm>
#include <cmath>

namespace usher::token::detail {

namespace {

constexpr std::int64_t last_second = 253'402'300'799; // 9999-12-31T23:59:59Z

bool append(const boost::json::array& list, std::vector<std::string>& out)
{
    out.reserve(list.size());
    for (const auto& item : list) {
        if (!item.is_string())
            return false;
        out.emplace_back(item.get_string());
    }
    return true;
}

std::string joined(const std::vector<std::string>& list)
{
    std::string text;
    for (const auto& each : list)
        text += (text.empty() ? "" : ", ") + quoted(each);
    return text;
}

std::string seconds(std::chrono::seconds time)
{
    return std::to_string(time.count()) + " s";
}

std::string moment(unix_seconds time)
{
    return std::to_string(time.time_since_epoch().count());
}

} // namespace

bool contains(const std::vector<std::string>& list, std::string_view one) noexcept
{
    return std::find(list.begin(), list.end(), one) != list.end();
}

bool claim_reader::refuse(reason rule, std::string text)
{
    why_ = rejection(rule, std::move(text));
    return false;
}

bool claim_reader::missing(std::string_view name)
{
    return refuse(reason::claim_missing, std::string(name) + " is missing");
}

bool claim_reader::invalid(std::string_view name, std::string_view expected)
{
    std::string text(name);
    text += " is not ";
    text += expected;
    return refuse(reason::claim_invalid, std::move(text));
}

bool claim_reader::text(std::string_view name, std::string& out)
{
    const auto* value = all_.if_contains(name);
    if (!value)
        return true;
    if (!value->is_string())
        return invalid(name, "a text");
    out = value->get_string();
    return true;
}

bool claim_reader::texts(std::string_view name, std::vector<std::string>& out)
{
    const auto* value = all_.if_contains(name);
    if (!value)
        return true;
    if (!value->is_array() || !append(value->get_array(), out))
        return invalid(name, "an array of texts");
    return true;
}

bool claim_reader::text_or_texts(std::string_view name, std::vector<std::string>& out)
{
    const auto* value = all_.if_contains(name);
    if (!value || !value->is_string())
        return texts(name, out);
    out.emplace_back(value->get_string());
    return true;
}

bool claim_reader::words(std::string_view name, std::vector<std::string>& out)
{
    const auto* value = all_.if_contains(name);
    if (!value || !value->is_string())
        return texts(name, out);
    std::string_view rest = value->get_string();
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        if (!word.empty())
            out.emplace_back(word);
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return true;
}

bool claim_reader::time(std::string_view name, std::optional<unix_seconds>& out)
{
    const auto* value = all_.if_contains(name);
    if (!value)
        return true;
    std::int64_t count = -1;
    if (value->is_int64())
        count = value->get_int64();
    else if (value->is_double() && value->get_double() >= 0 && value->get_double() < static_cast<double>(last_second))
        count = static_cast<std::int64_t>(std::floor(value->get_double()));
    if (count < 0 || count > last_second)
        return invalid(name, "a number of seconds from 1970 to the year 9999");
    out = unix_seconds(std::chrono::seconds(count));
    return true;
}

bool claim_reader::flag(std::string_view name, std::optional<bool>& out)
{
    const auto* value = all_.if_contains(name);
    if (!value)
        return true;
    if (!value->is_bool())
        return invalid(name, "true or false");
    out = value->get_bool();
    return true;
}

bool claim_reader::object(std::string_view name, const boost::json::object*& out)
{
    const auto* value = all_.if_contains(name);
    if (!value)
        return true;
    if (!value->is_object())
        return invalid(name, "an object");
    out = &value->get_object();
    return true;
}

std::string_view claim_reader::header_text(std::string_view name) const noexcept
{
    const auto* value = header_.if_contains(name);
    if (!value || !value->is_string())
        return {};
    return value->get_string();
}

bool read_common(claim_reader& from, claims& to, bool has_subject)
{
    std::optional<unix_seconds> expires;
    if (!from.time("exp", expires) || !from.time("nbf", to.not_before) || !from.time("iat", to.issued) ||
        !from.text("iss", to.issuer) || !from.text("sub", to.subject) || !from.text_or_texts("aud", to.audience) ||
        !from.text("jti", to.id))
        return false;
    if (!expires)
        return from.missing("exp");
    to.expires = *expires;
    if (has_subject && to.subject.empty())
        return from.missing("sub");
    return true;
}

bool check_common(claim_reader& from, const claims& of, const verify_options& options, std::string_view issuer,
                  unix_seconds now)
{
    const auto skew = options.skew;
    if (now >= of.expires + skew)
        return from.refuse(reason::expired, "exp is " + moment(of.expires) + ", " + seconds(now - of.expires) + " ago");
    if (of.not_before && *of.not_before > now + skew)
        return from.refuse(reason::not_yet_valid,
                           "nbf is " + moment(*of.not_before) + ", " + seconds(*of.not_before - now) + " ahead");
    if (of.issued && *of.issued > now + skew)
        return from.refuse(reason::issued_in_future,
                           "iat is " + moment(*of.issued) + ", " + seconds(*of.issued - now) + " ahead");
    if (!issuer.empty()) {
        if (of.issuer.empty())
            return from.missing("iss");
        if (of.issuer != issuer)
            return from.refuse(reason::issuer, "iss is " + quoted(of.issuer) + "; expected " + quoted(issuer));
    }
    if (!options.audiences.empty()) {
        if (of.audience.empty())
            return from.missing("aud");
        const auto is_ours = [&](const std::string& one) { return contains(options.audiences, one); };
        if (std::none_of(of.audience.begin(), of.audience.end(), is_ours))
            return from.refuse(reason::audience,
                               "aud is " + joined(of.audience) + "; expected one of " + joined(options.audiences));
    }
    return true;
}

bool check_party(claim_reader& from, const std::string& azp, const verify_options& options)
{
    if (options.authorized_parties.empty())
        return true;
    if (azp.empty())
        return from.refuse(reason::authorized_party,
                           "azp is missing; expected one of " + joined(options.authorized_parties));
    if (!contains(options.authorized_parties, azp))
        return from.refuse(reason::authorized_party,
                           "azp is " + quoted(azp) + "; expected one of " + joined(options.authorized_parties));
    return true;
}

bool check_scopes(claim_reader& from, const std::vector<std::string>& granted, const verify_options& options)
{
    for (const auto& wanted : options.required_scopes)
        if (!contains(granted, wanted))
            return from.refuse(reason::scope, "the scope " + quoted(wanted) + " is not granted");
    return true;
}

bool check_machine(claim_reader& from, const std::vector<std::string>& granted, const verify_options& options)
{
    if (options.machine_id.empty()) {
        if (options.accept_any_machine || !options.required_scopes.empty())
            return true;
        return from.refuse(reason::audience,
                           "no machine is configured, and a machine's token is for its machines alone");
    }
    if (contains(granted, options.machine_id))
        return true;
    return from.refuse(reason::audience, "the token is for " + (granted.empty() ? "no machine" : joined(granted)) +
                                             "; expected " + quoted(options.machine_id));
}

bool check_absent(claim_reader& from, std::initializer_list<const char*> names, const char* of_what)
{
    for (const char* name : names)
        if (from.all().contains(name))
            return from.refuse(reason::token_type, std::string(name) + " is there: the token is " + of_what);
    return true;
}

bool is_access_token(const claim_reader& from) noexcept
{
    const auto same = [&from](std::string_view wanted) {
        const auto type = from.header_text("typ");
        return std::equal(type.begin(), type.end(), wanted.begin(), wanted.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
        });
    };
    return same("at+jwt") || same("application/at+jwt");
}

} // namespace usher::token::detail
