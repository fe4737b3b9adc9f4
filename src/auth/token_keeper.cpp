#include "auth/token_keeper_impl.hpp"

namespace usher::auth {

template class basic_token_keeper<std::chrono::steady_clock>;

} // namespace usher::auth
