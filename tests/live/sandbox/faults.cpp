#include "client.hpp"

#include <boost/test/unit_test.hpp>

using namespace sandbox_test;
using namespace usher::sandbox;
using namespace std::chrono_literals;

namespace {

struct fixture {
    fixture() : sandbox(how()), http(sandbox) {}
    static options how()
    {
        options o;
        o.tls = false;
        o.keep_alive = 2s;
        return o;
    }

    server sandbox;
    client http;

    void fail(fault what) { sandbox.set_faults({std::move(what)}); }
    answer create(const std::string& email) { return http.post("/users", {{"email_address", {email}}}); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(faults, fixture)

BOOST_AUTO_TEST_CASE(a_status_in_place_of_an_answer_takes_no_effect)
{
    fault busy(fault::kind::answer);
    busy.status = 503;
    busy.retry_after = 2;
    busy.count = 1;
    fail(busy);
    const auto got = create("a@b.co");
    BOOST_TEST(got.status == 503);
    BOOST_TEST(got.header("retry-after") == "2");
    BOOST_TEST(got.code() == "service_unavailable");
    BOOST_TEST(sandbox.count("users") == 0u);
    BOOST_TEST(create("a@b.co").status == 200);
    BOOST_TEST(sandbox.stats().faults == 1u);
    BOOST_TEST(sandbox.stats().refused == 0u);
}

BOOST_AUTO_TEST_CASE(a_late_status_comes_after_the_effect)
{
    fault late(fault::kind::late_answer);
    late.body = "<html>bad gateway</html>";
    late.status = 502;
    fail(late);
    const auto got = create("a@b.co");
    BOOST_TEST(got.status == 502);
    BOOST_TEST(got.text == "<html>bad gateway</html>");
    BOOST_TEST(sandbox.count("users") == 1u);
}

BOOST_AUTO_TEST_CASE(every_skip_count_and_operation_choose_the_requests)
{
    fault f(fault::kind::answer, 3);
    f.skip = 1;
    f.count = 2;
    f.operation = "GetUserList";
    fail(f);
    std::string seen;
    for (int i = 0; i != 12; ++i) {
        seen += http.get("/users").status == 500 ? 'x' : '.';
        BOOST_TEST(http.get("/users/count").status == 200);
    }
    BOOST_TEST(seen == "...x..x.....");
}

BOOST_AUTO_TEST_CASE(a_dropped_request_takes_no_effect_and_a_dropped_answer_does)
{
    for (const bool reset : {false, true}) {
        sandbox.clear();
        fault dropped(fault::kind::drop_request);
        dropped.reset = reset;
        dropped.count = 1;
        fail(dropped);
        BOOST_TEST(create("a@b.co").status == 0);
        BOOST_TEST(sandbox.count("users") == 0u);
        dropped.what = fault::kind::drop_answer;
        fail(dropped);
        const auto got = create("a@b.co");
        BOOST_TEST(got.status == 0);
        BOOST_TEST(!got.broken);
        BOOST_TEST(sandbox.count("users") == 1u);
        BOOST_TEST(create("c@d.co").status == 200);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_is_cut_at_any_byte)
{
    for (const std::size_t bytes : {1u, 20u, 300u}) {
        fault cut(fault::kind::cut_answer);
        cut.bytes = bytes;
        fail(cut);
        const auto got = create(std::to_string(bytes) + "@b.co");
        BOOST_TEST(got.status == 0);
        BOOST_TEST(got.broken);
    }
    BOOST_TEST(sandbox.count("users") == 3u);
}

BOOST_AUTO_TEST_CASE(a_connection_is_closed_while_it_is_idle)
{
    fault close(fault::kind::close_after);
    close.delay = 10ms;
    fail(close);
    const auto got = create("a@b.co");
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.header("connection").empty());
    BOOST_TEST(http.ended());
}

BOOST_AUTO_TEST_CASE(stray_bytes_follow_an_answer)
{
    fault stray(fault::kind::stray_bytes);
    stray.count = 1;
    fail(stray);
    BOOST_TEST(create("a@b.co").status == 200);
    BOOST_TEST(http.receive().text == "{}");
    BOOST_TEST(http.get("/users").status == 200);
}

BOOST_AUTO_TEST_CASE(a_dripping_answer_is_whole_in_the_end)
{
    fault drip(fault::kind::drip);
    drip.bytes = 100;
    drip.delay = 1ms;
    fail(drip);
    BOOST_TEST(create("a@b.co").status == 200);
    BOOST_TEST(http.get("/users").body().as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(silence_lasts_until_somebody_gives_up)
{
    options o = how();
    o.keep_alive = 50ms;
    o.faults = {fault(fault::kind::silence)};
    const server quiet(o);
    client c(quiet);
    BOOST_TEST(c.get("/users").status == 0);
    BOOST_TEST(quiet.stats().requests == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
