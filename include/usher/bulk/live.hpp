// A live instance as a source, and as a file.
#ifndef USHER_BULK_LIVE_HPP
#define USHER_BULK_LIVE_HPP

#include <usher/bulk/source.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace usher::clerk {
class client;
}
namespace usher::scalekit {
class client;
}

namespace usher::bulk {

struct live_options {
    live_options() = default;
    bool organizations = true;
    bool users = true;
    bool memberships = true;
    /// Each call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{3'600'000};
};

/// Everything in an instance of Clerk or of Scalekit, as records of `source_format::usher`: organizations first, then
/// users with their memberships. Read in order of creation, so that what is created or deleted meanwhile makes nothing
/// else be missed or seen twice. Memberships are collected on disk first; memory does not grow with the instance.
std::unique_ptr<source> open_clerk(boost::asio::any_io_executor executor, const clerk::client& client,
                                   live_options options = live_options());
std::unique_ptr<source> open_scalekit(boost::asio::any_io_executor executor, const scalekit::client& client,
                                      live_options options = live_options());

} // namespace usher::bulk

#endif
