// Listings, page by page: the untyped half.
#include <usher/pages.hpp>

#include "call/client_state.hpp"
#include "call/page_members.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace usher::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

error cancelled_page()
{
    error_details details;
    details.kind = error_kind::cancelled;
    details.text = "cancelled by the caller";
    details.stopped = stop_reason::cancelled;
    return error(std::move(details));
}

struct object_deleter {
    const type_info* type = nullptr;
    void operator()(void* object) const noexcept { type->destroy(object); }
};
using object_ptr = std::unique_ptr<void, object_deleter>;

// What the fetch and the listing share; the fetch may be the last to hold it.
struct page_fetch {
    page_fetch() = default;
    page_fetch(const page_fetch&) = delete;
    page_fetch& operator=(const page_fetch&) = delete;

    void over() noexcept
    {
        running = false;
        there = true;
        for (auto* one : waiting)
            one->cancel();
    }

    std::vector<asio::steady_timer*> waiting; ///< each of a coroutine that sleeps: none outlives the context
    asio::cancellation_signal stop;
    object_ptr answer;
    error failure;
    raw_answer raw; ///< the caller is given it with the page
    bool running = false;
    bool there = false;
};

// Ends the fetch in the listing's eyes, even if it ends by the destruction of its coroutine.
class fetch_end {
public:
    explicit fetch_end(std::shared_ptr<page_fetch> fetch) : fetch_(std::move(fetch)) {}
    fetch_end(fetch_end&&) noexcept = default;
    fetch_end& operator=(fetch_end&&) = delete;
    ~fetch_end()
    {
        if (fetch_ && fetch_->running) {
            fetch_->failure = cancelled_page();
            fetch_->over();
        }
    }
    page_fetch& fetch() const noexcept { return *fetch_; }

private:
    std::shared_ptr<page_fetch> fetch_;
};

// Sleeps until a fetch is over, or somebody else sleeps for it.
class page_sleep {
public:
    page_sleep(page_fetch& of, const asio::any_io_executor& executor)
        : timer(executor, asio::steady_timer::time_point::max()), of_(of)
    {
        of_.waiting.push_back(&timer);
    }
    page_sleep(const page_sleep&) = delete;
    page_sleep& operator=(const page_sleep&) = delete;
    ~page_sleep() { std::erase(of_.waiting, &timer); }

    asio::steady_timer timer;

private:
    page_fetch& of_;
};

asio::awaitable<void> fetch_page(std::shared_ptr<page_fetch> fetch, prepared_call_ptr call, const type_info* type)
{
    fetch->answer = object_ptr(type->create(), object_deleter{type});
    auto done = co_await execute(std::move(call), fetch->answer.get());
    fetch->failure = done ? error() : done.error();
}

} // namespace

class page_source {
public:
    page_source(std::shared_ptr<client_state> client, const operation_info& operation, std::vector<std::string> path,
                std::shared_ptr<void> params, const call_options& options, const page_source_ops& ops)
        : client_(std::move(client)),
          operation_(operation),
          path_(std::move(path)),
          params_(std::move(params)),
          options_(options),
          ops_(ops),
          fetch_(std::make_shared<page_fetch>())
    {
        prepare_first_page(operation_, params_.get());
    }
    page_source(const page_source&) = delete;
    page_source& operator=(const page_source&) = delete;
    ~page_source() { give_up_fetch(); }

    bool ended() const noexcept { return ended_; }
    bool can_go_back() const noexcept { return detail::can_go_back(operation_); }

    /// The page before the last one that was handed over is the next to be fetched. False: there is none.
    bool turn_back()
    {
        if (!before_)
            return false;
        give_up_fetch();
        fetch_ = std::make_shared<page_fetch>();
        go_to(operation_, *before_, params_.get());
        first_of_last_page_.clear();
        ended_ = false;
        return true;
    }
    const std::shared_ptr<page_fetch>& fetch() const noexcept { return fetch_; }
    const asio::any_io_executor& executor() const noexcept { return client_->engine->executor; }

