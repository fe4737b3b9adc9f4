#include "bulk/live/live_source.hpp"

#include "call/client_state.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/evp.h>

#include <stdexcept>

namespace asio = boost::asio;

namespace usher::bulk {

live_source::live_source(asio::any_io_executor executor, live_options options, std::string instance)
    : executor_(std::move(executor)), options_(options), instance_(std::move(instance))
{
}

// A page is read by a coroutine of its own, so that `cancel` can end it wherever it waits. Who cancels the coroutine
// that called this ends it too.
asio::awaitable<std::optional<source_record>> live_source::next()
{
    while (ready_.empty() && !finished_ && !cancelled_) {
        const auto state = co_await asio::this_coro::cancellation_state;
        auto outer = state.slot();
        if (outer.is_connected())
            outer.assign([this](asio::cancellation_type type) { signal_.emit(type); });
        auto token = asio::bind_cancellation_slot(signal_.slot(), asio::use_awaitable);
        std::exception_ptr thrown;
        try {
            co_await asio::co_spawn(executor_, read_on(), token);
        } catch (...) {
            thrown = std::current_exception();
        }
        if (outer.is_connected())
            outer.clear();
        if (thrown && !cancelled_)
            std::rethrow_exception(thrown);
    }
    std::optional<source_record> record;
    if (!ready_.empty() && !cancelled_) {
        record = std::move(ready_.front());
        ready_.pop_front();
    }
    co_return std::move(record);
}

void live_source::cancel()
{
    cancelled_ = true;
    signal_.emit(asio::cancellation_type::terminal);
}

void live_source::give(boost::json::object fields)
{
    source_record record;
    record.format = source_format::usher;
    record.fields = std::move(fields);
    record.end_offset = ++given_;
    ready_.push_back(std::move(record));
}

call_options live_source::of_call() const
{
    call_options call;
    call.deadline = options_.deadline;
    call.priority = lane::bulk;
    return call;
}

void live_source::fail(const char* what, std::uint64_t after, const error& why)
{
    throw std::runtime_error(std::string("reading the ") + what + " ended after " + std::to_string(after) +
                             " of them: " + why.message());
}

std::string instance_name(std::string_view service, const basic_client& client, bool with_key)
{
    const auto& state = *client.state();
    auto name = std::string(service) + ' ' + state.url.origin() + state.url.prefix;
    const auto& block = state.fixed_block(detail::credential_use::client);
    if (!with_key || !block)
        return name;
    constexpr std::string_view scheme = "Bearer ";
    auto key = block->lines.reveal();
    const auto begin = key.find(scheme);
    if (begin == std::string_view::npos)
        return name;
    key = key.substr(begin + scheme.size());
    key = key.substr(0, key.find('\r'));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(key.data(), key.size(), digest, &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("a digest can't be made");
    constexpr char digits[] = "0123456789abcdef";
    name += " key ";
    for (int i = 0; i != 4; ++i) {
        name += digits[digest[i] >> 4];
        name += digits[digest[i] & 15];
    }
    return name;
}

} // namespace usher::bulk
