#include "sandbox/identifier.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace usher::sandbox {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 34> prefixes{
    {{"user", "user_"},
     {"email_address", "idn_"},
     {"phone_number", "idn_"},
     {"web3_wallet", "idn_"},
     {"passkey", "idn_"},
     {"external_account", "eac_"},
     {"saml_account", "samla_"},
     {"enterprise_account", "entacc_"},
     {"organization", "org_"},
     {"organization_membership", "orgmem_"},
     {"organization_invitation", "orginv_"},
     {"organization_domain", "orgdmn_"},
     {"session", "sess_"},
     {"client", "client_"},
     {"invitation", "inv_"},
     {"allowlist_identifier", "alid_"},
     {"blocklist_identifier", "blid_"},
     {"domain", "dmn_"},
     {"instance", "ins_"},
     {"jwt_template", "jtmp_"},
     {"machine", "mch_"},
     {"machine_scope", "mchsc_"},
     {"oauth_application", "oauthapp_"},
     {"saml_connection", "samlc_"},
     {"enterprise_connection", "entconn_"},
     {"redirect_url", "ru_"},
     {"sign_in_token", "sit_"},
     {"actor_token", "act_"},
     {"sign_up", "sua_"},
     {"template", "tmpl_"},
     {"role", "role_"},
     {"permission", "perm_"},
     {"role_set", "rset_"},
     {"waitlist_entry", "wle_"}}};

bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool digit(char c)
{
    return c >= '0' && c <= '9';
}

// Days since 1970-01-01 of a proleptic Gregorian date.
std::optional<std::int64_t> days_of(int year, unsigned month, unsigned day)
{
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

bool number(std::string_view text, std::size_t from, std::size_t digits, int& to)
{
    if (from + digits > text.size() || !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                                                    text.begin() + static_cast<std::ptrdiff_t>(from + digits), digit))
        return false;
    return std::from_chars(text.data() + from, text.data() + from + digits, to).ec == std::errc();
}

} // namespace

std::string_view id_prefix(std::string_view object)
{
    const auto found = std::find_if(prefixes.begin(), prefixes.end(), [&](const auto& p) { return p.first == object; });
    return found == prefixes.end() ? std::string_view("res_") : found->second;
}

std::string base62(std::size_t digits, generator& source)
{
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string out(digits, '0');
    for (auto& c : out)
        c = alphabet[source.below(alphabet.size())];
    return out;
}

std::string hexadecimal(std::size_t digits, generator& source)
{
    static constexpr std::string_view alphabet = "0123456789abcdef";
    std::string out(digits, '0');
    for (auto& c : out)
        c = alphabet[source.below(alphabet.size())];
    return out;
}

std::string new_id(std::string_view object, generator& source)
{
    if (object == "api_key")
        return "ak_" + hexadecimal(32, source);
    if (object == "machine_to_machine_token" || object == "m2m_token")
        return "mt_" + hexadecimal(32, source);
    if (object == "clerk_idp_oauth_access_token")
        return "oat_" + hexadecimal(32, source);
    return std::string(id_prefix(object)) + "2" + base62(26, source);
}

bool email_like(std::string_view text)
{
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254)
        return false;
    const auto local = text.substr(0, at), domain = text.substr(at + 1);
    const auto local_char = [](char c) {
        return letter(c) || digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
               std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    };
    if (!std::all_of(local.begin(), local.end(), local_char) || local.front() == '.' || local.back() == '.' ||
        local.find("..") != std::string_view::npos)
        return false;
    const auto domain_char = [](char c) {
        return letter(c) || digit(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    return domain.find('.') != std::string_view::npos && domain.find("..") == std::string_view::npos &&
           domain.front() != '.' && domain.back() != '.' && domain.front() != '-' &&
           std::all_of(domain.begin(), domain.end(), domain_char);
}

bool phone_like(std::string_view text)
{
    return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
           std::all_of(text.begin() + 1, text.end(), digit);
}

bool username_like(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return letter(c) || digit(c) || c == '_' || c == '-'; });
}

bool slug_like(std::string_view text)
{
    return !text.empty() && text.size() <= 256 &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || digit(c) || c == '-'; });
}

std::string make_slug(std::string_view name)
{
    std::string out;
    for (const char c : lower(name)) {
        if ((c >= 'a' && c <= 'z') || digit(c))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    while (!out.empty() && out.back() == '-')
        out.pop_back();
    return out.empty() ? "organization" : out;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!number(text, 0, 4, year) || !number(text, 5, 2, month) || !number(text, 8, 2, day) ||
        !number(text, 11, 2, hour) || !number(text, 14, 2, minute) || !number(text, 17, 2, second))
        return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || std::string_view("Tt ").find(text[10]) == std::string_view::npos ||
        text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const auto days = days_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
    if (!days || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    std::size_t at = 19;
    std::int64_t fraction = 0;
    if (at < text.size() && text[at] == '.') {
        const auto begin = ++at;
        for (std::int64_t scale = 100; at < text.size() && digit(text[at]); ++at, scale /= 10)
            fraction += (text[at] - '0') * scale;
        if (at == begin)
            return std::nullopt;
    }
    int offset = 0;
    if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z'))
        ;
    else {
        int hours = 0, minutes = 0;
        if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':' ||
            !number(text, at + 1, 2, hours) || !number(text, at + 4, 2, minutes) || hours > 23 || minutes > 59)
            return std::nullopt;
        offset = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
    }
    return ((*days * 24 + hour) * 60 + minute - offset) * 60'000 + second * 1000 + fraction;
}

std::string format_rfc3339(std::int64_t milliseconds)
{
    const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(milliseconds)};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    char out[80];
    std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return out;
}

} // namespace usher::sandbox
