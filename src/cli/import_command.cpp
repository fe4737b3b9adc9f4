#include "cli/commands.hpp"
#include "cli/import_run.hpp"
#include "cli/services.hpp"
#include "cli/terminal.hpp"

#include <cstdio>
#include <stdexcept>

namespace usher::cli {

namespace {

/// A production key writes to real people's accounts: somebody has to have said so.
bool is_allowed(const import_arguments& arguments, const secret& key)
{
    if (!key.reveal().starts_with("sk_live_") || is_loopback(arguments.connect.base_url) || arguments.yes)
        return true;
    if (arguments.file == "-" || !can_ask()) {
        std::fputs("usher: this is a production key, and nobody can be asked here: say --yes to import\n", stderr);
        return false;
    }
    return ask_yes("This is a production key: import the users of " + arguments.file + " into that instance?");
}

std::string failures_path(const import_arguments& arguments)
{
    if (!arguments.failures.empty() || arguments.dry_run)
        return arguments.failures;
    return (arguments.file == "-" ? std::string("stdin") : arguments.file) + ".failures.ndjson";
}

} // namespace

exit_status run_import(const import_arguments& arguments)
{
    auto changed = arguments;
    changed.failures = failures_path(arguments);
    for (const auto* output : {&changed.failures, &changed.notes}) {
        if (!output->empty() && is_same_file(*output, arguments.file)) {
            std::fprintf(stderr, "usher: %s is the source: name another file to write to\n", output->c_str());
            return bad_usage;
        }
    }
    if (!changed.notes.empty() && changed.notes == changed.failures) {
        std::fputs("usher: --notes and --failures are the same file\n", stderr);
        return bad_usage;
    }
    try {
        // A dry run sends nothing, so it needs no key.
        const secret key = arguments.dry_run ? secret("sk_test_nothing_is_sent") : key_for(arguments.connect);
        if (!is_allowed(arguments, key))
            return bad_usage;
        import_run run(changed, key);
        return run.run();
    } catch (const std::invalid_argument& problem) {
        std::fprintf(stderr, "usher: %s\n", problem.what());
        return bad_usage;
    }
}

} // namespace usher::cli
