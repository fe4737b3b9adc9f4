// Ids stand in one table; a queue in the order of their ends points into it, so that the earliest is found at once.
#include <usher/webhook/replay_store.hpp>

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace usher::webhook {

struct memory_replay_store::state {
    using queue = std::multimap<time_point, const std::string*>;

    void drop(queue::iterator end)
    {
        // The key that is looked for must not go while it is looked for.
        ids.erase(ids.find(*end->second));
        ends.erase(end);
    }

    mutable std::mutex mutex;
    std::size_t capacity;
    std::function<time_point()> now;
    std::unordered_map<std::string, queue::iterator> ids;
    queue ends;
};

memory_replay_store::memory_replay_store(std::size_t capacity, std::function<time_point()> now)
    : state_(std::make_unique<state>())
{
    if (capacity == 0)
        throw std::invalid_argument("webhook: a replay store remembers at least one id");
    state_->capacity = capacity;
    state_->now = std::move(now);
}

memory_replay_store::~memory_replay_store() = default;

bool memory_replay_store::first_time(std::string_view id, time_point until)
{
    state& own = *state_;
    const time_point now = own.now ? own.now() : std::chrono::system_clock::now();
    const std::lock_guard lock(own.mutex);
    while (!own.ends.empty() && own.ends.begin()->first < now)
        own.drop(own.ends.begin());
    const auto [place, fresh] = own.ids.try_emplace(std::string(id));
    if (!fresh)
        return false;
    if (own.ids.size() > own.capacity)
        own.drop(own.ends.begin());
    place->second = own.ends.emplace(until, &place->first);
    return true;
}

void memory_replay_store::forget(std::string_view id)
{
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->ids.find(std::string(id));
    if (found != state_->ids.end())
        state_->drop(found->second);
}

std::size_t memory_replay_store::size() const
{
    const std::lock_guard lock(state_->mutex);
    return state_->ids.size();
}

} // namespace usher::webhook
