#include "sample.hpp"

#include <atomic>
#include <thread>

using namespace sample;

namespace {

struct clock_and_store {
    std::chrono::system_clock::time_point now = sent;
    std::shared_ptr<memory_replay_store> store = std::make_shared<memory_replay_store>(4);

    verifier make(const char* own_secret = secret_text, const std::string& scope = std::string())
    {
        verifier_options options;
        options.now = [this] { return now; };
        options.replays = store;
        options.scope = scope;
        return verifier(provider::clerk, usher::secret(own_secret), options);
    }
    claim take(const char* key, seconds after) { return store->take(key, now, sent + after); }
    bool first(const char* key, seconds after) { return take(key, after) == claim::taken; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replay, clock_and_store)

BOOST_AUTO_TEST_CASE(a_request_is_accepted_once)
{
    const verifier own = make();
    const verifier copy = own;
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.confirm(id);
    const auto again = copy.verify(headers(), body);
    BOOST_TEST(why(again) == reason::replayed);
    BOOST_TEST(again.error().header() == "svix-id");
    // It was handled: a refusal would have it sent again and again.
    BOOST_TEST(again.error().http_status() == 200);
    now += seconds(300);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::replayed);
    now += seconds(1);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::too_old);
}

BOOST_AUTO_TEST_CASE(while_an_event_is_being_handled_the_provider_is_told_to_try_again)
{
    const verifier own = make();
    BOOST_TEST(own.verify(headers(), body).has_value());
    const auto retry = own.verify(headers(), body);
    BOOST_TEST(why(retry) == reason::pending);
    BOOST_TEST(retry.error().http_status() == 409);
    BOOST_TEST(retry.error().message() == "svix-id is being handled");
    // The first fails: with 200 for the retry the event would be lost.
    own.forget(id);
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.confirm(id);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::replayed);
}

BOOST_AUTO_TEST_CASE(a_repetition_with_a_later_timestamp_is_known_as_long_as_it_would_be_accepted)
{
    for (const bool handled : {true, false}) {
        now = sent;
        const verifier own = make(secret_text, handled ? "handled" : "pending");
        BOOST_TEST(own.verify(headers(), body).has_value());
        if (handled)
            own.confirm(id);
        const reason known = handled ? reason::replayed : reason::pending;
        const auto retry = sign(usher::secret(secret_text), id, sent + seconds(200), body);
        now = sent + seconds(200);
        BOOST_TEST(why(own.verify(retry.of(provider::clerk), body)) == known);
        // Somebody who has seen the retry sends it when the first request's time is over.
        for (const auto later : {seconds(301), seconds(500)}) {
            now = sent + later;
            BOOST_TEST(why(own.verify(retry.of(provider::clerk), body)) == known);
        }
        // And an older timestamp does not make the time shorter.
        BOOST_TEST(store->take("short", now, now + seconds(9)) == claim::taken);
        BOOST_TEST(store->take("short", now, now + seconds(1)) == claim::pending);
        BOOST_TEST(store->take("short", now + seconds(5), now + seconds(6)) == claim::pending);
        store->forget("short");
    }
}

BOOST_AUTO_TEST_CASE(each_endpoint_handles_an_event_that_has_one_id_for_all)
{
    const char* other = "whsec_AAECAwQFBgcICQoLDA0ODw==";
    const auto made = sign(usher::secret(other), id, sent, body);
    const verifier first_endpoint = make();
    const verifier second_endpoint = make(other);
    BOOST_TEST(first_endpoint.verify(headers(), body).has_value());
    BOOST_TEST(second_endpoint.verify(made.of(provider::clerk), body).has_value());
    first_endpoint.confirm(id);
    BOOST_TEST(why(second_endpoint.verify(made.of(provider::clerk), body)) == reason::pending);
    second_endpoint.forget(id);
    BOOST_TEST(why(first_endpoint.verify(headers(), body)) == reason::replayed);
}

BOOST_AUTO_TEST_CASE(processes_with_one_secret_or_one_scope_share_what_they_know)
{
    BOOST_TEST(make().verify(headers(), body).has_value());
    BOOST_TEST(why(make().verify(headers(), body)) == reason::pending);
    BOOST_TEST(make(secret_text, "orders").verify(headers(), body).has_value());
    BOOST_TEST(why(make(secret_text, "orders").verify(headers(), body)) == reason::pending);
    BOOST_CHECK_THROW(make(secret_text, "two words"), std::invalid_argument);
    BOOST_CHECK_THROW(make(secret_text, std::string(65, 'a')), std::invalid_argument);
    BOOST_CHECK_NO_THROW(make(secret_text, std::string(64, 'a')));
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_remembered)
{
    const verifier own = make();
    BOOST_TEST(why(own.verify(headers(), "{}")) == reason::signature_mismatch);
    BOOST_TEST(store->size() == 0U);
    BOOST_TEST(own.verify(headers(), body).has_value());
}

BOOST_AUTO_TEST_CASE(an_event_that_could_not_be_handled_may_come_again)
{
    const verifier own = make();
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.forget(id);
    BOOST_TEST(own.verify(headers(), body).has_value());
    own.forget("never seen");
    own.confirm("never seen");
    verifier_at().forget(id); // has no store
    verifier_at().confirm(id);
    BOOST_TEST(why(own.verify(headers(), body)) == reason::pending);
}

BOOST_AUTO_TEST_CASE(ids_go_when_their_time_is_over)
{
    BOOST_TEST(first("a", seconds(10)));
    BOOST_TEST(first("b", seconds(20)));
    now = sent + seconds(10);
    BOOST_TEST(!first("a", seconds(10)));
    now = sent + seconds(11);
    BOOST_TEST(first("c", seconds(30)));
    BOOST_TEST(store->size() == 2U);
    BOOST_TEST(!first("b", seconds(40)));
}

BOOST_AUTO_TEST_CASE(a_full_store_forgets_those_whose_time_ends_first_and_counts_them)
{
    for (const char* each : {"a", "b", "c", "d"})
        BOOST_TEST(first(each, seconds(10 * (each[0] - 'a' + 1))));
    BOOST_TEST(first("e", seconds(5)));
    BOOST_TEST(store->size() == 4U);
    for (const char* known : {"b", "c", "d", "e"})
        BOOST_TEST(!first(known, seconds(50)), known);
    BOOST_TEST(store->forgotten_early() == 1U);
    BOOST_TEST(first("a", seconds(50)));
    BOOST_TEST(store->forgotten_early() == 2U);
    now = sent + seconds(51);
    BOOST_TEST(first("f", seconds(60)));
    BOOST_TEST(store->size() == 1U);
    BOOST_TEST(store->forgotten_early() == 2U);
    BOOST_CHECK_THROW(memory_replay_store(0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(of_many_threads_one_is_the_first)
{
    const verifier own = make();
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 200; ++k)
                accepted += own.verify(headers(), body).has_value() ? 1 : 0;
        });
    for (auto& each : threads)
        each.join();
    BOOST_TEST(accepted == 1);
}

BOOST_AUTO_TEST_SUITE_END()
