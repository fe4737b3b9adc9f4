// The token of a call: taken, waited for, refused.
#include "call/prepared_call.hpp"

namespace usher::detail {

bool prepared_call::take_token()
{
    auto* source_of_tokens = client->source.get();
    if (block && block->generation == 0)
        return true;
    if (source_of_tokens == nullptr)
        return false;
    const auto token = source_of_tokens->current();
    // The one that it holds may be used until the service refuses it, even when the source has given it up.
    if (!token || token->generation <= refused_token)
        return block && block->generation > refused_token;
    block = client->block_with(*token);
    return block != nullptr;
}

boost::asio::awaitable<error> prepared_call::obtain_token(time_point deadline)
{
    auto obtained = co_await client->source->obtain(refused_token, deadline);
    if (!obtained)
        co_return obtained.error();
    block = client->block_with(**obtained);
    if (block)
        co_return error();
    error_details details;
    details.kind = error_kind::credentials;
    details.stage = call_stage::credentials;
    details.text = "the token has a character that no header may have";
    co_return error(std::move(details));
}

bool prepared_call::refuse_token()
{
    if (!block || block->generation == 0)
        return false;
    const auto newest = client->source->current();
    const bool is_newest = !newest || newest->generation <= block->generation;
    if (is_newest && is_renewed)
        return false;
    is_renewed = is_renewed || is_newest;
    refused_token = block->generation;
    return true;
}

} // namespace usher::detail
