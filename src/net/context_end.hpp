// The end of an execution context, as whoever may outlive it has to know of it.
//
// An engine may be destroyed after its context, though nobody can call it any more. A socket may not: it belongs to a
// service of the context. So what keeps sockets is told when the context begins to go, while its services are
// still there; and timers live only as long as a coroutine waits for them, which the context takes along.
#ifndef USHER_NET_CONTEXT_END_HPP
#define USHER_NET_CONTEXT_END_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/list.hpp>

namespace usher::detail {

class context_ends;

/// *Thread safety*: may be made and destroyed on any thread; `over` is called on the one that destroys the context.
class context_end : public boost::intrusive::list_base_hook<> {
public:
    explicit context_end(const boost::asio::any_io_executor& executor);
    context_end(const context_end&) = delete;
    context_end& operator=(const context_end&) = delete;

protected:
    ~context_end();
    /// Called at most once: from now on nothing of the context may be kept.
    virtual void over() noexcept = 0;

private:
    friend class context_ends;
    context_ends* told_by_; ///< null: it has been told
};

} // namespace usher::detail

#endif
