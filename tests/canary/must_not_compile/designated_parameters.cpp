// Parameters as a designated temporary inside co_await: GCC 12 would destroy it twice.
// refused: (could not|cannot) convert .*create_user_params|no matching (member |)function for call to .*create|no
// matching constructor .*create
#include <usher/clerk.hpp>

boost::asio::awaitable<bool> create(usher::clerk::client clerk)
{
#ifdef USHER_MISUSE
    auto user = co_await clerk.users().create({.first_name = "Ada"});
#else
    usher::clerk::create_user_params ada;
    ada.first_name = "Ada";
    auto user = co_await clerk.users().create(ada);
#endif
    co_return user.has_value();
}
