// Killed at any moment and started again, a migration ends as if nothing had happened.
#include "live/migrate/place.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::tests;
using sandbox::service;

namespace {

struct campaign {
    campaign(service of_, people all_, int kills_, double share_) : of(of_), all(all_), kills(kills_), share(share_) {}
    service of;
    people all;
    int kills;
    double share; ///< of the undisturbed run, in which the next kill comes
};

/// Migrations that are killed until there were enough kills, each compared with one that nothing disturbed.
void kill_migrations(const campaign& how)
{
    place undisturbed(how.of, how.all);
    moments when(undisturbed.run_whole(worker(undisturbed, "import")), how.share);
    const auto expected = undisturbed.state();
    BOOST_TEST_REQUIRE(expected.lines.size() > static_cast<std::size_t>(how.all.users + how.all.organizations));
    check_journal(undisturbed.journal(), how.all, expected);

    int kills = 0;
    int jobs = 0;
    for (; kills < how.kills; ++jobs) {
        place here(how.of, how.all);
        here.trouble();
        kills += kill_until_done(here, worker(here, "import"), when, how.kills - kills);
        const auto last = here.run(worker(here, "import"));
        BOOST_TEST(last.status == 0, when.seed() << ": " << last.err);
        const auto state = here.state();
        const auto differences = first_differences(expected, state);
        BOOST_TEST(differences.empty(), when.seed() << ":\n" << differences);
        BOOST_TEST(here.service.mails() == 0U);
        BOOST_TEST_INFO(when.seed());
        check_journal(here.journal(), how.all, state);
    }
    BOOST_TEST_MESSAGE(kills << " kills over " << jobs << " migrations");
    BOOST_TEST(kills == how.kills);
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed)

BOOST_AUTO_TEST_CASE(two_hundred_kills_lose_nothing_create_nothing_twice_and_mail_nobody)
{
    kill_migrations(campaign(service::clerk, people(1'500, 30), 200, 0.1));
}

BOOST_AUTO_TEST_CASE(nor_do_forty_kills_at_scalekit)
{
    kill_migrations(campaign(service::scalekit, people(500, 20), 40, 0.3));
}

BOOST_AUTO_TEST_SUITE_END()
