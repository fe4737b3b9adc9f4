#include "small.hpp"

#include <boost/test/unit_test.hpp>

using namespace small;

namespace {

/// The pointer that a document is refused with, or nothing.
std::string refusal(const std::string& paths, const std::string& schemas, const std::string& words = "{}")
{
    try {
        made m(paths, schemas, words);
    } catch (const refused& failure) {
        BOOST_TEST(std::string(failure.what()).find(failure.pointer()) == 0U);
        return failure.pointer();
    }
    return "(accepted)";
}

std::string of_schema(const std::string& schema)
{
    return refusal("", "\"A\":" + schema);
}

std::string of_text(const std::string& text)
{
    try {
        document doc{text};
    } catch (const refused& failure) {
        return failure.what();
    }
    return "(accepted)";
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(keywords_that_are_not_understood_are_named)
{
    BOOST_TEST(of_schema(R"({"type":"object","properties":{"a/b":{"not":{"type":"string"}}}})") ==
               "/components/schemas/A/properties/a~1b/not");
    BOOST_TEST(of_schema(R"({"type":"object","patternProperties":{}})") == "/components/schemas/A/patternProperties");
    BOOST_TEST(of_schema(R"({"type":"array","prefixItems":[]})") == "/components/schemas/A/prefixItems");
    BOOST_TEST(of_schema(R"({"if":{},"then":{}})") == "/components/schemas/A/if");
    BOOST_TEST(of_schema(R"({"type":"string","x-anything":1,"description":"fine"})") == "(accepted)");
}

BOOST_AUTO_TEST_CASE(schemas_that_make_no_type_are_named)
{
    BOOST_TEST(of_schema(R"({"type":"text"})") == "/components/schemas/A/type");
    BOOST_TEST(of_schema(R"({"type":["string","text"]})") == "/components/schemas/A/type/1");
    BOOST_TEST(of_schema(R"({"allOf":[],"type":"object"})") == "/components/schemas/A/allOf");
    BOOST_TEST(of_schema(R"({"oneOf":[{"type":"null"}]})") == "/components/schemas/A/oneOf");
    BOOST_TEST(of_schema(R"({"allOf":[{"type":"string"},{"type":"object","properties":{"a":{"type":"string"}}}]})") ==
               "/components/schemas/A/allOf/0");
    BOOST_TEST(
        of_schema(
            R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}})") ==
        "/components/schemas/A/additionalProperties");
    BOOST_TEST(of_schema(R"({"type":"object","properties":{"a":false}})") == "/components/schemas/A/properties/a");
    BOOST_TEST(of_schema(R"({"type":"string","enum":[["x"]]})") == "/components/schemas/A/enum/0");
    BOOST_TEST(of_schema(R"({"type":"string","maxLength":-1})") == "/components/schemas/A/maxLength");
    BOOST_TEST(of_schema(R"({"type":"string","pattern":7})") == "/components/schemas/A/pattern");
    BOOST_TEST(of_schema("7") == "/components/schemas/A");
}

