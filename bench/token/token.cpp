// Verification of a Clerk session token beside OpenSSL's bare signature check of the same bytes.
//
// All ways take turns within each round, in one thread, so that a change of the machine's speed meets all of them. Each
// figure is the median of the thread's CPU time over the rounds.
#include "token/base64url.hpp"
#include "token/openssl.hpp"

#include <usher/token.hpp>

#include <openssl/pem.h>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace token = usher::token;
using token::detail::decode_base64url;
using token::detail::encode_base64url;

/// CPU time of this thread: what else runs on the machine does not count.
double microseconds_now()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "bench_token: %s\n", what);
    std::exit(1);
}

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// What one way costs in each round.
struct way {
    const char* name;
    std::function<bool()> once;
    std::vector<double> figures{};

    double median()
    {
        std::sort(figures.begin(), figures.end());
        return figures[figures.size() / 2];
    }
};

void measure(std::vector<way>& ways, int rounds, int calls)
{
    for (auto& each : ways)
        for (int i = 0; i != calls / 10 + 1; ++i)
            require(each.once(), each.name);
    for (int round = 0; round != rounds; ++round) {
        for (std::size_t turn = 0; turn != ways.size(); ++turn) {
            auto& each = ways[(turn + static_cast<std::size_t>(round)) % ways.size()];
            bool all = true;
            const double begin = microseconds_now();
            for (int i = 0; i != calls; ++i)
                all &= each.once();
            each.figures.push_back((microseconds_now() - begin) / calls);
            require(all, each.name);
        }
    }
}

void print(std::vector<way>& ways)
{
    const double base = ways.front().median();
    std::printf("| way | µs of CPU | of its peer |\n|---|---|---|\n");
    for (auto& each : ways)
        std::printf("| %s | %.2f | %.2f |\n", each.name, each.median(), each.median() / base);
}

} // namespace

int main(int count, char** texts)
{
    const bool quick = count > 1 && std::string_view(texts[1]) == "--quick";
    const int rounds = quick ? 3 : 51, calls = quick ? 20 : 400;

    const token::detail::pkey_ptr key(EVP_RSA_gen(2048));
    require(key != nullptr, "no key");
    const token::detail::bio_ptr pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(pem.get(), key.get());
    char* pem_text = nullptr;
    const long pem_size = BIO_get_mem_data(pem.get(), &pem_text);
    const auto keys = token::key_set::from_pem({pem_text, static_cast<std::size_t>(pem_size)}).value();

    // What a session of version 2 with an organization says.
    const std::string header =
        R"({"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_2bM4vUJcbTGkBZ1q7nYx","typ":"JWT"})";
    const std::string claims =
        R"({"azp":"https://app.example.com","exp":4102444800,"fea":"o:articles,u:mail,o:billing","fva":[3,-1],)"
        R"("iat":1700000000,"iss":"https://clerk.example.com","jti":"0a1b2c3d4e5f60718293","nbf":1699999990,)"
        R"("o":{"fpm":"5,0,2","id":"org_2bM4vUJcbTGkBZ1q7nYx","per":"read,write,delete","rol":"admin","slg":"acme"},)"
        R"("pla":"u:free,o:pro","sid":"sess_2bM4vUJcbTGkBZ1q7nYx","sts":"active","sub":"user_2bM4vUJcbTGkBZ1q7nYx","v":2})";
    const std::string input = encode_base64url(header) + '.' + encode_base64url(claims);
    const token::detail::md_ctx_ptr signing(EVP_MD_CTX_new());
    std::string signature(512, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(input),
                   input.size());
    signature.resize(size);
    const std::string text = input + '.' + encode_base64url(signature);

    token::verify_options options;
    options.issuer = "https://clerk.example.com";
    options.authorized_parties = {"https://app.example.com"};
    const token::verifier plain(keys, options);
    options.cache = token::verified_cache(1000);
    const token::verifier cached(keys, options);

    const token::detail::md_ctx_ptr checking(EVP_MD_CTX_new());
    const token::detail::md_ptr digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    const auto bare = [&](const EVP_MD* with) {
        EVP_MD_CTX_reset(checking.get());
        return EVP_DigestVerifyInit(checking.get(), nullptr, with, nullptr, key.get()) == 1 &&
               EVP_DigestVerify(checking.get(), bytes_of(signature), signature.size(), bytes_of(input), input.size()) ==
                   1;
    };
    // What an engineer by hand would do to save the making of the context.
    const token::detail::md_ctx_ptr ready(EVP_MD_CTX_new()), copy(EVP_MD_CTX_new());
    require(EVP_DigestVerifyInit(ready.get(), nullptr, digest.get(), nullptr, key.get()) == 1, "no context");
    const auto copied = [&] {
        return EVP_MD_CTX_copy_ex(copy.get(), ready.get()) == 1 &&
               EVP_DigestVerify(copy.get(), bytes_of(signature), signature.size(), bytes_of(input), input.size()) == 1;
    };
    std::printf("RS256, RSA of 2048 bits, a token of %zu bytes, %d rounds of %d\n\n", text.size(), rounds, calls);
    std::vector<way> ways;
    ways.push_back({"EVP_DigestVerify, digest fetched before", [&] { return bare(digest.get()); }});
    ways.push_back({"EVP_DigestVerify, EVP_sha256()", [&] { return bare(EVP_sha256()); }});
    ways.push_back({"copy of a ready context, EVP_DigestVerify", copied});
    ways.push_back(
        {"usher: verified, claims typed", [&] { return plain.check<token::session_claims>(text).has_value(); }});
    measure(ways, rounds, calls);
    print(ways);

    std::printf("\nThe same token again, out of the cache\n\n");
    std::vector<way> again;
    again.push_back({"SHA-256 of the token, EVP_Digest", [&] {
                         unsigned char out[32];
                         return EVP_Digest(text.data(), text.size(), out, nullptr, digest.get(), nullptr) == 1;
                     }});
    again.push_back({"usher: hit", [&] { return cached.check<token::session_claims>(text).has_value(); }});
    measure(again, rounds, calls * 10);
    print(again);
}
