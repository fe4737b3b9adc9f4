// Every operation by its description, with its parameters as JSON: what `usher call` does.
#include "compare.hpp"
#include "fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace json = boost::json;
namespace sandbox = usher::sandbox;
using namespace conformance;

namespace {

struct by_json : fixture {
    void sweep(amount how, sandbox::answers mode, bool grouped = false)
    {
        fixture::sweep(how, mode, [&](const service& own, const auto& operation, const sample& with) {
            const std::string text = json::serialize(grouped ? in_groups(operation, with) : with.params);
            const auto answer = call_json(own, operation, text);
            BOOST_TEST(answer.has_value(), operation.id << ": " << (answer ? "" : answer.error().message()) << "\n"
                                                        << text);
            if (!answer || !same_request(operation, with))
                return false;
            tolerance allowed;
            allowed.null_is_absent = how == amount::nulls;
            const std::string what =
                operation.result ? difference(json::parse(server.last_answer()), json::parse(*answer), allowed) : "";
            BOOST_TEST(what.empty(), operation.id << ": " << what);
            return what.empty();
        });
    }

    /// The same parameters by their places, wherever the operation has none of that name.
    static json::object in_groups(const usher::detail::operation_info& operation, const sample& with)
    {
        json::object groups;
        for (std::size_t i = 0; i < with.path.size(); ++i)
            put(groups, "path", operation.path_parameters[i].name, json::value(with.path[i]));
        for (const auto& [name, value] : with.headers)
            put(groups, "header", name, json::value(value));
        const bool named_query = with.params.contains("query") && !with.params.at("query").is_object();
        for (const auto& [name, value] : with.query)
            if (named_query)
                groups[name] = value;
            else
                put(groups, "query", name, value);
        const json::value* whole = with.params.if_contains("body");
        // There "body" is the file alone.
        const bool file = operation.body == usher::detail::body_kind::multipart_or_octets;
        if (!file && with.body.is_object() && !(whole && whole->is_string())) {
            if (!with.body.get_object().empty())
                groups["body"] = with.body;
        } else {
            for (const auto& member : with.params)
                if (!with.body.is_null() && (member.key() == "body" || with.body.is_object()))
                    if (member.key() == "body" || with.body.get_object().contains(member.key()))
                        groups[member.key()] = member.value();
        }
        return groups;
    }

    static void put(json::object& groups, std::string_view group, std::string_view name, const json::value& value)
    {
        json::value& own = groups[group];
        if (!own.is_object())
            own.emplace_object();
        own.get_object()[name] = value;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(every_operation_by_its_description, by_json)

BOOST_AUTO_TEST_CASE(with_every_parameter_by_its_name)
{
    sweep(amount::full, sandbox::answers::full);
}

BOOST_AUTO_TEST_CASE(with_every_parameter_in_the_group_of_its_place)
{
    sweep(amount::full, sandbox::answers::full, true);
}

BOOST_AUTO_TEST_CASE(with_required_parameters_only)
{
    sweep(amount::required, sandbox::answers::required);
}

BOOST_AUTO_TEST_CASE(with_null_wherever_the_document_allows_it)
{
    sweep(amount::nulls, sandbox::answers::nulls);
}

BOOST_AUTO_TEST_SUITE_END()
