#include <usher/redis_budget.hpp>

#include "redis/connection.hpp"
#include "redis/lease_script.hpp"
#include "redis/marks.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <stdexcept>
#include <utility>

namespace usher {
namespace redis {
namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr clock::duration first_delay = 100ms;
constexpr clock::duration most_delay = 1s;

std::string random_name()
{
    static constexpr char digits[] = "0123456789abcdef";
    std::random_device random;
    std::string name;
    for (int i = 0; i != 4; ++i)
        for (auto [bits, left] = std::pair(random(), 8); left != 0; --left, bits >>= 4)
            name += digits[bits & 15];
    return name;
}

// Orders under way, and the connection that they use.
// Invariants. While the connection is open all orders were sent, in this sequence. Each order is answered once, at its
// deadline at the latest; the timer is set exactly while there is one.
class orders final : public connection_user, public std::enable_shared_from_this<orders> {
public:
    orders(boost::asio::any_io_executor executor, address where, redis_budget_options options)
        : executor_(std::move(executor)),
          where_(std::move(where)),
          options_(std::move(options)),
          member_(random_name()),
          timer_(executor_)
    {
    }

    void lease(const lease_request& request, budget::handler done)
    {
        const auto now = clock::now();
        if (!connection_ && now < try_at_) {
            done(unreachable());
            return;
        }
        order one;
        one.bucket = request.bucket;
        one.time = request.window;
        one.done = std::move(done);
        const auto mark = request.returned != 0 ? marks_.take(request.bucket) : std::string();
        one.arguments = lease_arguments(options_.prefix, member_, request, mark);
        add(std::move(one), now);
    }

    void give_back(const std::string& bucket, std::uint32_t unused)
    {
        const auto mark = marks_.take(bucket);
        if (!is_open_ || mark.empty() || unused == 0)
            return;
        lease_request nothing;
        nothing.bucket = bucket;
        nothing.wanted = 0;
        nothing.returned = unused;
        order one;
        one.arguments = lease_arguments(options_.prefix, member_, nothing, mark);
        add(std::move(one), clock::now());
    }

    void close() noexcept
    {
        orders_.clear();
        is_closed_ = true;
        drop_connection();
        timer_.cancel();
    }
    std::uint64_t round_trips() const noexcept { return round_trips_; }

private:
    struct order {
        std::string bucket;
        std::chrono::nanoseconds time{};
        command arguments;
        budget::handler done; // none: something is only returned
        clock::time_point deadline{};
        bool with_text = false;
        bool was_sent = false;
    };

    static lease_grant unreachable()
    {
        lease_grant grant;
        grant.is_reachable = false;
        return grant;
    }

    void add(order one, clock::time_point now)
    {
        one.deadline = now + options_.timeout;
        const bool is_first = orders_.empty();
        one.was_sent = is_open_;
        orders_.push_back(std::move(one));
        if (is_open_)
            connection_->send(lease_command(orders_.back().arguments, false));
        else if (!connection_)
            open();
        if (is_first)
            set_timer();
    }

    void open()
    {
        is_proven_ = false;
        connection_ = std::make_shared<connection>(executor_, where_, *this);
        connection_->open();
    }
    void drop_connection() noexcept
    {
        is_open_ = false;
        if (const auto old = std::exchange(connection_, nullptr))
            old->close();
    }

    void opened() override
    {
        const auto self = shared_from_this();
        is_open_ = true;
        // Those of a connection that is lost may have arrived: what returns something must not do so again.
        std::erase_if(orders_, [](const order& one) { return one.was_sent && !one.done; });
        if (orders_.empty())
            timer_.cancel();
        for (auto& one : orders_) {
            if (std::exchange(one.was_sent, true))
                forget_returned(one.arguments);
            one.with_text = false;
            connection_->send(lease_command(one.arguments, false));
        }
    }

