#include "token/key_source_impl.hpp"

namespace usher::token {

namespace detail {

template class basic_key_source<std::chrono::steady_clock>;

namespace {

boost::asio::awaitable<result<void>> wait_until_ready(std::shared_ptr<key_source_state> source)
{
    auto found = source->look({});
    if (found == key_lookup::wait) {
        co_await source->settled();
        found = source->look({});
    }
    if (found == key_lookup::at_hand)
        co_return result<void>();
    if (source->state().trouble())
        co_return source->state().trouble();
    error_details details;
    details.kind = error_kind::timeout;
    details.text = "the key set did not come in time";
    co_return usher::error(std::move(details));
}

} // namespace

} // namespace detail

key_source::key_source(std::shared_ptr<detail::key_source_state> state) : state_(std::move(state)) {}

const std::string& key_source::issuer() const noexcept
{
    return state_->issuer();
}

key_set key_source::at_hand() const
{
    return state_->state().keys();
}

key_source_counters key_source::counters() const noexcept
{
    return state_->state().counters();
}

boost::asio::awaitable<result<void>> key_source::ready() const
{
    return detail::wait_until_ready(state_);
}

} // namespace usher::token
