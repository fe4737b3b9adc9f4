// Keys stand in one table; a queue in the order of their ends points into it, so that the earliest is found at once.
// Invariant: each key of the table has exactly one place in the queue, and the other way round.
#include <usher/webhook/replay_store.hpp>

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace usher::webhook {

struct memory_replay_store::state {
    using queue = std::multimap<time_point, const std::string*>;
    struct entry {
        queue::iterator end;
        bool is_done = false;
    };
    using table = std::unordered_map<std::string, entry>;

    void drop(table::iterator which)
    {
        ends.erase(which->second.end);
        keys.erase(which);
    }
    void drop(queue::iterator which) { drop(keys.find(*which->second)); }

    /// Without memory of its own: it can't fail half way.
    void extend(entry& which, time_point until)
    {
        if (until <= which.end->first)
            return;
        auto node = ends.extract(which.end);
        node.key() = until;
        which.end = ends.insert(std::move(node));
    }

    table::iterator add(std::string_view key, time_point until)
    {
        const auto place = keys.try_emplace(std::string(key)).first;
        try {
            place->second.end = ends.emplace(until, &place->first);
        } catch (...) {
            keys.erase(place);
            throw;
        }
        return place;
    }

    mutable std::mutex mutex;
    std::size_t capacity = 0;
    std::size_t forgotten_early = 0;
    table keys;
    queue ends;
};

memory_replay_store::memory_replay_store(std::size_t capacity) : state_(std::make_unique<state>())
{
    if (capacity == 0)
        throw std::invalid_argument("webhook: a replay store remembers at least one key");
    state_->capacity = capacity;
}

memory_replay_store::~memory_replay_store() = default;

claim memory_replay_store::take(std::string_view key, time_point now, time_point until)
{
    state& own = *state_;
    const std::lock_guard lock(own.mutex);
    while (!own.ends.empty() && own.ends.begin()->first < now)
        own.drop(own.ends.begin());
    const auto known = own.keys.find(std::string(key));
    if (known != own.keys.end()) {
        own.extend(known->second, until);
        return known->second.is_done ? claim::done : claim::pending;
    }
    const auto made = own.add(key, until);
    if (own.keys.size() > own.capacity) {
        auto earliest = own.ends.begin();
        if (earliest == made->second.end)
            ++earliest;
        own.drop(earliest);
        ++own.forgotten_early;
    }
    return claim::taken;
}

void memory_replay_store::confirm(std::string_view key)
{
    const std::lock_guard lock(state_->mutex);
    const auto known = state_->keys.find(std::string(key));
    if (known != state_->keys.end())
        known->second.is_done = true;
}

void memory_replay_store::forget(std::string_view key)
{
    const std::lock_guard lock(state_->mutex);
    const auto known = state_->keys.find(std::string(key));
    if (known != state_->keys.end())
        state_->drop(known);
}

std::size_t memory_replay_store::size() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->keys.size();
}

std::size_t memory_replay_store::forgotten_early() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->forgotten_early;
}

} // namespace usher::webhook
