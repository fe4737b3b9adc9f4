// Call options as a designated temporary inside co_await: GCC 12 would destroy it twice.
// refused: (could not|cannot) convert .*call_options|no matching constructor for initialization of .*call_options
#include <usher/clerk.hpp>

boost::asio::awaitable<bool> read(usher::clerk::client clerk)
{
#ifdef USHER_MISUSE
    auto user = co_await clerk.users().get("user_1", {.validate = false});
#else
    usher::call_options unchecked;
    unchecked.validate = false;
    auto user = co_await clerk.users().get("user_1", unchecked);
#endif
    co_return user.has_value();
}