BOOST_AUTO_TEST_CASE(references_to_nothing_elsewhere_or_in_a_circle_are_named)
{
    BOOST_TEST(of_schema(R"({"$ref":"#/components/schemas/B"})") == "/components/schemas/A/$ref");
    BOOST_TEST(of_schema(R"({"$ref":"other.json#/A"})") == "/components/schemas/A/$ref");
    BOOST_TEST(of_schema(R"({"$ref":"#/components/schemas/A"})") == "/components/schemas/A/$ref");
    BOOST_TEST(refusal("", R"("A":{"type":"array","items":{"$ref":"#/components/schemas/A"}})") ==
               "/components/schemas/A");
    BOOST_TEST(of_schema(R"({"$ref":"#/components/schemas/B","properties":{}})") == "/components/schemas/A");
}

BOOST_AUTO_TEST_CASE(unions_that_contradict_themselves_are_named)
{
    const std::string parts =
        R"("B":{"type":"object","properties":{"k":{"type":"string"}}},"C":{"type":"object","properties":{"k":{"type":"string"}}},"A":)";
    BOOST_TEST(
        refusal(
            "",
            parts +
                R"({"oneOf":[{"$ref":"#/components/schemas/B"},{"$ref":"#/components/schemas/C"}],"discriminator":{"propertyName":"k","mapping":{"x":"#/components/schemas/D"}}})") ==
        "/components/schemas/A/discriminator/mapping/x");
    BOOST_TEST(
        refusal(
            "",
            parts +
                R"({"oneOf":[{"$ref":"#/components/schemas/B"},{"$ref":"#/components/schemas/C"}],"discriminator":{}})") ==
        "/components/schemas/A/discriminator");
    BOOST_TEST(
        refusal("", parts + R"({"oneOf":[{"$ref":"#/components/schemas/B"}],"properties":{"x":{"type":"string"}}})") ==
        "/components/schemas/A");
}

BOOST_AUTO_TEST_CASE(operations_that_are_not_understood_are_named)
{
    const std::string object = R"({"type":"object","properties":{"a":{"type":"string"}}})";
    BOOST_TEST(refusal(get("/x/{id}", "getX", object), "") == "/paths/~1x~1{id}/get");
    const auto with = [&](const std::string& parameter) {
        return refusal(get("/x", "getX", object, R"(,"parameters":[)" + parameter + "]"), "");
    };
    BOOST_TEST(with(R"({"name":"c","in":"cookie","schema":{"type":"string"}})") == "/paths/~1x/get/parameters/0/in");
    BOOST_TEST(with(R"({"name":"c","in":"query","style":"deepObject","schema":{"type":"string"}})") ==
               "/paths/~1x/get/parameters/0/style");
    BOOST_TEST(with(R"({"name":"c","in":"query","schema":{"type":"object"}})") == "/paths/~1x/get/parameters/0/schema");
    BOOST_TEST(with(R"({"name":"c","in":"query"})") == "/paths/~1x/get/parameters/0");
    BOOST_TEST(with(R"({"name":"c","in":"path","schema":{"type":"string"}})") == "/paths/~1x/get/parameters/0");
    BOOST_TEST(refusal(R"("/x":{"get":{"operationId":"a","responses":{"200":{"content":{"text/html":{}}}}}})", "") ==
               "/paths/~1x/get/responses/200/content");
    BOOST_TEST(
        refusal(R"("/x":{"post":{"operationId":"a","requestBody":{"content":{"text/xml":{}}},"responses":{"204":{}}}})",
                "") == "/paths/~1x/post/requestBody/content");
    BOOST_TEST(
        refusal(
            R"("/x":{"get":{"operationId":"a","responses":{"200":{"content":{"application/json":{"schema":{"type":"string"}}}},"201":{"content":{"application/json":{"schema":{"type":"integer"}}}}}}})",
            "") == "/paths/~1x/get/responses/201/content/application~1json/schema");
    BOOST_TEST(refusal(get("/x", "same", object) + "," + get("/y", "same", object), "") == "/paths/~1y/get");
    BOOST_TEST(refusal(R"("/x":{"query":{}})", "") == "/paths/~1x/query");
}

BOOST_AUTO_TEST_CASE(words_that_do_not_fit_the_document_are_named)
{
    const std::string object = R"({"type":"object","properties":{"a":{"type":"string"}}})";
    BOOST_TEST(refusal(get("/x", "getX", object), "", R"({"operations":{"getY":{"group":"a","name":"b"}}})") ==
               "/operations/getY");
    BOOST_TEST(refusal(get("/x", "getX", object), "", R"({"pages":{"getX":{"style":"offset"}}})") == "/pages/getX");
    BOOST_TEST(refusal(get("/x", "getX", object), "", R"({"pages":{"getX":{"style":"sideways"}}})") ==
               "/pages/getX/style");
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_open_api_document_are_refused)
{
    BOOST_TEST(of_text("{") != "(accepted)");
    BOOST_TEST(of_text("[]") != "(accepted)");
    BOOST_TEST(of_text(R"({"swagger":"2.0","paths":{}})").find("/openapi") == 0U);
    BOOST_TEST(of_text(R"({"openapi":"3.0.0"})") != "(accepted)");
    BOOST_TEST(of_text(R"({"openapi":"3.1.0","paths":{}})") == "(accepted)");
}

BOOST_AUTO_TEST_SUITE_END()
