// Reading a journal, also while its job runs: what happened, which id became which, and what is left to do.
#ifndef USHER_BULK_JOURNAL_READER_HPP
#define USHER_BULK_JOURNAL_READER_HPP

#include <usher/bulk/journal.hpp>
#include <usher/bulk/target.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::bulk {

/// How many records are in which state, by kind.
struct journal_totals {
    journal_totals() = default;
    std::map<entity_kind, std::map<record_state, std::uint64_t>> records;
    std::uint64_t in_doubt = 0; ///< open and failed records of which a step may have taken effect
    std::uint64_t dead_letters = 0;
    std::map<std::string, std::uint64_t> steps; ///< finished ones by kind (`create`, `email_address`, …)
};

struct dead_letter {
    dead_letter() = default;
    std::uint64_t place = 0;  ///< among the letters; a letter that replaces another one takes its place
    std::uint64_t number = 0; ///< 0: it never had an entry
    std::uint64_t line = 0;
    import_step step = import_step::read;
    std::string code;
    std::string text; ///< a line of a failures file
};

struct counted_note {
    counted_note() = default;
    note what;
    std::uint64_t count = 0;
    std::string example; ///< source id of the first
};

struct journal_sample {
    journal_sample() = default;
    journal_time at{};
    std::string json;
};

/// A journal that is only read. What `each…` functions are given is read from disk as it goes: memory does not grow
/// with the journal. They end early when the function returns false, and begin after the number or place that they are
/// given: so a caller that has to wait in between takes a few at a time. Meanwhile the journal may be written.
/// *Errors*: `std::runtime_error` that names the file: not there, no journal, of a newer version, damaged.
class journal_reader {
public:
    explicit journal_reader(const std::string& path);
    ~journal_reader();
    journal_reader(const journal_reader&) = delete;
    journal_reader& operator=(const journal_reader&) = delete;

    journal_totals totals() const;
    std::optional<std::string> setting(std::string_view name) const;
    std::optional<journal_entry> find(entity_kind kind, std::string_view source_id) const;
    void each_entry(const std::function<bool(const journal_entry&)>& use, std::uint64_t after = 0) const;
    void each_dead_letter(const std::function<bool(const dead_letter&)>& use, std::uint64_t after = 0) const;
    using made_use = std::function<bool(std::uint64_t number, std::uint16_t step, const made_thing&)>;
    /// What the job made, users first, each with its later steps before itself: the order in which it can be undone.
    void each_made(const made_use& use) const;
    /// The same of one kind, of the records after this number.
    void each_made(entity_kind of, const made_use& use, std::uint64_t after = 0) const;
    void each_sample(const std::function<bool(const journal_sample&)>& use) const;
    std::vector<counted_note> notes() const;
    /// Dead letters by code, most frequent first: code, how many, and the text of one.
    struct failure_kind {
        std::string code;
        std::uint64_t count = 0;
        std::string example;
    };
    std::vector<failure_kind> failure_kinds() const;
    /// Whether a process works on it now.
    bool is_in_use() const;

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

/// Joins the journals of the parts of one job into a new one.
/// *Errors*: `std::runtime_error` naming the file: not of the same job (a setting other than `part` differs; an
/// instance that one of them doesn't know is the others'), in use, or a record that two parts say different things
/// about; there already. The new file is not made then.
void merge_journals(const std::vector<std::string>& parts, const std::string& to);

} // namespace usher::bulk

#endif
