// What `--help` teaches beyond the list of options.
#ifndef USHER_CLI_HELP_HPP
#define USHER_CLI_HELP_HPP

namespace usher::cli {

extern const char* const main_help;
extern const char* const import_help;
extern const char* const call_help;
extern const char* const endpoints_help;
extern const char* const sandbox_help;
extern const char* const token_verify_help;
extern const char* const token_inspect_help;
extern const char* const webhook_verify_help;
extern const char* const webhook_sign_help;

} // namespace usher::cli

#endif
