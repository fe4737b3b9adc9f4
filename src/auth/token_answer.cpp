#include "auth/token_answer.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include <openssl/crypto.h>

#include <charconv>
#include <cmath>
#include <vector>

namespace usher::auth {

namespace {

namespace json = boost::json;

error unreadable(std::string text)
{
    error_details details;
    details.kind = error_kind::decode;
    details.stage = call_stage::credentials;
    details.outcome = call_outcome::answered;
    details.text = "the token endpoint's answer: " + std::move(text);
    return error(std::move(details));
}

/// Memory for the parsed answer, wiped when it goes; more than it holds comes from the heap.
class wiped_buffer {
public:
    explicit wiped_buffer(std::size_t size) : bytes_(size) {}
    wiped_buffer(const wiped_buffer&) = delete;
    wiped_buffer& operator=(const wiped_buffer&) = delete;
    ~wiped_buffer() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    unsigned char* data() noexcept { return bytes_.data(); }
    std::size_t size() const noexcept { return bytes_.size(); }

private:
    std::vector<unsigned char> bytes_;
};

const json::string* text_in(const json::object& object, std::string_view name)
{
    const auto* found = object.if_contains(name);
    return found == nullptr ? nullptr : found->if_string();
}

/// Whole seconds from a number or, as some servers send it, a text. Empty: neither.
std::optional<std::chrono::seconds> seconds_of(const json::value& value)
{
    constexpr std::int64_t most = 100LL * 366 * 24 * 3600;
    if (const auto* whole = value.if_int64())
        return std::chrono::seconds(std::clamp<std::int64_t>(*whole, 0, most));
    if (value.is_uint64())
        return std::chrono::seconds(most);
    if (const auto* number = value.if_double())
        return std::isfinite(*number) ? std::optional(std::chrono::seconds(static_cast<std::int64_t>(
                                            std::clamp(*number, 0.0, static_cast<double>(most)))))
                                      : std::nullopt;
    if (const auto* text = value.if_string()) {
        std::int64_t number = 0;
        const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), number);
        if (ec == std::errc() && end == text->data() + text->size())
            return std::chrono::seconds(std::clamp<std::int64_t>(number, 0, most));
    }
    return std::nullopt;
}

} // namespace

result<token_answer> read_token_answer(std::string_view body)
{
    wiped_buffer buffer(body.size() * 4 + 4096);
    json::monotonic_resource memory(buffer.data(), buffer.size());
    boost::system::error_code ec;
    const auto parsed = json::parse(json::string_view(body.data(), body.size()), ec, &memory);
    if (ec)
        return unreadable("it is no JSON");
    const auto* object = parsed.if_object();
    if (object == nullptr)
        return unreadable("it is no JSON object");
    const auto* token = text_in(*object, "access_token");
    if (token == nullptr || token->empty())
        return unreadable("it has no access_token");
    if (const auto* type = text_in(*object, "token_type")) {
        std::string lower;
        for (const char c : *type)
            lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (lower != "bearer")
            return unreadable("its token_type is not Bearer");
    }
    token_answer answer;
    answer.access_token = secret(std::string_view(token->data(), token->size()));
    if (const auto* refresh = text_in(*object, "refresh_token"))
        answer.refresh_token = secret(std::string_view(refresh->data(), refresh->size()));
    if (const auto* id = text_in(*object, "id_token"))
        answer.id_token = secret(std::string_view(id->data(), id->size()));
    if (const auto* scope = text_in(*object, "scope"))
        answer.scope.assign(scope->data(), scope->size());
    if (const auto* life = object->if_contains("expires_in"); life != nullptr && !life->is_null()) {
        answer.expires_in = seconds_of(*life);
        if (!answer.expires_in)
            return unreadable("its expires_in is no number of seconds");
    }
    return answer;
}

} // namespace usher::auth
