// What `--help` teaches beyond the list of options.
#ifndef USHER_CLI_HELP_HPP
#define USHER_CLI_HELP_HPP

namespace usher::cli {

extern const char* const main_help;
extern const char* const import_help;
extern const char* const plan_help;
extern const char* const resume_help;
extern const char* const retry_help;
extern const char* const status_help;
extern const char* const verify_help;
extern const char* const undo_help;
extern const char* const merge_help;
extern const char* const report_help;
extern const char* const export_help;
extern const char* const call_help;
extern const char* const endpoints_help;
extern const char* const sandbox_help;
extern const char* const token_verify_help;
extern const char* const token_inspect_help;
extern const char* const webhook_verify_help;
extern const char* const webhook_sign_help;

} // namespace usher::cli

#endif
