// Every single change of a signed request is refused, with its reason.
#include "sample.hpp"

#include <algorithm>

using namespace sample;

namespace {

/// The text with one bit changed, for every bit.
template <class Check>
std::size_t each_flip(const std::string& text, Check check)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit, ++count) {
            std::string changed = text;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ 1U << bit);
            check(changed);
        }
    return count;
}

reason verdict_on(std::string_view own_id, std::string_view time, std::string_view list, std::string_view text)
{
    return why(verifier_at().verify(headers(own_id, time, list), text));
}

bool is_visible(char c)
{
    return c > ' ' && c < 0x7f;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tampering)

BOOST_AUTO_TEST_CASE(every_single_bit_counts)
{
    std::size_t cases = 0;
    cases += each_flip(id, [](const std::string& changed) {
        const bool still_an_id =
            std::all_of(changed.begin(), changed.end(), [](char c) { return is_visible(c) && c != '.'; });
        BOOST_TEST(verdict_on(changed, timestamp, signature, body) ==
                       (still_an_id ? reason::signature_mismatch : reason::malformed_id),
                   changed);
    });
    cases += each_flip(timestamp, [](const std::string& changed) {
        const bool still_a_number =
            std::all_of(changed.begin(), changed.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
            changed[0] != '0';
        const auto distance = still_a_number ? std::stoll(changed) - sent.time_since_epoch().count() : 0;
        BOOST_TEST(verdict_on(id, changed, signature, body) == (!still_a_number   ? reason::malformed_timestamp
                                                                : distance < -300 ? reason::too_old
                                                                : distance > 300  ? reason::too_new
                                                                                  : reason::signature_mismatch),
                   changed);
    });
    cases += each_flip(signature, [](const std::string& changed) {
        const bool still_v1 = changed.starts_with("v1,") && changed[3] != ' ';
        BOOST_TEST(verdict_on(id, timestamp, changed, body) ==
                       (still_v1 ? reason::signature_mismatch : reason::no_v1_signature),
                   changed);
    });
    cases += each_flip(body, [](const std::string& changed) {
        BOOST_TEST(verdict_on(id, timestamp, signature, changed) == reason::signature_mismatch, changed);
    });
    BOOST_TEST_MESSAGE(cases << " single bits changed");
    BOOST_TEST(cases == 8 * (28 + 10 + 47 + 20));
    BOOST_TEST(cases >= 500U);
}

BOOST_AUTO_TEST_CASE(every_byte_that_is_left_out_or_added_counts)
{
    std::size_t cases = 0;
    const std::string parts[] = {id, timestamp, signature, body};
    for (std::size_t part = 0; part < 4; ++part)
        for (std::size_t at = 0; at <= parts[part].size(); ++at)
            for (const bool add : {false, true}) {
                if (!add && at == parts[part].size())
                    continue;
                std::string changed[] = {parts[0], parts[1], parts[2], parts[3]};
                if (add)
                    changed[part].insert(at, 1, '7');
                else
                    changed[part].erase(at, 1);
                BOOST_TEST(!verifier_at().verify(headers(changed[0], changed[1], changed[2]), changed[3]).has_value());
                ++cases;
            }
    BOOST_TEST(cases == 2U * (28 + 10 + 47 + 20) + 4);
}

BOOST_AUTO_TEST_CASE(a_boundary_can_not_be_moved)
{
    // The same signed text, cut elsewhere: id "a", time, body "1.x" has the signature of id "a.time", "1", "x".
    const auto made = sign(usher::secret(secret_text), "a", sent, "1614265330.x");
    BOOST_TEST(verdict_on(std::string("a.") + timestamp, "1614265330", made.signature, "x") == reason::malformed_id);
}

BOOST_AUTO_TEST_CASE(each_header_missing_doubled_or_empty_is_named)
{
    for (const provider from : {provider::clerk, provider::scalekit, provider::scalekit_interceptor}) {
        const auto made = sign(usher::secret(secret_text), id, sent, body);
        const auto all = made.of(from);
        const verifier own = verifier_at(sent, from);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto expect = [&](const std::vector<header>& given, reason because) {
                const auto checked = own.verify(given, body);
                BOOST_TEST(why(checked) == because);
                BOOST_TEST(checked.error().header() == all[i].first);
                BOOST_TEST(checked.error().message().starts_with(all[i].first));
                BOOST_TEST(checked.error().http_status() == 400);
            };
            std::vector<header> given(all.begin(), all.end());
            given.erase(given.begin() + static_cast<std::ptrdiff_t>(i));
            expect(given, reason::missing_header);
            given.assign(all.begin(), all.end());
            given.push_back(all[i]);
            expect(given, reason::duplicate_header);
            given.assign(all.begin(), all.end());
            given[i].second = "";
            expect(given, reason::empty_header);
        }
    }
}

BOOST_AUTO_TEST_CASE(malformed_timestamps_are_refused_as_such)
{
    for (const char* bad :
         {"01614265330", "+1614265330", "-1614265330", " 1614265330", "1614265330 ", "1614265330.0", "1614265330s",
          "0x60379db2", "1.6e9", "0", "1614265330000000", "99999999999999999999", "now", "\xd9\xa1"})
        BOOST_TEST(verdict_on(id, bad, signature, body) == reason::malformed_timestamp, bad);
    BOOST_TEST(verdict_on(id, "999999999999", signature, body) == reason::too_new);
    BOOST_TEST(verdict_on(id, "1614265330000", signature, body) == reason::malformed_timestamp);
    BOOST_TEST(verdict_on(id, "1", signature, body) == reason::too_old);
}

BOOST_AUTO_TEST_CASE(malformed_ids_are_refused_as_such)
{
    for (const std::string& bad :
         {std::string("a b"), std::string("a.b"), std::string("."), std::string("a\tb"), std::string("a\0b", 3),
          std::string("\xc3\xa4"), std::string(257, 'a'), std::string("a, a")})
        BOOST_TEST(verdict_on(bad, timestamp, signature, body) == reason::malformed_id, bad);
    BOOST_TEST(verdict_on(std::string(256, 'a'), timestamp, signature, body) == reason::signature_mismatch);
}

BOOST_AUTO_TEST_SUITE_END()
