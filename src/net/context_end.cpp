#include "net/context_end.hpp"

#include <boost/asio/execution_context.hpp>

#include <mutex>

namespace usher::detail {

namespace asio = boost::asio;

// One for each context; Asio shuts services down before it destroys the first of them, youngest first. What keeps
// coroutines is shut down after this one, so that their connections may still come back: see `pool::place_got_free`.
class context_ends final : public asio::execution_context::service {
public:
    using key_type = context_ends;
    static inline asio::execution_context::id id;

    explicit context_ends(asio::execution_context& context) : asio::execution_context::service(context) {}

    void add(context_end& one)
    {
        const std::lock_guard hold(lock_);
        all_.push_back(one);
    }
    void remove(context_end& one) noexcept
    {
        const std::lock_guard hold(lock_);
        all_.erase(all_.iterator_to(one));
    }

private:
    void shutdown() override
    {
        // Nobody runs on the context any more.
        while (!all_.empty()) {
            auto& one = all_.front();
            all_.pop_front();
            one.told_by_ = nullptr;
            one.over();
        }
    }

    std::mutex lock_;
    boost::intrusive::list<context_end, boost::intrusive::constant_time_size<false>> all_;
};

context_end::context_end(const asio::any_io_executor& executor)
    : told_by_(&asio::use_service<context_ends>(asio::query(executor, asio::execution::context)))
{
    told_by_->add(*this);
}

context_end::~context_end()
{
    if (told_by_ != nullptr)
        told_by_->remove(*this);
}

} // namespace usher::detail
