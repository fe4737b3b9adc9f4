#include "schedule/budget_state.hpp"

#include <usher/budget.hpp>

#include <mutex>
#include <utility>

namespace usher {

struct local_budget::state {
    std::mutex lock;
    schedule::budget_state granted{false};
    schedule::budget_state::member_id last_member = 0;
};

namespace {

template <class State>
class local_member final : public budget {
public:
    explicit local_member(std::shared_ptr<State> shared) : state_(std::move(shared))
    {
        const std::lock_guard hold(state_->lock);
        id_ = ++state_->last_member;
    }
    ~local_member() override
    {
        const std::lock_guard hold(state_->lock);
        state_->granted.forget(id_);
    }

    void lease(const lease_request& request, handler done) override { done(ask(request)); }
    void give_back(const std::string& bucket, std::uint32_t unused) noexcept override
    {
        // Without memory for it the rest of a lease is lost, which is safe.
        try {
            const std::lock_guard hold(state_->lock);
            state_->granted.give_back(bucket, unused, id_, std::chrono::steady_clock::now());
        } catch (...) {
        }
    }

private:
    lease_grant ask(const lease_request& request)
    {
        const std::lock_guard hold(state_->lock);
        return state_->granted.lease(request, id_, std::chrono::steady_clock::now());
    }

    std::shared_ptr<State> state_;
    schedule::budget_state::member_id id_ = 0;
};

} // namespace

local_budget::local_budget() : state_(std::make_shared<state>()) {}

std::shared_ptr<budget> local_budget::member() const
{
    return std::make_shared<local_member<state>>(state_);
}

} // namespace usher
