// Callers that do a bit of everything until they are told to stop.
//
// Vocabulary. A *worker* makes one call after the other. A record is *in hand* while a worker works with it, so that no
// two change the same one. What becomes of it afterwards is what the call's error says: still there, gone, or unknown.
#ifndef USHER_BENCH_SOAK_LOAD_HPP
#define USHER_BENCH_SOAK_LOAD_HPP

#include "soak/figures.hpp"

#include <usher/clerk/client.hpp>
#include <usher/scalekit/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <random>

namespace soak {

namespace asio = boost::asio;

class load {
public:
    load(usher::engine& engine, const service& served, std::shared_ptr<tally> watcher, std::string file,
         std::uint64_t seed);

    /// Starts the workers. They end some time after `stop`.
    void start(int workers);
    void stop() noexcept { stops_ = true; }
    /// `check_records` names each record of unknown outcome.
    void list_unknown() noexcept { lists_ = true; }
    int working() const noexcept { return working_; }
    /// Reads what there is, when nothing else is going on, and holds it against the records.
    asio::awaitable<void> check_records(std::uint64_t users_of_service, verdicts& into);

    /// Records whose own limits the scheduler remembers.
    std::size_t remembered() const;
    const records& known() const noexcept { return records_; }
    std::uint64_t cancelled() const noexcept { return cancelled_; }
    std::uint64_t calls() const noexcept { return calls_; }

private:
    struct stopper;
    enum class kind { get, list, count, create, change, upload, remove, tokens };

    asio::awaitable<void> work(int number);
    asio::awaitable<usher::result<void>> call(kind what, std::string record, usher::call_options how, int number,
                                              std::string& made);
    asio::awaitable<usher::result<void>> read_some_pages(usher::clerk::client from, usher::call_options how);
    kind choose();
    std::string take_record();
    void settle(kind what, std::string record, const std::string& made, const usher::error& failed, bool was_begun);
    std::uint64_t random(std::uint64_t below) { return random_() % below; }

    usher::engine& engine_;
    std::vector<usher::clerk::client> clients_; ///< of two tenants, and one that hedges
    usher::scalekit::client organizations_;
    std::string file_;
    std::string image_;
    records records_;
    std::mt19937_64 random_;
    std::uint64_t number_ = 0;
    std::uint64_t calls_ = 0;
    std::uint64_t cancelled_ = 0;
    int working_ = 0;
    bool stops_ = false;
    bool lists_ = false;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace soak

#endif
