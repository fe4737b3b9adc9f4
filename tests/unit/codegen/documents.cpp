// The project's own three documents.
#include "codegen/generate.hpp"
#include "codegen/naming.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace usher::codegen;

namespace {

struct service {
    service(const std::string& file, const std::string& space)
        : doc(read_file(folder() + file + ".openapi.json")),
          own_words(read_file(folder() + file + ".words.json")),
          made(make_model(doc, own_words, space))
    {
    }
    static std::string folder() { return std::string(USHER_SOURCE_DIR) + "/src/spec/"; }

    document doc;
    words own_words;
    model made;
};

struct services {
    service clerk{"clerk-backend", "usher::clerk"};
    service platform{"clerk-platform", "usher::clerk_platform"};
    service scalekit{"scalekit", "usher::scalekit"};
};

const type& named(const model& from, const std::string& name)
{
    for (const type& each : from.types)
        if (each.name == name)
            return each;
    throw std::runtime_error("no type " + name);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(documents, services)

BOOST_AUTO_TEST_CASE(every_operation_of_the_three_documents_is_there)
{
    BOOST_TEST(clerk.made.operations.size() == 206U);
    BOOST_TEST(platform.made.operations.size() == 41U);
    BOOST_TEST(scalekit.made.operations.size() == 89U);
    for (const service* own : {&clerk, &platform, &scalekit}) {
        std::set<std::string> names;
        for (const operation& each : own->made.operations) {
            BOOST_TEST(names.insert(each.group + "." + each.name).second, each.id);
            BOOST_TEST(!each.summary.empty(), each.id);
        }
    }
}

BOOST_AUTO_TEST_CASE(names_of_types_and_members_are_identifiers_and_unique)
{
    for (const service* own : {&clerk, &platform, &scalekit}) {
        std::set<std::string> types;
        for (const type& each : own->made.types) {
            if (!each.is_named())
                continue;
            BOOST_TEST(types.insert(each.name).second, each.name);
            std::set<std::string> members;
            for (const member& part : each.members) {
                BOOST_TEST(members.insert(part.name).second, each.name << "." << part.name);
                BOOST_TEST(!is_reserved(part.name), part.name);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_user_is_what_the_document_says)
{
    const type& user = named(clerk.made, "user");
    BOOST_TEST(user.members.size() == 44U);
    BOOST_TEST(!user.in_request);
    for (const member& each : user.members)
        if (each.wire == "created_at")
            BOOST_CHECK(each.use.base->what == kind::unix_milliseconds);
    BOOST_TEST(named(clerk.made, "email_address_verification").discriminator == "object");
    BOOST_TEST(named(clerk.made, "email_address_verification").alternatives.size() == 6U);
    BOOST_TEST(named(clerk.made, "session_refresh").discriminator == "object");
    BOOST_TEST(named(clerk.made, "jwks_keys_item").discriminator.empty());
    BOOST_TEST(named(clerk.made, "jwks_keys_item").alternatives.size() == 7U);
}

BOOST_AUTO_TEST_CASE(what_is_made_does_not_depend_on_when_it_is_made)
{
    const service again("clerk-backend", "usher::clerk");
    emit_options options;
    options.sources = 3;
    const output first = make_output(clerk.made, options);
    const output second = make_output(again.made, options);
    BOOST_TEST(first.files().size() > 100U);
    BOOST_TEST((first.files() == second.files()));
    BOOST_TEST(dispatch_source(clerk.made) == dispatch_source(again.made));
}

BOOST_AUTO_TEST_CASE(the_index_of_operations_in_the_repository_is_the_one_that_the_generator_writes)
{
    std::string index;
    for (const service* own : {&clerk, &platform, &scalekit})
        index = with_section(index, own->made);
    const std::string kept = read_file(service::folder() + "ENDPOINTS.md");
    BOOST_TEST(kept == index, "src/spec/ENDPOINTS.md is not up to date: build the target usher_endpoints");
    // A section is replaced where it stands.
    BOOST_TEST(with_section(index, platform.made) == index);
}

BOOST_AUTO_TEST_CASE(sources_share_the_work_evenly)
{
    emit_options options;
    options.sources = 3;
    const output made = make_output(clerk.made, options);
    std::size_t least = ~std::size_t(0);
    std::size_t most = 0;
    for (int i = 1; i <= 3; ++i) {
        const std::size_t size = made.files().at("src/clerk_tables_" + std::to_string(i) + ".cpp").size();
        least = std::min(least, size);
        most = std::max(most, size);
    }
    BOOST_TEST(most < least * 5 / 4);
}

BOOST_AUTO_TEST_SUITE_END()
