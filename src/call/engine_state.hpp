// What an engine is made of.
#ifndef USHER_CALL_ENGINE_STATE_HPP
#define USHER_CALL_ENGINE_STATE_HPP

#include <usher/detail/operation.hpp>
#include <usher/engine.hpp>
#include <usher/secret.hpp>

#include "call/health.hpp"
#include "pool/pool.hpp"
#include "retry/rng.hpp"
#include "schedule/limiter.hpp"

namespace usher::detail {

class engine_state {
public:
    engine_state(boost::asio::any_io_executor executor, engine_options options);
    engine_state(const engine_state&) = delete;
    engine_state& operator=(const engine_state&) = delete;

    /// What clients with the same address, service and key share.
    struct instance {
        std::shared_ptr<schedule::limiter> limits;
        std::shared_ptr<service_health> health; ///< how the service has been doing
    };
    /// *Errors*: `std::invalid_argument` for a quota that the service's operations can't have; `std::runtime_error` for
    /// what `quota_memory` holds.
    instance instance_for(const base_url& url, const service_info& service, const secret& key,
                          const usher::quota& quota);

    boost::asio::any_io_executor executor;
    engine_options options;
    engine_counters counters;
    std::shared_ptr<deadline_queue> deadlines;
    pool connections;
    retry::rng random;
    std::unique_ptr<observer> log; ///< as the environment asks for; null: none

private:
    struct kept_instance {
        instance shared;
        std::chrono::steady_clock::time_point asked_for;
    };
    std::map<std::string, kept_instance> instances_;
};

/// Counts a call from its begin to its end, however it ends.
class call_scope {
public:
    explicit call_scope(engine_counters& counters) : counters_(counters)
    {
        ++counters_.calls;
        ++counters_.in_flight;
    }
    call_scope(const call_scope&) = delete;
    call_scope& operator=(const call_scope&) = delete;
    ~call_scope()
    {
        --counters_.in_flight;
        ++(answered_ ? counters_.answers : counters_.errors);
    }
    void answered() noexcept { answered_ = true; }
    /// The call that has just begun, from 1.
    std::uint64_t number() const noexcept { return counters_.calls; }

private:
    engine_counters& counters_;
    bool answered_ = false;
};

} // namespace usher::detail

#endif
