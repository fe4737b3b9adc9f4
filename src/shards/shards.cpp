#include <usher/shards.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace usher {

namespace asio = boost::asio;

namespace {

// The function stays in the frame until the coroutine that it made has ended.
asio::awaitable<void> run(shards::work what, engine& on)
{
    co_await what(on);
}

bool is_cancellation(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

engine_options with_budget(engine_options options, std::shared_ptr<budget> shared)
{
    options.shared_budget = std::move(shared);
    // They would overwrite each other's files, each with its own part. The budget remembers.
    if (options.shared_budget)
        options.quota_memory = nullptr;
    return options;
}

// A thread, its context and its engine. The signals and the flag belong to the thread.
struct shard {
    shard(const engine_options& options, std::size_t index, const shards::budget_factory& make_budget)
        : serves(io.get_executor(), with_budget(options, make_budget(index, io.get_executor())))
    {
    }
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;
    ~shard()
    {
        work.reset();
        if (thread.joinable())
            thread.join();
    }

    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    engine serves;
    std::list<std::shared_ptr<asio::cancellation_signal>> spawned;
    bool is_cancelled = false; // what is spawned from now on ends at once
    std::thread thread;
};

} // namespace

// Invariants. `open_` coroutines were spawned and have not ended; while there is one, no context runs out of work, so
// that it may spawn others on any shard. Nothing is spawned after the last one has ended while joining.
class shards::impl {
public:
    impl(std::size_t count, const engine_options& options, const budget_factory& make_budget)
    {
        count = count != 0 ? count : std::max(1U, std::thread::hardware_concurrency());
        const local_budget local;
        const auto make = [&](std::size_t index, const asio::any_io_executor& executor) -> std::shared_ptr<budget> {
            if (make_budget)
                return make_budget(index, executor);
            return count == 1 ? nullptr : local.member();
        };
        for (std::size_t i = 0; i != count; ++i)
            shards_.push_back(std::make_unique<shard>(options, i, make));
        for (auto& one : shards_)
            one->thread = std::thread([this, to = one.get()] { serve(*to); });
    }
    ~impl()
    {
        stop();
        finish();
    }

    std::size_t size() const noexcept { return shards_.size(); }
    shard& at(std::size_t index) const { return *shards_.at(index); }

    std::size_t next() noexcept
    {
        const std::lock_guard hold(lock_);
        return next_++ % size();
    }

    void spawn(std::size_t index, work what)
    {
        auto& to = at(index);
        {
            const std::lock_guard hold(lock_);
            if (is_stopped_ || (is_joining_ && open_ == 0))
                throw std::logic_error("usher: shards were told to stop or join, and nothing new can be spawned");
            ++open_;
        }
        try {
            asio::post(to.io, [this, &to, what = std::move(what)]() mutable {
                try {
                    start(to, std::move(what));
                } catch (...) {
                    ended(std::current_exception());
                }
            });
        } catch (...) {
            ended(nullptr);
            throw;
        }
    }

    void stop() noexcept
    {
        {
            const std::lock_guard hold(lock_);
            if (std::exchange(is_stopped_, true))
                return;
        }
        // Without memory for it a shard runs to its end, and the others stop.
        for (auto& one : shards_) {
            try {
                asio::post(one->io, [to = one.get()] { cancel(*to); });
            } catch (...) {
            }
        }
    }

    void join()
    {
        if (std::any_of(shards_.begin(), shards_.end(),
                        [](const auto& one) { return one->thread.get_id() == std::this_thread::get_id(); }))
            throw std::logic_error("usher: shards can't be joined on a thread of their own");
        if (std::exchange(is_joined_, true))
            return;
        finish();
        if (!failures_.empty())
            std::rethrow_exception(failures_.front());
    }

    const std::vector<std::exception_ptr>& failures() const noexcept { return failures_; }

private:
    void serve(shard& one)
    {
        // What a handler of somebody else throws ends that handler, and not the shard.
        for (;;) {
            try {
                one.io.run();
                return;
            } catch (...) {
                failed(std::current_exception());
            }
        }
    }

    static void cancel(shard& one)
    {
        one.is_cancelled = true;
        // One that ends at once takes itself from the list.
        const auto spawned = one.spawned;
        for (const auto& signal : spawned)
            signal->emit(asio::cancellation_type::terminal);
    }

    void start(shard& on, work what)
    {
        const auto signal = std::make_shared<asio::cancellation_signal>();
        const auto place = on.spawned.insert(on.spawned.end(), signal);
        auto coroutine = run(std::move(what), on.serves);
        asio::co_spawn(on.io, std::move(coroutine),
                       asio::bind_cancellation_slot(signal->slot(), [this, &on, place](std::exception_ptr thrown) {
                           on.spawned.erase(place);
                           ended(std::move(thrown));
                       }));
        // Before that the shard's own stop is still to come, and does it.
        if (on.is_cancelled)
            signal->emit(asio::cancellation_type::terminal);
    }

    void ended(std::exception_ptr thrown)
    {
        if (thrown && !(is_stopped() && is_cancellation(thrown)))
            failed(std::move(thrown));
        const std::lock_guard hold(lock_);
        if (--open_ == 0)
            none_open_.notify_all();
    }

    void failed(std::exception_ptr thrown)
    {
        const std::lock_guard hold(lock_);
        failures_.push_back(std::move(thrown));
    }

    bool is_stopped()
    {
        const std::lock_guard hold(lock_);
        return is_stopped_;
    }

    void finish()
    {
        {
            std::unique_lock hold(lock_);
            is_joining_ = true;
            none_open_.wait(hold, [this] { return open_ == 0; });
        }
        for (auto& one : shards_)
            one->work.reset();
        for (auto& one : shards_)
            if (one->thread.joinable())
                one->thread.join();
    }

    std::mutex lock_;
    std::condition_variable none_open_;
    std::size_t open_ = 0;
    std::size_t next_ = 0;
    bool is_stopped_ = false;
    bool is_joining_ = false;
    bool is_joined_ = false;
    std::vector<std::exception_ptr> failures_;
    std::vector<std::unique_ptr<shard>> shards_; // the last: its threads use what is above
};

shards::shards(std::size_t count, const engine_options& options, const budget_factory& make_budget)
    : impl_(std::make_unique<impl>(count, options, make_budget))
{
}

shards::~shards() = default;

std::size_t shards::size() const noexcept
{
    return impl_->size();
}

engine& shards::engine(std::size_t index)
{
    return impl_->at(index).serves;
}

boost::asio::any_io_executor shards::executor(std::size_t index) const
{
    return impl_->at(index).io.get_executor();
}

void shards::spawn(std::size_t index, work what)
{
    impl_->spawn(index, std::move(what));
}

void shards::spawn(work what)
{
    impl_->spawn(impl_->next(), std::move(what));
}

void shards::spawn_on_each(const work& what)
{
    for (std::size_t i = 0; i != size(); ++i)
        impl_->spawn(i, what);
}

void shards::stop() noexcept
{
    impl_->stop();
}

void shards::join()
{
    impl_->join();
}

const std::vector<std::exception_ptr>& shards::failures() const noexcept
{
    return impl_->failures();
}

} // namespace usher
