// Code made from a document that is not ours compiles, and reads and writes what the document says.
#include <acme/shop.hpp>

#include "shop_tables.hpp"

#include "call/json_parameters.hpp"
#include "json/check.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

namespace shop = acme::shop;

namespace {

template <class T>
std::string round_trip(const std::string& text)
{
    const auto object = usher::from_json<T>(text);
    BOOST_REQUIRE_MESSAGE(object, object.error().message());
    return usher::to_json(*object);
}

/// What is wrong with parameters given as JSON: as they are read, then as they are checked; nothing if they can be
/// sent.
std::string fault_of(const usher::detail::operation_info& operation, std::string_view text)
{
    void* params = operation.params->create();
    std::vector<std::string> path;
    auto wrong = usher::detail::read_parameters(operation, text, path, params);
    if (!wrong)
        if (const auto found = usher::detail::check(*operation.params, params))
            wrong = found->message();
    operation.params->destroy(params);
    return wrong.value_or("");
}

} // namespace

BOOST_AUTO_TEST_SUITE(foreign)

BOOST_AUTO_TEST_CASE(types_that_users_pass_are_no_aggregates)
{
    static_assert(!std::is_aggregate_v<shop::tree_update_it_params>);
    static_assert(!std::is_aggregate_v<shop::tree_input>);
    static_assert(!std::is_aggregate_v<shop::delete_params>);
    static_assert(std::is_constructible_v<shop::add_pets_params, std::vector<shop::pet>>);
    static_assert(!std::is_convertible_v<std::vector<shop::pet>, shop::add_pets_params>);
    const shop::tree_update_it_params params("oak", shop::tree_input());
    BOOST_TEST(params.class_.value() == "oak");
    BOOST_TEST(params.class_query.is_absent());
}

BOOST_AUTO_TEST_CASE(recursive_types_are_read_and_written)
{
    const std::string text =
        R"({"tree":"a","kids":[{"tree":"b","kids":[],"value":1,"namespace":""}],"parent":{"tree":"c","kids":[],"value":null,"namespace":"std"},)"
        R"("by-name":{"d":{"tree":"d","kids":[],"value":[2],"namespace":"a b"}},"content":{"type":"leaf","on":{"tree":"e","kids":[],"value":{},"namespace":"usher"}},)"
        R"("contents":[{"type":"bud"},{"type":"leaf"}],"value":{"x":1},"namespace":"unknown","name.space":3,"name-space":1.5,"kind":"enum",)"
        R"("day":"2024-02-29","at":"2024-01-15T10:30:00.126079Z","big":"9007199254740993","maybe":["x",null]})";
    const auto tree = usher::from_json<shop::tree>(text);
    BOOST_REQUIRE_MESSAGE(tree, tree.error().message());
    BOOST_TEST(tree->tree == "a");
    BOOST_TEST(tree->kids.size() == 1U);
    BOOST_TEST((*tree->parent)->tree == "c");
    BOOST_TEST(tree->by_name->at("d")->tree == "d");
    const auto* leaf = std::get_if<shop::leaf>(&**tree->content);
    BOOST_REQUIRE(leaf);
    BOOST_TEST((*leaf->on)->tree == "e");
    BOOST_TEST(std::holds_alternative<shop::bud>(tree->contents->front()));
    BOOST_CHECK(tree->namespace_ == shop::tree_namespace::unknown_);
    BOOST_TEST(tree->name_space.value() == 3);
    BOOST_TEST(tree->name_space_2.value() == 1.5);
    BOOST_CHECK(*tree->kind == shop::kind::enum_);
    BOOST_TEST(*tree->big == 9007199254740993);
    BOOST_TEST(tree->maybe->size() == 2U);
    BOOST_TEST(!tree->maybe->at(1).has_value());
    BOOST_TEST(usher::to_json(*tree) == text);
}

BOOST_AUTO_TEST_CASE(texts_that_the_document_does_not_know_are_kept)
{
    BOOST_TEST(round_trip<shop::tree>(
                   R"({"tree":"a","kids":[],"value":1,"namespace":"new one","contents":[{"type":"twig","n":1}]})") ==
               R"({"tree":"a","kids":[],"contents":[{"type":"twig","n":1}],"value":1,"namespace":"new one"})");
    BOOST_TEST(round_trip<shop::bounds>(R"({"pet":"fish","place":{"place":"sea","bounds":"none"},"more":true})") ==
               R"({"pet":"fish","place":{"place":"sea","bounds":"none"}})");
}

BOOST_AUTO_TEST_CASE(a_request_type_that_holds_itself_can_be_written_down)
{
    shop::tree_input inner;
    inner.class_ = "leaf";
    shop::tree_input outer;
    outer.class_ = "branch";
    outer.sub = inner;
    outer.subs.emplace().push_back(inner);
    outer.params = usher::null;
    BOOST_TEST(usher::to_json(outer) ==
               R"({"class":"branch","sub":{"class":"leaf"},"subs":[{"class":"leaf"}],"params":null})");
}

