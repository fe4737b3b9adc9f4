// Which kinds of notes there are, bounded: a source may hold as many as it has records.
#ifndef USHER_BULK_JOURNAL_NOTE_KINDS_HPP
#define USHER_BULK_JOURNAL_NOTE_KINDS_HPP

#include <usher/bulk/model.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace usher::bulk::detail {

class note_kinds {
public:
    /// So many are told apart; what comes later is counted as one more kind.
    static constexpr std::size_t most = 200;

    struct known {
        std::size_t id;
        bool is_new;
        note what; ///< as it is kept
    };
    known get(const note& what)
    {
        const auto found = ids_.find({what.field, what.reason});
        if (found != ids_.end())
            return {found->second, false, what};
        if (ids_.size() < most)
            return {add(what, ids_.size()), true, what};
        const note others("", "other kinds of notes, too many to be told apart");
        const auto again = ids_.find({others.field, others.reason});
        if (again != ids_.end())
            return {again->second, false, others};
        return {add(others, most), true, others};
    }
    std::size_t add(const note& what, std::size_t id)
    {
        ids_.emplace(std::pair(what.field, what.reason), id);
        return id;
    }

private:
    std::map<std::pair<std::string, std::string>, std::size_t> ids_;
};

} // namespace usher::bulk::detail

#endif
