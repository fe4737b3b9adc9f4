#include "sweep.hpp"
#include "tour.hpp"

// Every operation of the Platform and of Scalekit answers as its document says, in every mode.

using namespace sandbox_test;
using namespace usher::sandbox;

namespace {

struct platform_sweep : sweep {
    platform_sweep() : sweep(service::clerk_platform, "clerk-platform", "ak_workspace", 41) {}
};
struct scalekit_sweep : sweep {
    scalekit_sweep() : sweep(service::scalekit, "scalekit", "opaque", 89) {}
};

void all_modes(sweep& of)
{
    of.each(answers::full, true, [&](const auto& o, const auto& got) {
        of.fits(o, got);
        BOOST_TEST(of.api.lack(got.body(), *o.answer, document::wanted::full) == "");
    });
    of.each(answers::required, false, [&](const auto& o, const auto& got) { of.fits(o, got); });
    of.each(answers::nulls, true, [&](const auto& o, const auto& got) { of.fits(o, got); });
    of.each(answers::future, true, [&](const auto& o, const auto& got) { of.fits(o, got, true); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_service)

BOOST_FIXTURE_TEST_CASE(the_platform_s_answers_fit_in_every_mode, platform_sweep)
{
    all_modes(*this);
}

BOOST_FIXTURE_TEST_CASE(scalekit_s_answers_fit_in_every_mode, scalekit_sweep)
{
    all_modes(*this);
}

// The tests of these suites are watched.
BOOST_AUTO_TEST_CASE(every_operation_of_the_platform_has_done_its_work, *boost::unit_test::depends_on("platform"))
{
    for (const auto& id : tour::of("clerk-platform").missing())
        BOOST_ERROR(id + " never succeeded");
}

BOOST_AUTO_TEST_CASE(every_operation_of_scalekit_has_done_its_work,
                     *boost::unit_test::depends_on("scalekit_resources") *
                         boost::unit_test::depends_on("scalekit_access") *
                         boost::unit_test::depends_on("scalekit_logins"))
{
    for (const auto& id : tour::of("scalekit").missing())
        BOOST_ERROR(id + " never succeeded");
}

BOOST_AUTO_TEST_SUITE_END()
