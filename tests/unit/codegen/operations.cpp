#include "small.hpp"

#include "codegen/operation_builder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace small;

namespace {

const operation& only(const made& m)
{
    BOOST_REQUIRE_EQUAL(m.result.operations.size(), 1U);
    return m.result.operations.front();
}

const char* const answer = R"({"type":"object","properties":{"id":{"type":"string"}}})";

} // namespace

BOOST_AUTO_TEST_SUITE(operations)

BOOST_AUTO_TEST_CASE(path_query_header_and_body_go_where_they_belong)
{
    const made m(
        post(
            "/things/{thingID}/parts/{class}", "addPart",
            R"({"type":"object","required":["n"],"properties":{"n":{"type":"string"}}})",
            R"(,"parameters":[{"name":"thingID","in":"path","required":true,"schema":{"type":"string","pattern":"^t_"}},
                         {"name":"class","in":"path","required":true,"schema":{"type":"string","enum":["a","b"]}},
                         {"name":"ids","in":"query","schema":{"type":"array","items":{"type":"string"}}},
                         {"name":"list","in":"query","explode":false,"schema":{"type":"array","items":{"type":"string"}}},
                         {"name":"If-Match","in":"header","schema":{"type":"string"}}])"),
        "");
    const operation& own = only(m);
    BOOST_TEST(own.arguments.size() == 2U);
    BOOST_TEST(own.arguments[0].name == "thing_id");
    BOOST_TEST(own.arguments[0].own.pattern.value() == "^t_");
    BOOST_TEST(own.arguments[1].name == "class_");
    BOOST_TEST(own.arguments[1].own.values.size() == 2U);
    BOOST_REQUIRE(own.params);
    BOOST_TEST(own.params->name == "add_part_params");
    BOOST_CHECK(m.member_of("add_part_params", "ids").where == place::query);
    BOOST_TEST(m.member_of("add_part_params", "ids").exploded);
    BOOST_TEST(!m.member_of("add_part_params", "list").exploded);
    BOOST_CHECK(m.member_of("add_part_params", "If-Match").where == place::header);
    BOOST_CHECK(m.member_of("add_part_params", "n").where == place::body);
    BOOST_TEST(!own.params_optional());
    BOOST_TEST(own.result.base == nullptr);
    BOOST_CHECK(own.body == body_kind::json);
}

BOOST_AUTO_TEST_CASE(a_query_parameter_gives_way_to_a_body_member_of_the_same_name)
{
    const made m(post("/x", "makeX", R"({"type":"object","properties":{"name":{"type":"string"}}})",
                      R"(,"parameters":[{"name":"name","in":"query","schema":{"type":"string"}}])"),
                 "");
    const auto& members = m.named("make_x_params").members;
    BOOST_REQUIRE_EQUAL(members.size(), 2U);
    BOOST_TEST(members[0].name == "name_query");
    BOOST_TEST(members[0].wire == "name");
    BOOST_TEST(members[1].name == "name");
}

BOOST_AUTO_TEST_CASE(object_bodies_give_their_members_and_other_bodies_are_one_member)
{
    const std::string named =
        R"("B":{"type":"object","required":["x"],"properties":{"x":{"type":"string"},"id":{"type":"string","readOnly":true}}})";
    const made object(post("/x", "makeX", R"({"$ref":"#/components/schemas/B"})"), named);
    BOOST_TEST(object.cpp("make_x_params", "x") == "usher::field<std::string>");
    BOOST_TEST(object.member_of("make_x_params", "x").required);
    BOOST_TEST(object.member_of("make_x_params", "id").read_only);
    const made array(post("/x", "makeX", R"({"type":"array","minItems":1,"items":{"$ref":"#/components/schemas/B"}})"),
                     named);
    BOOST_TEST(array.cpp("make_x_params", "body") == "usher::field<std::vector<b>>");
    BOOST_TEST(array.member_of("make_x_params", "body").whole_body);
    BOOST_TEST(array.member_of("make_x_params", "body").required);
    const made map(post("/x", "makeX", R"({"type":"object","additionalProperties":true})"), "");
    BOOST_TEST(map.cpp("make_x_params", "body") == "usher::field<boost::json::object>");
    BOOST_TEST(map.member_of("make_x_params", "body").required);
    const made empty(post("/x", "makeX", R"({"type":"object"})"), "");
    BOOST_TEST(!empty.member_of("make_x_params", "body").required);
}

BOOST_AUTO_TEST_CASE(uploads_are_forms_where_the_document_offers_both)
{
    const made m(R"("/logo":{"put":{"operationId":"putLogo","requestBody":{"required":true,"content":{
        "application/octet-stream":{"schema":{"type":"string","format":"binary"}},
        "multipart/form-data":{"schema":{"type":"object","required":["file"],"properties":{"file":{"type":"string","format":"binary"}}}}}},
        "responses":{"204":{}}}})",
                 "");
    BOOST_CHECK(only(m).body == body_kind::multipart_or_octets);
    BOOST_TEST(m.cpp("put_logo_params", "file") == "usher::field<usher::upload>");
}

