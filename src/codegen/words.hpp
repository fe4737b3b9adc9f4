// What a document lacks: names, summaries, units of time and paging, from a file of the project's own.
#ifndef USHER_CODEGEN_WORDS_HPP
#define USHER_CODEGEN_WORDS_HPP

#include "document.hpp"

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace usher::codegen {

enum class unit_of_time { none, milliseconds, seconds, rfc3339 };

struct operation_words {
    std::string group;
    std::string name;
    std::string summary;
};

struct page_words {
    std::string style;
    std::string items;
    std::string request;
    std::string response;
    std::string order_by;
};

/// The words of one document; without a file every question is answered with nothing.
///
/// The file is one JSON object: `operations` (by operationId: group, name, summary), `groups` and `types` (one line
/// each), `pages` (by operationId), `epoch_ms`, `epoch_s` and `rfc3339` (names of members that are points in time),
/// `numbers` (those that look so and are not), `free_form` (schemas whose members the document does not name all),
/// `machine` (operations that want a machine's own key) and `token_path` (where OAuth client credentials become
/// tokens). A member is named alone, for the whole document, or as `Schema.member` or `operationId.member`, which goes
/// first.
class words {
public:
    words() = default;
    /// *Errors*: `refused`, with the pointer in the words file.
    explicit words(std::string_view text);

    const operation_words* operation(const std::string& id) const;
    const page_words* pages(const std::string& id) const;
    std::string group(const std::string& name) const;
    std::string type(const std::string& schema) const;
    bool is_free_form(const std::string& schema) const { return free_form_.count(schema) != 0; }
    bool wants_machine_key(const std::string& id) const { return machine_.count(id) != 0; }
    const std::string& token_path() const { return token_path_; }
    /// What kind of time the member `name` is, if it is one; `owners` are the schemas or operations that it stands in,
    /// the nearest first.
    unit_of_time unit(std::initializer_list<std::string> owners, const std::string& name) const;

    /// *Errors*: `refused` for an operation here that the document does not have.
    void check_operations(const std::set<std::string>& ids) const;

private:
    std::map<std::string, operation_words> operations_;
    std::map<std::string, page_words> pages_;
    std::map<std::string, std::string> groups_;
    std::map<std::string, std::string> types_;
    std::map<std::string, unit_of_time> units_;
    std::set<std::string> free_form_;
    std::set<std::string> machine_;
    std::string token_path_;
};

} // namespace usher::codegen

#endif
