// Tokens: none is accepted but those that the holder of a key signed, byte for byte.
#include "fuzz/promise.hpp"
#include "fuzz/targets.hpp"
#include "token/base64url.hpp"
#include "token/strict_json.hpp"

#include <usher/token/verifier.hpp>

#include <boost/json/parse.hpp>
#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace usher::fuzz {
namespace {

using namespace usher::token;
using usher::token::detail::encode_base64url;

struct free_key {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using private_key = std::unique_ptr<EVP_PKEY, free_key>;

/// Ed25519: key and signature are the same in every run.
private_key key_of(char seed)
{
    const std::string bytes(32, seed);
    return private_key(EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string public_half(const private_key& key)
{
    unsigned char bytes[32];
    std::size_t size = sizeof bytes;
    promise(EVP_PKEY_get_raw_public_key(key.get(), bytes, &size) == 1, "OpenSSL gives a public key");
    return encode_base64url({reinterpret_cast<const char*>(bytes), size});
}

std::string signed_text(const private_key& key, std::string_view header, std::string_view payload)
{
    const auto text = encode_base64url(header) + "." + encode_base64url(payload);
    unsigned char bytes[64];
    std::size_t size = sizeof bytes;
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    promise(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                EVP_DigestSign(context.get(), bytes, &size, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size()) == 1,
            "OpenSSL signs");
    return text + "." + encode_base64url({reinterpret_cast<const char*>(bytes), size});
}

const unix_seconds now{std::chrono::seconds(1'700'000'000)};

/// Two keys that sign, and the public examples of RFC 7515, whose private halves nobody uses here.
struct issuer {
    issuer() : first(key_of('a')), second(key_of('b'))
    {
        const auto okp = [](const private_key& key, const char* id) {
            return R"({"kty":"OKP","crv":"Ed25519","x":")" + public_half(key) + "\"" + id + "}";
        };
        keys = key_set::from_jwks(
                   R"({"keys":[)" + okp(first, R"(,"kid":"a")") + "," + okp(second, R"(,"kid":"b","alg":"EdDSA")") +
                   R"(,{"kty":"EC","crv":"P-256","kid":"e","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                   R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},{"kty":"RSA","kid":"r","e":"AQAB",)"
                   R"("n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0)"
                   R"(Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re)"
                   R"(xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvU)"
                   R"(K-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]})")
                   .value();
        const std::string session =
            R"({"sub":"user_1","sid":"sess_1","iss":"https://c.example","azp":"https://a.example",)"
            R"("exp":1700000060,"iat":1699999990,"nbf":1699999980,"v":2,"fva":[0,-1],"sts":"active",)"
            R"("o":{"id":"org_1","rol":"admin","slg":"s","per":"read,manage","fpm":"3"},)"
            R"("fea":"o:articles","pla":"u:free","act":{"sub":"user_2"}})";
        const std::string access =
            R"({"sub":"usr_1","iss":"https://s.example","exp":1700000060,"iat":1699999990,)"
            R"("aud":["skc_1"],"client_id":"skc_1","oid":"org_1","sid":"ses_1","roles":["admin"],)"
            R"("permissions":["a:b"],"scope":"openid email","jti":"tok_1"})";
        good = {signed_text(first, R"({"alg":"EdDSA","typ":"JWT","kid":"a"})", session),
                signed_text(second, R"({"alg":"EdDSA","typ":"at+jwt","kid":"b"})", access),
                signed_text(second, R"({"typ":"JWT","kid":"b","alg":"EdDSA"})", session)};
    }

    private_key first;
    private_key second;
    key_set keys;
    std::vector<std::string> good;
};

const issuer& own()
{
    static const issuer made;
    return made;
}

const verifier& judge()
{
    static const verifier made(own().keys);
    return made;
}

/// What holds for every token that is accepted, whoever signed it.
template <class Claims>
bool is_accepted(std::string_view text)
{
    const auto verdict = judge().check<Claims>(text, now);
    if (!verdict) {
        promise(verdict.error().reason != reason::none, "a refusal has a reason");
        // The refusals' own words are found by the fuzzer too; no 24 characters of them are without a space.
        const bool could_be_words = text.size() < 24 || text.find(' ') != std::string_view::npos;
        promise(could_be_words || verdict.error().text.find(text) == std::string::npos,
                "a refusal does not tell the token");
        return false;
    }
    promise(!verdict->subject.empty(), "a token is about somebody");
    promise(verdict->expires + std::chrono::seconds(5) >= now, "a token is not expired");
    promise(!verdict->not_before || *verdict->not_before - std::chrono::seconds(5) <= now, "a token is valid already");
    promise(!verdict->issued || *verdict->issued - std::chrono::seconds(5) <= now, "a token was issued before now");
    return true;
}

bool is_accepted_as_any(std::string_view text)
{
    // Bitwise, so that all of them are asked.
    return static_cast<int>(is_accepted<session_claims>(text)) +
               static_cast<int>(is_accepted<scalekit_access_claims>(text)) +
               static_cast<int>(is_accepted<oauth_claims>(text)) >
           0;
}

void is_good_or_refused(const std::string& text)
{
    const auto& good = own().good;
    if (is_accepted_as_any(text))
        promise(std::find(good.begin(), good.end(), text) != good.end(), "only what was signed is accepted");
}

/// A good token with some of its bytes changed.
std::string edited(input& from)
{
    std::string text = own().good[from.byte() % own().good.size()];
    while (!from.empty() && !text.empty()) {
        const auto how = from.byte();
        const auto at = from.pair() % text.size();
        if (how % 4 == 0)
            text[at] = static_cast<char>(from.byte());
        else if (how % 4 == 1)
            text.erase(at, 1U + how / 16U);
        else if (how % 4 == 2)
            text.insert(at, 1, static_cast<char>(from.byte()));
        else
            text.insert(at, text.substr(from.pair() % text.size(), 1U + how / 4U));
    }
    return text;
}

/// Parts of the input's own, with a signature that fits or does not.
void look_at_parts(input& from)
{
    const auto how = from.byte();
    const auto header = std::string(from.line());
    const auto payload = std::string(from.rest());
    if (how % 4 == 0) {
        const auto& good = own().good[how / 4 % own().good.size()];
        is_good_or_refused(encode_base64url(header) + "." + encode_base64url(payload) + good.substr(good.rfind('.')));
        return;
    }
    const auto& key = how % 4 == 1 ? own().first : own().second;
    const std::string known = how % 4 == 1 ? R"({"alg":"EdDSA","kid":"a"})" : R"({"alg":"EdDSA","kid":"b"})";
    const auto text = signed_text(key, how % 4 == 3 ? header : known, payload);
    if (!is_accepted_as_any(text))
        return;
    const auto claims = usher::token::detail::parse_strict(payload, 32);
    promise(claims.has_value(), "the claims of a token are one JSON object");
    const auto* subject = claims->if_contains("sub");
    promise(subject != nullptr && subject->is_string(), "a token that is accepted has a subject");
    const auto* expires = claims->if_contains("exp");
    promise(expires != nullptr && expires->is_number() && expires->to_number<double>() > 1'699'999'990.0,
            "a token that is accepted has a time at which it expires");
    is_good_or_refused(text + "A");
    is_good_or_refused(text.substr(0, text.size() - 1));
}

} // namespace

void jwt(std::string_view bytes)
{
    static const bool works =
        is_accepted_as_any(own().good[0]) && is_accepted_as_any(own().good[1]) && is_accepted_as_any(own().good[2]);
    promise(works, "what was signed is accepted");
    input from(bytes);
    switch (from.byte() % 4) {
    case 0:
        is_good_or_refused(edited(from));
        break;
    case 1:
        look_at_parts(from);
        break;
    default: {
        const std::string text(from.rest());
        is_good_or_refused(text);
        if (const auto read = decode_unverified(text))
            promise(std::count(text.begin(), text.end(), '.') == 2, "a token has three parts");
    }
    }
}

} // namespace usher::fuzz
