// The token of a call: taken, waited for, refused.
#include "call/prepared_call.hpp"

namespace usher::detail {

namespace {

error unusable(const char* text)
{
    error_details details;
    details.kind = error_kind::credentials;
    details.stage = call_stage::credentials;
    details.text = text;
    return error(std::move(details));
}

} // namespace

bool prepared_call::take_token()
{
    if (block && block->generation == 0)
        return true;
    const auto token = client->source ? client->source->current() : nullptr;
    if (!token || token->generation <= refused_token)
        return false;
    const auto& made = client->block_with(*token);
    if (!made)
        return false;
    block = made;
    return true;
}

boost::asio::awaitable<error> prepared_call::obtain_token(time_point deadline)
{
    auto obtained = co_await client->source->obtain(deadline);
    if (!obtained)
        co_return obtained.error() ? obtained.error() : unusable("the source of tokens failed without a reason");
    if (!*obtained || (*obtained)->generation <= refused_token)
        co_return unusable("the source of tokens has none but the one that the service refuses");
    const auto& made = client->block_with(**obtained);
    if (!made)
        co_return unusable("the token is empty, or has a space or a character that no header may have");
    block = made;
    co_return error();
}

bool prepared_call::refuse_token()
{
    if (!block || block->generation == 0)
        return false;
    auto& source_of_tokens = *client->source;
    source_of_tokens.refuse(block->generation);
    const auto newest = source_of_tokens.current();
    // It keeps to the token: the service means this call, not its token.
    if (newest && newest->generation <= block->generation)
        return false;
    // One that is there already costs no fetch; a fetch is asked for once in a call.
    if (!newest && is_renewed)
        return false;
    is_renewed = is_renewed || !newest;
    refused_token = block->generation;
    return true;
}

} // namespace usher::detail
