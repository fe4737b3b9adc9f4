// What usher token prints of a verification.
#ifndef USHER_CLI_TOKEN_PRINT_HPP
#define USHER_CLI_TOKEN_PRINT_HPP

#include "cli/arguments.hpp"
#include "cli/text.hpp"

#include <usher/token.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace usher::cli {

inline exit_status finish(exit_status status)
{
    std::cout.flush();
    return std::cout ? status : could_not_run;
}

inline std::string time_text(unix_seconds time)
{
    return time == unix_seconds::max() ? "never" : format_rfc3339(time);
}

inline boost::json::array text_list(const std::vector<std::string>& texts)
{
    boost::json::array all;
    for (const auto& each : texts)
        all.emplace_back(each);
    return all;
}

// What a kind of token grants, in the words of its claims.
inline void add_grants(boost::json::object& to, const token::session_claims& of)
{
    if (!of.organization)
        return;
    to["organization"] = of.organization->id;
    to["role"] = of.organization->role;
    to["permissions"] = text_list(of.organization->permissions);
}

inline void add_grants(boost::json::object& to, const token::scalekit_access_claims& of)
{
    to["organization"] = of.organization_id;
    to["roles"] = text_list(of.roles);
    to["permissions"] = text_list(of.permissions);
    to["scopes"] = text_list(of.scopes);
}

inline void add_grants(boost::json::object& to, const token::scalekit_id_claims& of)
{
    to["organization"] = of.organization_id;
    to["connection"] = of.connection_id;
}

template <class Claims>
void add_grants(boost::json::object& to, const Claims& of)
{
    to["scopes"] = text_list(of.scopes);
}

template <class Claims>
exit_status print(const token::verdict<Claims>& answer, const token_arguments& arguments)
{
    boost::json::object line;
    line["accepted"] = answer.has_value();
    if (!answer) {
        const auto& why = answer.error();
        line["reason"] = token::to_string(why.reason);
        line["message"] = why.text;
        if (arguments.json)
            std::cout << boost::json::serialize(line) << '\n';
        else
            std::cout << "refused (" << token::to_string(why.reason) << "): " << why.text << '\n';
        return finish(why.cause ? could_not_run : some_failed);
    }
    line["type"] = arguments.type;
    line["subject"] = answer->subject;
    line["expires"] = time_text(answer->expires);
    add_grants(line, *answer);
    line["claims"] = answer->all;
    if (arguments.json) {
        std::cout << boost::json::serialize(line) << '\n';
        return finish(done);
    }
    std::cout << "accepted: " << arguments.type << " token of " << answer->subject << ", expires "
              << time_text(answer->expires) << '\n';
    line.erase("accepted");
    std::cout << indented_json(boost::json::serialize(line)) << '\n';
    return finish(done);
}

} // namespace usher::cli

#endif