BOOST_AUTO_TEST_CASE(answers_are_found_under_any_success_status)
{
    const made created(
        R"("/x":{"post":{"operationId":"makeX","responses":{"201":{"content":{"application/json":{"schema":)" +
            std::string(answer) + R"(}}},"422":{},"404":{}}}})",
        "");
    BOOST_TEST(only(created).result.base->name == "make_x_result");
    const std::vector<int> errors = {404, 422};
    BOOST_TEST(only(created).errors == errors, boost::test_tools::per_element());
    const made none(R"("/x":{"post":{"operationId":"makeX","responses":{"202":{}}}})", "");
    BOOST_TEST(only(none).result.base == nullptr);
    const made array(get("/x", "listX", std::string(R"({"type":"array","items":)") + answer + "}"), "");
    BOOST_TEST(element_type(only(array).result) == "std::vector<list_x_result_item>");
}

BOOST_AUTO_TEST_CASE(groups_and_names_come_from_the_words_or_else_from_the_document)
{
    const made plain(get("/x", "thingService_GetX", answer), "");
    BOOST_TEST(only(plain).group == "things");
    BOOST_TEST(only(plain).name == "get_x");
    BOOST_TEST(only(plain).symbol == "get_x");
    const made override(
        get("/x", "GetX", answer, R"(,"x-speakeasy-group":"bigThings","x-speakeasy-name-override":"delete")"), "");
    BOOST_TEST(only(override).group == "big_things");
    BOOST_TEST(only(override).name == "remove");
    const made words(get("/x", "GetX", answer), "",
                     R"({"operations":{"GetX":{"group":"xs","name":"get","summary":"Fetch an X."}}})");
    BOOST_TEST(only(words).group == "xs");
    BOOST_TEST(only(words).name == "get");
    BOOST_TEST(only(words).summary == "Fetch an X.");
}

BOOST_AUTO_TEST_CASE(listings_page_as_the_words_say)
{
    const std::string list =
        R"({"type":"object","required":["data"],"properties":{"data":{"type":"array","items":{"type":"string"}},"next":{"type":"string"}}})";
    const std::string parameters =
        R"(,"parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":500}},
        {"name":"offset","in":"query","schema":{"type":"integer"}},{"name":"token","in":"query","schema":{"type":"string"}},
        {"name":"order_by","in":"query","schema":{"type":"string"}}])";
    const made offset(get("/x", "listX", list, parameters), "",
                      R"({"pages":{"listX":{"style":"offset","items":"data","order_by":"+created_at"}}})");
    BOOST_REQUIRE(only(offset).pages);
    BOOST_TEST(only(offset).pages->largest == 500U);
    BOOST_TEST(only(offset).pages->size_member == "limit");
    BOOST_TEST(only(offset).pages->order_by == "+created_at");
    const made token(get("/x", "listX", list, parameters), "",
                     R"({"pages":{"listX":{"style":"token","items":"data","request":"token","response":"next"}}})");
    BOOST_CHECK(only(token).pages->style == page_style::token);
    BOOST_TEST(only(token).pages->response_member == "next");
}

BOOST_AUTO_TEST_CASE(parameters_of_a_path_apply_to_its_operations_unless_these_say_otherwise)
{
    const made m(
        R"("/x":{"parameters":[{"name":"a","in":"query","schema":{"type":"string"}},{"name":"b","in":"query","schema":{"type":"string"}}],
        "get":{"operationId":"getX","parameters":[{"name":"b","in":"query","required":true,"schema":{"type":"integer"}}],"responses":{"204":{}}}})",
        "");
    BOOST_TEST(m.cpp("get_x_params", "a") == "usher::field<std::string>");
    BOOST_TEST(m.cpp("get_x_params", "b") == "usher::field<std::int64_t>");
    BOOST_TEST(m.member_of("get_x_params", "b").required);
    BOOST_TEST(constructor_members(m.named("get_x_params")).size() == 1U);
}

BOOST_AUTO_TEST_CASE(base_addresses_that_are_templates_are_left_open)
{
    const auto url = [](const std::string& text) {
        const document doc(R"({"openapi":"3.0.0","info":{"version":"7"},"paths":{},"servers":[{"url":")" + text +
                           R"("}]})");
        model m;
        describe_service(doc, "acme::shop", m);
        BOOST_TEST(m.service == "shop");
        return m.base_url;
    };
    BOOST_TEST(url("https://api.example.com/v1/") == "https://api.example.com/v1");
    BOOST_TEST(url("https://$ENVIRONMENT") == "");
    BOOST_TEST(url("https://{tenant}.example.com") == "");
    BOOST_TEST(url("/v1") == "");
}

BOOST_AUTO_TEST_SUITE_END()