    void start()
    {
        if (fetch_->running || fetch_->there)
            return;
        std::vector<std::string_view> path(path_.begin(), path_.end());
        auto options = options_;
        if (options.keep_raw != nullptr)
            options.keep_raw = &fetch_->raw;
        auto call = prepare(client_, operation_, path, params_.get(), options);
        fetch_->running = true;
        asio::co_spawn(
            client_->engine->executor, fetch_page(fetch_, std::move(call), operation_.result),
            asio::bind_cancellation_slot(fetch_->stop.slot(), [end = fetch_end(fetch_)](std::exception_ptr failed) {
                if (failed)
                    end.fetch().failure = cancelled_page();
                end.fetch().over();
            }));
    }

    // Hands the page over and begins the next one. An error leaves everything where it was.
    result<std::size_t> take(void* items)
    {
        fetch_->there = false;
        if (options_.keep_raw != nullptr)
            *options_.keep_raw = std::move(fetch_->raw);
        if (fetch_->failure)
            return fetch_->failure;
        // A page that begins like the one before it is that one: the service does not page.
        auto first = first_item_of(operation_, fetch_->answer.get());
        const bool again = !first.empty() && first == first_of_last_page_;
        first_of_last_page_ = std::move(first);
        if (!again)
            before_ = place_before(operation_, fetch_->answer.get(), params_.get());
        const auto next = !again && next_page_of(operation_, fetch_->answer.get(), params_.get());
        const auto taken = again ? 0 : ops_.take(fetch_->answer.get(), items);
        fetch_->answer.reset();
        ended_ = !next;
        if (next)
            start();
        return taken;
    }

    static error no_way_back()
    {
        error_details details;
        details.kind = error_kind::invalid_request;
        details.text = "this listing can't be read backwards";
        return error(std::move(details));
    }

private:
    void give_up_fetch()
    {
        // Asio passes the signal on by its address: it has to live, and to be wanted still, when that happens.
        if (fetch_->running)
            asio::dispatch(client_->engine->executor, [fetch = fetch_] {
                if (fetch->running)
                    fetch->stop.emit(asio::cancellation_type::terminal);
            });
    }

    std::shared_ptr<client_state> client_;
    const operation_info& operation_;
    std::vector<std::string> path_;
    std::shared_ptr<void> params_;
    call_options options_;
    page_source_ops ops_;
    std::shared_ptr<page_fetch> fetch_;
    std::string first_of_last_page_;
    std::optional<page_place> before_; ///< of the last page that was handed over
    bool ended_ = false;
};

std::shared_ptr<page_source> make_page_source(const std::shared_ptr<client_state>& client,
                                              const operation_info& operation, std::vector<std::string> path,
                                              std::shared_ptr<void> params, const call_options& options,
                                              const page_source_ops& ops)
{
    return std::make_shared<page_source>(client, operation, std::move(path), std::move(params), options, ops);
}

asio::awaitable<result<void>> next_page(std::shared_ptr<page_source> source, void* items)
{
    const auto fetch = source->fetch();
    // A page without items does not end a listing that goes on by tokens.
    while (!source->ended()) {
        source->start();
        while (fetch->running) {
            // The call behind it has a deadline of its own: this wait can't outlast it.
            page_sleep asleep(*fetch, source->executor());
            [[maybe_unused]] auto [ec] = co_await asleep.timer.async_wait(asio::as_tuple(asio::deferred));
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none)
                co_return cancelled_page();
        }
        const auto taken = source->take(items);
        if (!taken)
            co_return taken.error();
        if (*taken > 0)
            break;
    }
    co_return result<void>();
}

asio::awaitable<result<void>> previous_page(std::shared_ptr<page_source> source, void* items)
{
    if (!source->can_go_back())
        co_return page_source::no_way_back();
    if (!source->turn_back())
        co_return result<void>();
    auto done = co_await next_page(std::move(source), items);
    co_return done;
}

} // namespace usher::detail
