#include "soak/load.hpp"

#include <usher/clerk/users.hpp>
#include <usher/scalekit/organizations.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace soak {

using namespace std::chrono_literals;
using usher::error;
using usher::result;

namespace {

constexpr std::chrono::seconds phase{10};
const char* const key = "sk_live_usherusherusherusherusherusherusherusher";

usher::client_options options_of(const service& served, std::shared_ptr<tally> watcher, const char* tenant)
{
    usher::client_options how;
    how.base_url = served.clerk_url();
    how.quota = usher::quota::clerk(requests_per_window, 10s);
    how.tenant = tenant;
    how.watcher = std::move(watcher);
    how.timeouts.first_byte = 300ms;
    how.timeouts.whole = 2s;
    how.timeouts.connect = how.timeouts.handshake = how.timeouts.pool = 2s;
    how.retry.initial_backoff = 20ms;
    how.retry.max_backoff = 500ms;
    return how;
}

usher::scalekit::client organizations_of(usher::engine& engine, const service& served,
                                         const std::shared_ptr<tally>& watcher)
{
    auto how = options_of(served, watcher, "");
    how.base_url.clear();
    how.quota = usher::quota::unlimited();
    usher::oauth_client who;
    who.token_url = served.scalekit_origin() + "/oauth/token";
    who.client_id = "skc_soak";
    who.client_secret = usher::secret("a-secret");
    who.watcher = watcher;
    usher::token_options tokens;
    tokens.renew_before = 5s;
    how.base_url = served.scalekit_origin();
    return usher::scalekit::client(engine, usher::credentials(usher::client_credentials(engine, who, tokens)), how);
}

error status_of(const error& failed)
{
    return failed;
}

template <class T>
result<void> without_value(const result<T>& done)
{
    if (!done)
        return status_of(done.error());
    return result<void>();
}

} // namespace

