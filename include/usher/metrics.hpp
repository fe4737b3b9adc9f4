// Counters and histograms of calls, for Prometheus and the like.
#ifndef USHER_METRICS_HPP
#define USHER_METRICS_HPP

#include <usher/client.hpp>
#include <usher/engine.hpp>
#include <usher/observer.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace usher {

/// Counts what it observes, by service and operation, and how long things took.
///
/// Give it to clients as their `watcher`; a token source's and any number of engines' may be the same one. Nothing is
/// allocated for an event after the first one of its operation. *Thread safety*: every member may be called from any
/// thread, except that `look` reads an engine or a client and so runs where that one does.
class metrics final : public observer {
public:
    metrics();
    ~metrics() override;
    metrics(const metrics&) = delete;
    metrics& operator=(const metrics&) = delete;

    void on_attempt(const attempt_event& event) noexcept override;
    void on_call(const call_event& event) noexcept override;

    /// Takes over what the engine has open now; `name` tells several engines apart.
    void look(const engine& of, std::string_view name = "");
    /// Takes over how far the client's quota is used now; `name` tells several clients' quotas apart.
    void look(const basic_client& of, std::string_view name = "");

    /// Appends everything in Prometheus' text format 0.0.4 (`text/plain; version=0.0.4`). Times are seconds.
    void write_prometheus(std::string& out) const;
    void write_prometheus(std::ostream& out) const;

private:
    class figures;
    std::unique_ptr<figures> figures_;
};

} // namespace usher

#endif