    void replied(const reply& answer) override
    {
        const auto self = shared_from_this();
        ++round_trips_;
        is_proven_ = true;
        auto one = std::move(orders_.front());
        orders_.pop_front();
        if (answer.is_error && answer.text.starts_with("NOSCRIPT") && !one.with_text) {
            one.with_text = true;
            connection_->send(lease_command(one.arguments, true));
            orders_.push_back(std::move(one));
            return;
        }
        auto read = read_lease_answer(answer);
        if (!read) {
            // It is loading, a replica, or can't run the script: another connection may do better, and not at once.
            orders_.push_front(std::move(one));
            fail(answer.is_error ? answer.text : "it answers something else than the script does");
            return;
        }
        if (orders_.empty())
            timer_.cancel();
        delay_ = first_delay;
        is_told_ = false;
        if (!read->mark.empty())
            marks_.keep(one.bucket, std::move(read->mark), clock::now() + read->grant.valid_for + one.time);
        if (one.done)
            one.done(read->grant);
    }

    void ended(const std::string& why) override
    {
        const auto self = shared_from_this();
        drop_connection();
        // One that was closed while nothing was asked says nothing about the next one.
        if (is_proven_ && !orders_.empty())
            open();
        else
            fail(why);
    }

    void fail(const std::string& why)
    {
        drop_connection();
        try_at_ = clock::now() + delay_;
        delay_ = std::min(2 * delay_, most_delay);
        timer_.cancel();
        tell(why);
        for (auto& one : std::exchange(orders_, {}))
            if (one.done && !is_closed_)
                one.done(unreachable());
    }

    void tell(const std::string& why)
    {
        if (!std::exchange(is_told_, true) && options_.on_trouble)
            options_.on_trouble("Redis at " + where_.host + ':' + std::to_string(where_.port) + ": " + why);
    }

    void set_timer()
    {
        timer_.expires_at(orders_.front().deadline);
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (error || !self || self->orders_.empty())
                return;
            // A script that is sent again stands behind later ones.
            if (self->orders_.front().deadline > clock::now())
                self->set_timer();
            else
                self->fail("no answer within " + std::to_string(self->options_.timeout.count()) + " ms");
        });
    }

    boost::asio::any_io_executor executor_;
    address where_;
    redis_budget_options options_;
    std::string member_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<connection> connection_;
    std::deque<order> orders_;
    marks marks_;
    clock::time_point try_at_ = clock::time_point::min();
    clock::duration delay_ = first_delay;
    std::uint64_t round_trips_ = 0;
    bool is_open_ = false;
    bool is_proven_ = false; ///< something was answered on this connection
    bool is_told_ = false;
    bool is_closed_ = false;
};

class member final : public budget {
public:
    explicit member(std::shared_ptr<orders> work) : orders_(std::move(work)) {}
    ~member() override { orders_->close(); }

    void lease(const lease_request& request, handler done) override { orders_->lease(request, std::move(done)); }
    void give_back(const std::string& bucket, std::uint32_t unused) noexcept override
    {
        // Without memory for it the rest of a lease is lost, which is safe.
        try {
            orders_->give_back(bucket, unused);
        } catch (...) {
        }
    }
    std::uint64_t round_trips() const noexcept override { return orders_->round_trips(); }

private:
    std::shared_ptr<orders> orders_;
};

} // namespace
} // namespace redis

std::shared_ptr<budget> redis_budget(boost::asio::any_io_executor executor, std::string_view url,
                                     redis_budget_options options)
{
    if (options.timeout <= options.timeout.zero() || options.timeout > std::chrono::seconds(1))
        throw std::invalid_argument("usher: redis_budget_options.timeout is not between 1 ms and 1 s");
    if (options.prefix.find_first_of("{}") != std::string::npos)
        throw std::invalid_argument("usher: redis_budget_options.prefix must have no braces");
    auto work = std::make_shared<redis::orders>(std::move(executor), redis::parse_address(url), std::move(options));
    return std::make_shared<redis::member>(std::move(work));
}

} // namespace usher
