// What looks like the end of a doubt and is none.
#include "live/reconcile/doubt_fixture.hpp"

using namespace usher;
using namespace usher::tests;

namespace {

/// Stops the service as soon as it has been asked for a listing.
struct stopping_observer final : observer {
    explicit stopping_observer(std::optional<sandbox::server>& of) : served(of) {}
    void on_attempt(const attempt_event& event) noexcept override
    {
        if (event.operation == "GetUserList")
            served->stop();
    }
    std::optional<sandbox::server>& served;
};

asio::awaitable<void> count_users(clerk::client clerk, std::chrono::steady_clock::time_point& ended)
{
    const clerk::get_users_count_params everybody;
    const auto counted = co_await clerk.users().count(everybody);
    BOOST_TEST(counted.has_value());
    ended = std::chrono::steady_clock::now();
}

std::string nested(int levels)
{
    std::string text;
    for (int i = 0; i != levels; ++i)
        text += "{\"a\":";
    return text + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(no_end_of_doubt, doubt_fixture)

BOOST_AUTO_TEST_CASE(an_attempt_that_was_not_sent_does_not_excuse_one_before_it_that_failed)
{
    fault failing(fault::kind::late_answer);
    failing.operation = "CreateUser";
    failing.status = 500;
    failing.count = 1;
    fault nobody(fault::kind::answer);
    nobody.operation = "GetUserList";
    nobody.status = 200;
    nobody.body = "[]";
    start(with({failing, nobody}));
    client_options options;
    options.watcher = std::make_shared<stopping_observer>(served);
    call_options how;
    how.retry.emplace();
    how.retry->initial_backoff = 1ms;
    how.retry->max_attempts = 3;
    auto clerk = client(options);
    run(create_one(clerk, numbered_user(1), how, done));
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().status() == 0);
    BOOST_TEST(done->error().is_outcome_unknown(), why());
    BOOST_TEST(served->count("users") == 1U);
}

BOOST_AUTO_TEST_CASE(a_record_is_found_however_deep_it_is)
{
    fault deep(fault::kind::answer);
    deep.operation = "GetUserList";
    deep.status = 200;
    deep.body = R"([{"id":"user_deep","external_id":"ext-1","public_metadata":)" + nested(50) + "}]";
    start(with({once(fault::kind::drop_answer, "CreateUser"), deep}));
    create();
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST((*done)->id == "user_deep");
}

BOOST_AUTO_TEST_CASE(of_several_records_with_the_id_the_one_that_is_not_older_counts)
{
    fault several(fault::kind::answer);
    several.operation = "GetUserList";
    several.status = 200;
    several.body = R"([{"id":"user_old","external_id":"ext-1","created_at":1700000000000},
                       {"id":"user_new","external_id":"ext-1","created_at":4000000000000}])";
    start(with({once(fault::kind::drop_answer, "CreateUser"), several}));
    create();
    BOOST_TEST_REQUIRE(done->has_value(), why());
    BOOST_TEST((*done)->id == "user_new");
}

BOOST_AUTO_TEST_CASE(what_others_made_while_the_call_waited_is_theirs)
{
    using namespace std::chrono;
    const auto made = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    fault theirs(fault::kind::answer);
    theirs.operation = "GetUserList";
    theirs.status = 200;
    theirs.body = R"([{"id":"user_x","external_id":"user-0","created_at":)" + std::to_string(made) + "}]";
    fault slow(fault::kind::drip);
    slow.operation = "GetUsersCount";
    slow.bytes = 20;
    slow.delay = 500ms;
    engine_settings.max_connections_per_origin = 1;
    start(with({once(fault::kind::drop_answer, "CreateUser"), theirs, slow}));
    served->add_users(1, key);
    auto clerk = client();
    auto params = numbered_user(2);
    params.external_id = "user-0";
    const auto begun = steady_clock::now();
    steady_clock::time_point counted;
    asio::co_spawn(io, count_users(clerk, counted), [](std::exception_ptr failed) { BOOST_TEST(!failed); });
    run(create_one(clerk, params, call_options(), done)); // waits for the only connection
    BOOST_TEST((counted - begun > 3500ms)); // by the service's clock, which has whole seconds, more than two
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_already_exists(), why());
}

BOOST_AUTO_TEST_CASE(a_refusal_that_names_another_member_is_final)
{
    fault taken(fault::kind::answer);
    taken.operation = "CreateUser";
    taken.status = 422;
    taken.body =
        R"({"errors":[{"code":"form_identifier_exists","message":"taken","meta":{"param_name":"email_address"}}]})";
    auto dropped = once(fault::kind::drop_request, "CreateUser");
    start(with({dropped, taken}));
    create();
    BOOST_TEST_REQUIRE(!done->has_value());
    BOOST_TEST(done->error().is_already_exists(), why());
    BOOST_TEST(done->error().attempts() == 2);
    BOOST_TEST(done->error().is_outcome_unknown());
}

BOOST_AUTO_TEST_SUITE_END()
