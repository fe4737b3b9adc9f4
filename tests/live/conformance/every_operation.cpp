// Every operation through its typed function, against a server that knows the documents alone.
#include "compare.hpp"
#include "fixture.hpp"

#include "call/json_parameters.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

namespace json = boost::json;
namespace sandbox = usher::sandbox;
using namespace conformance;

namespace {

struct typed : fixture {
    bool call_one(const service& own, const usher::detail::operation_info& operation, const sample& with,
                  const tolerance& allowed);
    void sweep(amount how, sandbox::answers mode, const tolerance& allowed)
    {
        how_ = how;
        mode_ = mode;
        fixture::sweep(how, mode, [&](const auto& own, const auto& operation, const sample& with) {
            return call_one(own, operation, with, allowed);
        });
    }

    amount how_ = amount::full;
    sandbox::answers mode_ = sandbox::answers::full;
};

bool typed::call_one(const service& own, const usher::detail::operation_info& operation, const sample& with,
                     const tolerance& allowed)
{
    void* params = operation.params ? operation.params->create() : nullptr;
    const auto destroy = [&](void* object) {
        if (object)
            operation.params->destroy(object);
    };
    const std::unique_ptr<void, decltype(destroy)> owner(params, destroy);
    const std::string text = json::serialize(with.params);
    std::vector<std::string> path;
    const auto wrong = usher::detail::read_parameters(operation, text, path, params);
    BOOST_TEST(!wrong, operation.id << ": its parameters can't be read: " << wrong.value_or("") << "\n" << text);
    if (wrong)
        return false;
    const bool bare = how_ == amount::required && own.has(form::bare, operation.index) && with.only_ids;
    const outcome made = own.run(io, bare ? form::bare : form::call, operation.index, path, params, options);
    BOOST_TEST(!made.failure, operation.id << ": " << made.failure.message() << "\n"
                                           << server.last_answer().substr(0, 400) << "\n"
                                           << text.substr(0, 600));
    if (made.failure || !same_request(operation, with))
        return false;

    if (operation.result) {
        const std::string what = difference(json::parse(server.last_answer()), json::parse(made.answer), allowed);
        BOOST_TEST(what.empty(), operation.id << ": " << what);
        if (!what.empty())
            return false;
    }
    if (own.has(form::page, operation.index) && mode_ == sandbox::answers::full) {
        const outcome page = own.run(io, form::page, operation.index, path, params, options);
        BOOST_TEST((!page.failure && page.items == 2U),
                   operation.id << ": a page of " << page.items << " " << page.failure.message());
        return !page.failure && page.items == 2U;
    }
    return true;
}

tolerance nothing()
{
    return {};
}

tolerance of_nulls()
{
    tolerance own;
    own.null_is_absent = true;
    return own;
}

tolerance of_the_future()
{
    tolerance own;
    own.unknown_dropped = true;
    return own;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(every_operation, typed)

BOOST_AUTO_TEST_CASE(with_every_parameter_and_every_member_of_the_answer)
{
    sweep(amount::full, sandbox::answers::full, nothing());
}

BOOST_AUTO_TEST_CASE(with_required_parameters_and_required_members_of_the_answer)
{
    sweep(amount::required, sandbox::answers::required, nothing());
}

BOOST_AUTO_TEST_CASE(with_null_wherever_the_document_allows_it)
{
    sweep(amount::nulls, sandbox::answers::nulls, of_nulls());
}

BOOST_AUTO_TEST_CASE(with_answers_from_a_later_version_of_the_service)
{
    sweep(amount::full, sandbox::answers::future, of_the_future());
}

BOOST_AUTO_TEST_SUITE_END()