// Cancels one call; the handler of its timer may come late.
struct load::stopper {
    explicit stopper(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    asio::cancellation_signal signal;
    std::uint64_t round = 0;
};

load::load(usher::engine& engine, const service& served, std::shared_ptr<tally> watcher, std::string file,
           std::uint64_t seed)
    : engine_(engine),
      organizations_(organizations_of(engine, served, watcher)),
      file_(std::move(file)),
      image_(20'000, 'i'),
      random_(seed)
{
    clients_.emplace_back(engine, usher::secret(key), options_of(served, watcher, "first"));
    clients_.emplace_back(engine, usher::secret(key), options_of(served, watcher, "second"));
    auto hedging = options_of(served, watcher, "second");
    hedging.retry.hedge = true;
    clients_.emplace_back(engine, usher::secret(key), hedging);
    // So that what is kept of records takes its memory now.
    records_.live.reserve(4096);
    records_.unsure.reserve(1 << 17);
    records_.leaving.reserve(1 << 17);
}

void load::start(int workers)
{
    for (int i = 0; i != workers; ++i) {
        ++working_;
        asio::co_spawn(engine_.get_executor(), work(i), [this](std::exception_ptr thrown) {
            --working_;
            if (thrown)
                std::rethrow_exception(thrown);
        });
    }
}

std::size_t load::remembered() const
{
    std::size_t sum = 0;
    const auto usage = clients_[0].usage();
    for (const auto& limit : usage.limits)
        sum += limit.records;
    return sum;
}

load::kind load::choose()
{
    const auto dice = random(100);
    if (records_.live.size() < 50)
        return kind::create;
    if (dice < 35)
        return kind::get;
    if (dice < 41)
        return kind::list;
    if (dice < 46)
        return kind::count;
    if (dice < 60)
        return records_.live.size() > 300 ? kind::remove : kind::create;
    if (dice < 72)
        return kind::remove;
    if (dice < 86)
        return kind::change;
    return dice < 94 ? kind::upload : kind::tokens;
}

std::string load::take_record()
{
    auto& live = records_.live;
    std::swap(live[random(live.size())], live.back());
    auto taken = std::move(live.back());
    live.pop_back();
    return taken;
}

asio::awaitable<void> load::work(int number)
{
    const auto stop = std::make_shared<stopper>(engine_.get_executor());
    asio::steady_timer pause(engine_.get_executor());
    while (!stops_) {
        // A rush that fills the quota, and a calm that leaves room for second requests, in turn.
        if ((std::chrono::steady_clock::now() - begun_) / phase % 2 == 1) {
            pause.expires_after(std::chrono::microseconds(random(300'000)));
            co_await pause.async_wait(asio::use_awaitable);
        }
        const auto what = choose();
        usher::call_options how;
        how.deadline = random(20) == 0 ? std::chrono::milliseconds(1 + random(40)) : 20s;
        how.priority = random(4) == 0 ? usher::lane::bulk : usher::lane::interactive;
        std::string record;
        if (what == kind::create)
            record = "soak-" + std::to_string(++number_);
        else if (what == kind::get || what == kind::change || what == kind::upload || what == kind::remove)
            record = take_record();
        if (random(20) == 0) {
            stop->timer.expires_after(std::chrono::microseconds(random(30'000)));
            stop->timer.async_wait([stop, round = stop->round](const boost::system::error_code& too_late) {
                if (!too_late && round == stop->round)
                    stop->signal.emit(asio::cancellation_type::terminal);
            });
        }
        std::string made;
        error failed;
        bool was_begun = true;
        try {
            auto token = asio::bind_cancellation_slot(stop->signal.slot(), asio::use_awaitable);
            auto done = co_await asio::co_spawn(engine_.get_executor(), call(what, record, how, number, made), token);
            if (!done)
                failed = done.error();
        } catch (const boost::system::system_error& thrown) {
            if (thrown.code() != asio::error::operation_aborted)
                throw;
            was_begun = false;
        }
        ++stop->round;
        stop->timer.cancel();
        ++calls_;
        cancelled_ += !was_begun || failed.is_cancelled() ? 1 : 0;
        settle(what, std::move(record), made, failed, was_begun);
    }
}

asio::awaitable<result<void>> load::call(kind what, std::string record, usher::call_options how, int number,
                                         std::string& made)
{
    auto users = clients_[static_cast<std::size_t>(number) % clients_.size()].users();
    switch (what) {
    case kind::get: {
        auto user = co_await users.get(record, how);
        co_return without_value(user);
    }
    case kind::list: {
        auto done = co_await read_some_pages(clients_[random(clients_.size())], how);
        co_return done;
    }
    case kind::count: {
        const usher::clerk::get_users_count_params all;
        auto counted = co_await users.count(all, how);
        co_return without_value(counted);
    }
    case kind::create: {
        usher::clerk::create_user_params params;
        params.external_id = record;
        params.email_address = {record + "@example.com"};
        params.skip_password_requirement = true;
        auto user = co_await users.create(params, how);
        if (user)
            made = user->id;
        co_return without_value(user);
    }
    case kind::change: {
        usher::clerk::update_user_metadata_params change;
        change.public_metadata.emplace()["round"] = random(1000);
        auto user = co_await users.update_metadata(record, change, how);
        co_return without_value(user);
    }
    case kind::upload: {
        usher::clerk::set_user_profile_image_params image;
        image.file = random(2) == 0 ? usher::upload::from_memory(image_, "face.png", "image/png")
                                    : usher::upload::from_file(file_, "image/png");
        auto user = co_await users.set_profile_image(record, image, how);
        co_return without_value(user);
    }
    case kind::remove: {
        auto gone = co_await users.remove(record, how);
        co_return without_value(gone);
    }
    case kind::tokens:
        break;
    }
    auto page = co_await organizations_.organizations().list(how);
    co_return without_value(page);
}

asio::awaitable<result<void>> load::read_some_pages(usher::clerk::client from, usher::call_options how)
{
    usher::clerk::get_user_list_params params;
    params.limit = 25;
    auto pages = from.users().list_pages(params, how);
    // It is dropped with the next page under way.
    for (auto left = 1 + random(3); left != 0; --left) {
        auto page = co_await pages.next();
        if (!page)
            co_return status_of(page.error());
        if (page->empty())
            break;
    }
    co_return result<void>();
}

void load::settle(kind what, std::string record, const std::string& made, const error& failed, bool was_begun)
{
    // A 5xx is an answer, and says nothing of what was done.
    const bool is_sure = !was_begun || !failed || failed.outcome() == usher::call_outcome::not_sent ||
                         (failed.outcome() == usher::call_outcome::answered && failed.status() < 500);
    if (what == kind::create) {
        if (!made.empty()) {
            ++records_.created;
            records_.live.push_back(made);
        } else if (!is_sure) {
            records_.unsure.push_back(std::move(record));
        }
    } else if (what == kind::remove) {
        const bool is_gone = was_begun && (!failed || failed.is_not_found());
        if (is_gone)
            ++records_.deleted;
        else if (is_sure)
            records_.live.push_back(std::move(record));
        else
            records_.leaving.push_back(std::move(record));
    } else if (!record.empty()) {
        records_.live.push_back(std::move(record));
    }
}

} // namespace soak
