// A live instance of Clerk as a source.
#include "live/migrate_live/instance.hpp"

#include <usher/clerk/users.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

using namespace usher;
using namespace usher::tests;
using namespace std::chrono_literals;
using sandbox::fault;

namespace {

/// One instance for all cases that only read.
struct populated {
    populated() : what(make_plan(3000, 200, 5000, 700)), ids(there.create(what)) {}

    static populated& get()
    {
        static populated one;
        return one;
    }

    instance there;
    plan what;
    id_map ids;
};

bulk::live_options parts(bool organizations, bool users, bool memberships)
{
    bulk::live_options what;
    what.organizations = organizations;
    what.users = users;
    what.memberships = memberships;
    return what;
}

/// What the API gives of a user: no credentials.
bulk::user exported(bulk::user planned, const id_map& ids)
{
    auto made = with_ids(std::move(planned), ids);
    made.password.reset();
    made.totp_secret.clear();
    made.backup_codes.clear();
    return made;
}

void check_everything(const contents& all, const populated& here)
{
    BOOST_TEST_REQUIRE(all.users.size() == here.what.users.size());
    BOOST_TEST_REQUIRE(all.organizations.size() == here.what.organizations.size());
    for (const auto& planned : here.what.users) {
        const auto expected = exported(planned, here.ids);
        BOOST_TEST_REQUIRE(all.users.contains(expected.id));
        BOOST_TEST_REQUIRE(text_of(all.users.at(expected.id)) == text_of(expected));
    }
    for (const auto& planned : here.what.organizations) {
        const auto expected = with_ids(planned, here.ids);
        BOOST_TEST_REQUIRE(text_of(all.organizations.at(expected.id)) == text_of(expected));
    }
    BOOST_TEST(all.repeated == 0U);
    BOOST_TEST(all.out_of_order == 0U);
    BOOST_TEST(all.counted);
}

template <class Which>
std::size_t how_many(const plan& what, Which which)
{
    return static_cast<std::size_t>(std::count_if(what.users.begin(), what.users.end(), which));
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_live_clerk)

BOOST_AUTO_TEST_CASE(is_read_completely_and_equal_to_what_is_there)
{
    auto& here = populated::get();
    BOOST_TEST(here.what.memberships() > 4900U);
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client());
    const auto all = read_all(here.there, *source);
    check_everything(all, here);
    BOOST_TEST(source->size().value_or(0) == 3200U);
}

BOOST_AUTO_TEST_CASE(says_of_each_user_what_its_api_does_not_give)
{
    auto& here = populated::get();
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client());
    const auto all = read_all(here.there, *source);
    const auto with = [&](const char* field) { return all.notes.contains(field) ? all.notes.at(field) : 0U; };
    BOOST_TEST(with("password") == how_many(here.what, [](const auto& each) { return each.password.has_value(); }));
    BOOST_TEST(with("password") == 1500U);
    BOOST_TEST(with("totp_secret") == how_many(here.what, [](const auto& each) { return !each.totp_secret.empty(); }));
    BOOST_TEST(with("backup_codes") == with("totp_secret"));
    BOOST_TEST(with("external_id") == 3000U);
    BOOST_TEST(all.notes.size() == 4U);
}

BOOST_AUTO_TEST_CASE(is_read_in_pages_of_the_documented_size_with_few_more_than_are_needed)
{
    auto& here = populated::get();
    const auto before = here.there.served.stats().requests;
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client());
    read_all(here.there, *source);
    const auto requests = here.there.served.stats().requests - before;
    // Two that count; 3,000 users in sixes and sevens with a block of 700; 5,000 memberships, 450 more a page; and one
    // more of each kind, which says that it was the last.
    BOOST_TEST(requests >= 2U + 6U + 10U + 1U);
    BOOST_TEST(requests <= 2U + 10U + 13U + 2U);
}