BOOST_AUTO_TEST_CASE(the_tables_say_what_the_document_says)
{
    const usher::detail::service_info& own = shop::service();
    BOOST_TEST(own.name == "shop");
    BOOST_TEST(own.base_url == "https://shop.example/api");
    BOOST_REQUIRE_EQUAL(own.operations.size(), 9U);
    const usher::detail::operation_info& get = *own.operations[0];
    BOOST_TEST(get.id == "delete");
    BOOST_TEST(get.group == "odd_things");
    BOOST_TEST(get.name == "remove");
    BOOST_TEST(get.path_parameters.size() == 2U);
    BOOST_TEST(get.path_parameters[1].name == "tree-id");
    BOOST_TEST(get.result == &shop::tables::tree);
    BOOST_CHECK(get.credentials == usher::detail::credential_use::client);
    BOOST_TEST(get.errors.size() == 1U);
    const usher::detail::operation_info& update = *own.operations[1];
    BOOST_CHECK(update.result->what == usher::detail::kind::optional);
    BOOST_CHECK(own.operations[4]->result->what == usher::detail::kind::int64);
    BOOST_CHECK(own.operations[5]->body == usher::detail::body_kind::octet_stream);
    BOOST_TEST(own.operations[5]->result == nullptr);
    for (std::size_t i = 0; i < own.operations.size(); ++i)
        BOOST_TEST(own.operations[i]->index == i);
    const auto& members = update.params->members;
    BOOST_TEST(members[0].name == "class");
    BOOST_CHECK(members[0].where == usher::detail::place::query);
    BOOST_CHECK(members[1].where == usher::detail::place::body);
    BOOST_TEST(members[1].limits->min_length == 2U);
    BOOST_TEST((members[4].flags & usher::detail::member_read_only) != 0);
    BOOST_TEST(own.operations[3]->params->members[0].limits->max_length == 2U);
}

BOOST_AUTO_TEST_CASE(every_bound_that_a_document_can_have_is_held_against_a_request)
{
    const auto& order = *shop::service().operations[7];
    const auto says = [&](const char* text) { return fault_of(order, text); };
    BOOST_TEST(says(R"({"pet":"123e4567-e89b-12d3-A456-426614174000","query":{"weight":0.3},"lots":[6,12,-18]})") ==
               "");
    BOOST_TEST(says(R"({"tree":"urn:tree:7","mail":"a@b"})") == "");
    BOOST_TEST(says(R"({"pet":"123e4567-e89b-12d3-a456-42661417400"})") == "/pet: not a UUID (format)");
    BOOST_TEST(says(R"({"tree":"a tree","mail":"a@b"})") == "/tree: not a URI (format)");
    BOOST_TEST(says(R"({"tree":"urn:x","mail":"a@"})") == "/mail: not an email address (format)");
    BOOST_TEST(says(R"({"tree":"urn:x"})") == "the parameters: required: \"pet\", or \"tree\" and \"mail\"");
    BOOST_TEST(says(R"({"pet":"123e4567-e89b-12d3-a456-426614174000","query":{"weight":0.35}})") ==
               "/weight: 0.35 is no multiple of 0.1 (multipleOf)");
    BOOST_TEST(says(R"({"pet":"123e4567-e89b-12d3-a456-426614174000","lots":[6,8]})") ==
               "/lots/1: 8 is no multiple of 6 (multipleOf)");
    BOOST_TEST(says(R"({"pet":"123e4567-e89b-12d3-a456-426614174000","lots":[6,12,6]})") ==
               "/lots: element 2 is there already (uniqueItems)");
}

BOOST_AUTO_TEST_CASE(parameters_are_told_apart_by_place_where_a_name_goes_to_two)
{
    const auto& order = *shop::service().operations[7];
    BOOST_TEST(fault_of(order, R"({"weight":1})") == R"("weight" stands in more than one place: say which, as )"
                                                     R"({"query": {"weight": …}} or {"body": {"weight": …}})");
    const auto& update = *shop::service().operations[1];
    BOOST_TEST(fault_of(update, R"({"class":"oak"})") ==
               R"("class" stands in more than one place: say which, as {"path": {"class": …}} or )"
               R"({"query": {"class": …}} or {"body": {"class": …}})");
    BOOST_TEST(fault_of(update, R"({"path":{"class":"oak","tree-id":"7"},"body":{"class":"elm","sub":{"class":"ash",)"
                                R"("sub":{}}}})") == "/sub/sub/class: required, not given");
    BOOST_TEST(fault_of(update, R"({"tree-id":"7"})").find("/class: required, not given") == 0U);
}

BOOST_AUTO_TEST_CASE(a_form_that_may_be_its_file_alone_says_so)
{
    const auto& logo = *shop::service().operations[8];
    BOOST_CHECK(logo.body == usher::detail::body_kind::multipart_or_octets);
    shop::logo_params params;
    std::vector<std::string> path;
    BOOST_TEST(!usher::detail::read_parameters(logo, R"({"body":"@a.png"})", path, &params));
    BOOST_REQUIRE(params.logo.has_value());
    BOOST_TEST(params.logo->is_body());
    BOOST_TEST(params.logo->file_name() == "a.png");
    shop::logo_params form;
    BOOST_TEST(!usher::detail::read_parameters(logo, R"({"logo":"@b;c.png;type=image/png"})", path, &form));
    BOOST_TEST(!form.logo->is_body());
    BOOST_TEST(form.logo->source() == "b;c.png");
    BOOST_TEST(form.logo->content_type() == "image/png");
}

BOOST_AUTO_TEST_CASE(objects_of_parameters_and_answers_can_be_made_from_their_tables)
{
    for (const usher::detail::operation_info* each : shop::service().operations)
        for (const usher::detail::type_info* type : {each->params, each->result})
            if (type) {
                BOOST_REQUIRE(type->create && type->destroy);
                void* object = type->create();
                BOOST_TEST(object);
                type->destroy(object);
            }
}

BOOST_AUTO_TEST_SUITE_END()
