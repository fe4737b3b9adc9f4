// Webhooks: a request is accepted exactly if its signature is that of another program's HMAC.
#include <usher/webhook.hpp>

#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"

#include <boost/beast/core/string.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cctype>
#include <vector>

namespace usher::fuzz {
namespace {

using namespace usher::webhook;

constexpr std::int64_t now = 1'700'000'000;
constexpr std::string_view key_bytes = "0123456789abcdef0123456789abcdef";
constexpr const char* key_text = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

std::string signature_of(std::string_view id, std::string_view time, std::string_view body)
{
    const auto text = std::string(id) + "." + std::string(time) + "." + std::string(body);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key_bytes.data(), static_cast<int>(key_bytes.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
    unsigned char out[64];
    EVP_EncodeBlock(out, digest, static_cast<int>(size));
    return reinterpret_cast<const char*>(out);
}

struct request {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    /// The one field of this name; null if there is none or there are several.
    const std::string* find(std::string_view name) const
    {
        const std::string* found = nullptr;
        for (const auto& [own, value] : fields)
            if (boost::beast::iequals(own, boost::beast::string_view(name.data(), name.size()))) {
                if (found != nullptr)
                    return nullptr;
                found = &value;
            }
        return found;
    }
};

/// `name: value` line by line, an empty line, the body. In the signatures `$` stands for the right one, and `~` for one
/// that differs from it in one character.
request request_of(input from)
{
    request made;
    for (auto line = from.line(); !line.empty(); line = from.line()) {
        const auto colon = std::min(line.find(':'), line.size());
        auto value = line.substr(std::min(colon + 1, line.size()));
        value.remove_prefix(value.starts_with(' ') ? 1 : 0);
        made.fields.emplace_back(line.substr(0, colon), value);
    }
    made.body = from.rest();
    const auto* id = made.find("svix-id");
    const auto* time = made.find("svix-timestamp");
    if (id == nullptr || time == nullptr)
        return made;
    const auto right = signature_of(*id, *time, made.body);
    auto nearly = right;
    auto& other = nearly[made.body.size() % (right.size() - 1)];
    other = other == 'A' ? 'B' : 'A';
    for (auto& [name, value] : made.fields) {
        if (!boost::beast::iequals(name, "svix-signature"))
            continue;
        std::string filled;
        for (const char c : value)
            filled += c == '$' ? right : c == '~' ? nearly : std::string(1, c);
        value = filled;
    }
    return made;
}

/// By the documents of the scheme, and nothing of the code under test.
bool is_right(const request& of)
{
    const auto* id = of.find("svix-id");
    const auto* time = of.find("svix-timestamp");
    const auto* list = of.find("svix-signature");
    if (id == nullptr || time == nullptr || list == nullptr || id->empty() || id->size() > 256 || time->empty() ||
        time->size() > 12 || time->front() == '0')
        return false;
    for (const char c : *id)
        if (c <= ' ' || c > '~' || c == '.')
            return false;
    std::int64_t seconds = 0;
    for (const char c : *time) {
        if (c < '0' || c > '9')
            return false;
        seconds = seconds * 10 + (c - '0');
    }
    if (seconds < now - 300 || seconds > now + 300)
        return false;
    const auto wanted = " v1," + signature_of(*id, *time, of.body) + " ";
    return (" " + *list + " ").find(wanted) != std::string::npos;
}

} // namespace

void webhook(std::string_view bytes)
{
    static const verifier judge = [] {
        verifier_options options;
        options.now = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(now)); };
        return verifier(provider::clerk, secret(key_text), options);
    }();
    const auto of = request_of(input(bytes));
    std::vector<header> fields;
    for (const auto& [name, value] : of.fields)
        fields.emplace_back(name, value);
    const auto verdict = judge.verify(fields, of.body);
    promise(verdict.has_value() == is_right(of), "a request is accepted if it was signed, and else not");
    if (!verdict) {
        const auto status = verdict.error().http_status();
        promise(status == 400 || status == 401 || status == 413, "a refusal has a status");
        const auto* list = of.find("svix-signature");
        promise(list == nullptr || list->size() < 40 || verdict.error().message().find(*list) == std::string::npos,
                "a refusal does not tell the signature");
        return;
    }
    promise(verdict->id == *of.find("svix-id"), "what is accepted has its id");
    auto other = of.body;
    other += '\n';
    promise(!judge.verify(fields, other), "another body has another signature");
}

} // namespace usher::fuzz