BOOST_AUTO_TEST_CASE(is_read_completely_through_resets)
{
    auto& here = populated::get();
    std::vector<fault> faults;
    for (const auto kind : {fault::kind::drop_request, fault::kind::drop_answer, fault::kind::cut_answer}) {
        fault one(kind, 5);
        one.skip = static_cast<std::uint32_t>(faults.size());
        one.bytes = 20'000;
        one.reset = true;
        faults.push_back(one);
    }
    here.there.served.set_faults(faults);
    const auto before = here.there.served.stats().faults;
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client(clerk_key, 40));
    const auto all = read_all(here.there, *source);
    BOOST_TEST(here.there.served.stats().faults > before + 5);
    here.there.served.set_faults({});
    check_everything(all, here);
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_wanted)
{
    auto& here = populated::get();
    const auto read = [&](bulk::live_options what) {
        const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client(), what);
        return read_all(here.there, *source);
    };
    const auto memberships = [](const contents& all) {
        std::size_t count = 0;
        for (const auto& [id, each] : all.users)
            count += each.memberships.size();
        return count;
    };
    const auto users = read(parts(false, true, true));
    BOOST_TEST(users.organizations.empty());
    BOOST_TEST(users.users.size() == 3000U);
    BOOST_TEST(memberships(users) == here.what.memberships());
    const auto organizations = read(parts(true, false, true));
    BOOST_TEST(organizations.organizations.size() == 200U);
    BOOST_TEST(organizations.users.empty());
    const auto alone = read(parts(true, true, false));
    BOOST_TEST(alone.organizations.size() == 200U);
    BOOST_TEST(alone.users.size() == 3000U);
    BOOST_TEST(memberships(alone) == 0U);
}

BOOST_AUTO_TEST_CASE(that_can_not_be_read_on_says_how_far_it_came)
{
    auto& here = populated::get();
    fault down(fault::kind::answer);
    down.operation = "GetUserList";
    down.skip = 1;
    down.status = 500;
    here.there.served.set_faults({down});
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client(clerk_key, 1));
    const auto says = [](const std::runtime_error& why) {
        const std::string text = why.what();
        BOOST_TEST_INFO(text);
        return text.find("reading the users ended after 500 of them") == 0 && text.find("500") != std::string::npos &&
               text.find("GetUserList") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(read_all(here.there, *source), std::runtime_error, says);
    here.there.served.set_faults({});
}

BOOST_AUTO_TEST_CASE(that_is_cancelled_while_it_waits_ends_at_once_and_gives_no_more)
{
    auto& here = populated::get();
    here.there.served.set_faults({fault(fault::kind::silence)});
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client());
    std::optional<bool> came;
    const auto read_one = [&]() -> asio::awaitable<void> {
        auto record = co_await source->next();
        came = record.has_value();
    };
    asio::co_spawn(here.there.io, read_one(), asio::detached);
    here.there.io.restart();
    while (here.there.served.stats().faults == 0 && here.there.io.run_one_for(5s) != 0) {
    }
    BOOST_TEST(!came);
    source->cancel();
    here.there.io.run_for(5s);
    BOOST_TEST_REQUIRE(came.has_value());
    BOOST_TEST(!*came);
    here.there.served.set_faults({});
    came.reset();
    here.there.run(read_one());
    BOOST_TEST(!came.value_or(true));
}

BOOST_AUTO_TEST_CASE(ends_with_the_coroutine_that_reads_it)
{
    auto& here = populated::get();
    here.there.served.set_faults({fault(fault::kind::silence)});
    const auto source = bulk::open_clerk(here.there.io.get_executor(), here.there.client());
    bool ended = false;
    asio::cancellation_signal stop;
    const auto read_one = [&]() -> asio::awaitable<void> {
        auto record = co_await source->next();
        (void)record;
    };
    asio::co_spawn(here.there.io, read_one(),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
    here.there.io.restart();
    while (here.there.served.stats().faults == 0 && here.there.io.run_one_for(5s) != 0) {
    }
    BOOST_TEST(!ended);
    stop.emit(asio::cancellation_type::terminal);
    here.there.io.run_for(5s);
    BOOST_TEST(ended);
    here.there.served.set_faults({});
}

BOOST_AUTO_TEST_CASE(is_told_from_another_by_its_key_of_which_nothing_is_said)
{
    auto& here = populated::get();
    const auto name = [&](const char* key) {
        return bulk::open_clerk(here.there.io.get_executor(), here.there.client(key))->fingerprint();
    };
    const std::string other = "sk_test_otherotherotherotherotherotherotherother";
    BOOST_TEST(name(clerk_key) == name(clerk_key));
    BOOST_TEST(name(clerk_key) != name(other.c_str()));
    BOOST_TEST(name(clerk_key).find("clerk http://127.0.0.1") == 0U);
    const std::string key = clerk_key;
    for (std::size_t i = 8; i + 6 <= key.size(); ++i)
        BOOST_TEST(name(clerk_key).find(key.substr(i, 6)) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
