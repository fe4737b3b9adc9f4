#include "cli/confirm.hpp"

#include "cli/services.hpp"
#include "cli/terminal.hpp"

#include <cstdio>

namespace usher::cli {

bool may_write(const connect_arguments& to, bool yes, bool input_is_taken, const std::string& what)
{
    if (!is_production(to) || yes)
        return true;
    const std::string warning =
        to.service == "scalekit" ? "this is a production environment" : "this is a production key";
    if (input_is_taken || !can_ask()) {
        std::fprintf(stderr, "usher: %s, and nobody can be asked here: say --yes to %s\n", warning.c_str(),
                     what.c_str());
        return false;
    }
    return ask_yes("T" + warning.substr(1) + ": " + what + "?");
}

} // namespace usher::cli
