// Where limits with long windows are remembered, so that a restart does not use them a second time.
#ifndef USHER_QUOTA_STORE_HPP
#define USHER_QUOTA_STORE_HPP

#include <memory>
#include <string>

namespace usher {

/// Keeps one text per instance. `engine_options::quota_memory` takes one.
///
/// Without a store, a limit with a window of a minute or more starts almost empty: a twentieth of it may leave at
/// once, the rest comes evenly, until a whole window has been seen.
/// *Thread safety*: called on the engine's executor. One store may serve engines that never run at the same time.
class quota_store {
public:
    virtual ~quota_store() = default;
    /// What `save` was given last for this instance; empty when there is none. *Errors*: `std::runtime_error`.
    virtual std::string load(const std::string& instance) = 0;
    /// Called before a request that draws on such a limit is sent; it has to be kept when this returns, also when the
    /// process dies right after. `instance` names one without its key. *Errors*: `std::runtime_error`; then the request
    /// is not sent.
    virtual void save(const std::string& instance, const std::string& text) = 0;
};

/// One file per instance in `folder`, which is made with access for its owner only. One that
/// exists must belong to the user that runs this, and nobody else may write there. A file is replaced as a whole.
/// *Errors*: `std::runtime_error` that names the file.
std::shared_ptr<quota_store> quota_store_in(const std::string& folder);

} // namespace usher

#endif
