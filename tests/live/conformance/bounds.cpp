// Bounds and formats: what usher refuses before it sends, and what a server refuses that knows the documents alone,
// are the same.
#include "edges.hpp"
#include "fixture.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace sandbox = usher::sandbox;
using namespace conformance;

namespace {

struct bounded : fixture {
    bounded()
    {
        for (const auto& each : all_services) {
            const auto more = make_edges(document(each), make_samples(document(each), amount::full, upload));
            edges.insert(edges.end(), more.begin(), more.end());
        }
    }

    bool accepted(const service& own, const usher::detail::operation_info& operation, const std::string& text,
                  const std::string& what)
    {
        const auto answer = call_json(own, operation, text);
        BOOST_TEST(answer.has_value(), what << " should be accepted: " << (answer ? "" : answer.error().message())
                                            << "\n"
                                            << server.last_answer().substr(0, 300));
        return answer.has_value();
    }

    bool refused_before(const service& own, const usher::detail::operation_info& operation, const std::string& text,
                        const edge& at, const std::string& what)
    {
        const auto before = server.stats().requests;
        const auto answer = call_json(own, operation, text);
        const bool here = !answer && answer.error().kind() == usher::error_kind::invalid_request;
        const std::string message = answer ? "" : answer.error().message();
        BOOST_TEST(here, what << " should be refused here: " << message);
        BOOST_TEST(server.stats().requests == before, what << " was sent");
        BOOST_TEST(message.find(at.name) != std::string::npos, what << " is not named: " << message);
        return here && message.find(at.name) != std::string::npos;
    }

    bool refused_there(const service& own, const usher::detail::operation_info& operation, const std::string& text,
                       const std::string& what)
    {
        options.validate = false;
        const auto answer = call_json(own, operation, text);
        options.validate = true;
        const int status = answer ? 200 : answer.error().status();
        BOOST_TEST((status >= 400 && status < 500),
                   what << " should be refused there: " << (answer ? "accepted" : answer.error().message()));
        return status >= 400 && status < 500;
    }

    std::vector<std::vector<edge>> edges;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bounds, bounded)

BOOST_AUTO_TEST_CASE(what_is_just_allowed_is_sent_and_what_is_just_outside_is_refused_with_its_name)
{
    std::size_t next = 0;
    std::size_t valid = 0;
    std::size_t invalid = 0;
    sweep(amount::full, sandbox::answers::required, [&](const service& own, const auto& operation, const sample& with) {
        bool good = true;
        for (const edge& each : edges.at(next)) {
            const std::string text = boost::json::serialize(with_edge(with.params, each));
            const std::string what = std::string(operation.id) + each.pointer + " (" + each.why + ") = " +
                                     (each.value ? boost::json::serialize(*each.value).substr(0, 60) : "nothing");
            if (each.valid)
                good = accepted(own, operation, text, what) && good;
            else
                good = refused_before(own, operation, text, each, what) &&
                       (!each.sendable || refused_there(own, operation, text, what)) && good;
            (each.valid ? valid : invalid) += 1;
        }
        ++next;
        return good;
    });
    BOOST_TEST_MESSAGE(valid << " values at an edge, " << invalid << " outside");
    BOOST_TEST(valid > 1400U);
    BOOST_TEST(invalid > 3500U);
}

BOOST_AUTO_TEST_SUITE_END()
