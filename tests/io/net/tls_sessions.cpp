#include "net/tls.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace usher::detail;

namespace {

constexpr std::time_t start = 1'700'000'000;

SSL_SESSION* session(int number, long life, int version = TLS1_3_VERSION, std::time_t at = start)
{
    auto* const made = SSL_SESSION_new();
    const std::array<unsigned char, 4> id = {1, 2, static_cast<unsigned char>(number >> 8),
                                             static_cast<unsigned char>(number)};
    SSL_SESSION_set1_id(made, id.data(), id.size());
    SSL_SESSION_set_time(made, static_cast<long>(at));
    SSL_SESSION_set_timeout(made, life);
    SSL_SESSION_set_protocol_version(made, version);
    return made;
}

int number_of(const SSL_SESSION* one)
{
    unsigned size = 0;
    const auto* id = SSL_SESSION_get_id(one, &size);
    return size == 4 ? id[2] << 8 | id[3] : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_sessions_of_an_origin)

BOOST_AUTO_TEST_CASE(are_used_once_and_the_youngest_first)
{
    tls_sessions kept;
    BOOST_TEST(kept.take(start) == nullptr);
    for (int i = 1; i <= 3; ++i)
        kept.put(session(i, 7200));
    for (int i = 3; i >= 1; --i)
        BOOST_TEST(number_of(kept.take(start + 1).get()) == i);
    BOOST_TEST(kept.take(start + 1) == nullptr);
}

BOOST_AUTO_TEST_CASE(are_not_offered_past_their_lifetime)
{
    tls_sessions kept;
    kept.put(session(1, 7200));
    kept.put(session(2, 100));
    kept.put(session(3, 60));
    BOOST_TEST(number_of(kept.take(start + 60).get()) == 2);
    BOOST_TEST(kept.size() == 1U);
    BOOST_TEST(kept.take(start + 7200) == nullptr);
    BOOST_TEST(kept.size() == 0U);
    // A week is too long: the certificate may have changed its mind since.
    kept.put(session(4, 7 * 86'400));
    kept.put(session(5, 7 * 86'400));
    BOOST_TEST(number_of(kept.take(start + 86'399).get()) == 5);
    BOOST_TEST(kept.take(start + 86'400) == nullptr);
}

BOOST_AUTO_TEST_CASE(are_as_many_as_their_quota_and_the_oldest_go)
{
    tls_sessions kept;
    const int most = static_cast<int>(tls_sessions::most);
    for (int i = 0; i < 3 * most; ++i)
        kept.put(session(i, 7200));
    BOOST_TEST(kept.size() == tls_sessions::most);
    int taken = 0;
    for (int expected = 3 * most - 1; const auto one = kept.take(start); --expected, ++taken)
        BOOST_TEST(number_of(one.get()) == expected);
    BOOST_TEST(taken == most);
}

BOOST_AUTO_TEST_CASE(may_be_used_again_before_tls_1_3)
{
    tls_sessions kept;
    kept.put(session(1, 300, TLS1_2_VERSION));
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(number_of(kept.take(start + i).get()) == 1);
    BOOST_TEST(kept.size() == 1U);
    kept.put(session(2, 300, TLS1_2_VERSION));
    BOOST_TEST(number_of(kept.take(start).get()) == 2);
    BOOST_TEST(number_of(kept.take(start).get()) == 1);
    BOOST_TEST(kept.take(start + 300) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
