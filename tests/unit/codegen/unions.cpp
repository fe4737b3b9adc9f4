#include "small.hpp"

#include <boost/test/unit_test.hpp>

using namespace small;

namespace {

const std::string cats_and_dogs =
    R"("Cat":{"type":"object","properties":{"kind":{"type":"string","enum":["cat"]},"lives":{"type":"integer"}}},
       "Dog":{"type":"object","properties":{"kind":{"type":"string","enum":["dog"]},"tricks":{"type":"integer"}}})";

std::string pet(const std::string& schema)
{
    return cats_and_dogs + R"(,"Pet":)" + schema;
}

const char* const both = R"([{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}])";

} // namespace

BOOST_AUTO_TEST_SUITE(unions)

BOOST_AUTO_TEST_CASE(a_mapping_gives_the_texts_of_each_alternative)
{
    const made m = of_schemas(
        pet(std::string(R"({"oneOf":)") + both +
            R"(,"discriminator":{"propertyName":"kind","mapping":{"tom":"#/components/schemas/Cat","dog":"Dog"}}})"));
    const type& pets = m.named("pet");
    BOOST_TEST(pets.discriminator == "kind");
    const std::vector<std::string> cat = {"tom", "cat"};
    BOOST_TEST(pets.alternatives[0].tags == cat, boost::test_tools::per_element());
    BOOST_TEST(pets.alternatives[1].tags == std::vector<std::string>{"dog"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_mapping_the_alternatives_own_texts_count_and_then_their_names)
{
    const made m = of_schemas(pet(std::string(R"({"oneOf":)") + both + R"(,"discriminator":{"propertyName":"kind"}})"));
    BOOST_TEST(m.named("pet").alternatives[1].tags.front() == "dog");
    const made n = of_schemas(
        R"("Cat":{"type":"object","properties":{"kind":{"type":"string"}}},"Dog":{"type":"object","properties":{"kind":{"type":"string"}}},"Pet":{"oneOf":)" +
        std::string(both) + R"(,"discriminator":{"propertyName":"kind"}})");
    BOOST_TEST(n.named("pet").alternatives[0].tags.front() == "Cat");
}

BOOST_AUTO_TEST_CASE(without_a_discriminator_a_member_with_one_text_in_each_alternative_serves)
{
    const made m = of_schemas(pet(std::string(R"({"anyOf":)") + both + "}"));
    BOOST_TEST(m.named("pet").discriminator == "kind");
    BOOST_TEST(m.named("pet").alternatives[0].tags.front() == "cat");
}

BOOST_AUTO_TEST_CASE(alternatives_that_share_their_texts_are_told_apart_by_fit)
{
    const made m = of_schemas(
        R"("A":{"type":"object","properties":{"kind":{"type":"string","enum":["x"]}}},"B":{"type":"object","properties":{"kind":{"type":"string","enum":["x"]}}},
        "C":{"oneOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}]})");
    BOOST_TEST(m.named("c").discriminator.empty());
    BOOST_TEST(m.named("c").alternatives[0].tags.empty());
}

BOOST_AUTO_TEST_CASE(a_union_of_one_is_that_one_and_of_something_else_than_objects_any_json)
{
    const made m = of_schemas(
        cats_and_dogs +
        R"(,"A":{"type":"object","required":["one","mixed","texts"],"properties":{"one":{"type":"object","nullable":true,"oneOf":[{"$ref":"#/components/schemas/Cat"}]},
        "mixed":{"oneOf":[{"type":"string"},{"type":"integer"}]},"texts":{"anyOf":[{"type":"string"},{"type":"string","enum":["a","b"]}]},"several":{"type":["string","integer"]}}})");
    BOOST_TEST(m.cpp("a", "one") == "std::optional<cat>");
    BOOST_TEST(m.cpp("a", "mixed") == "boost::json::value");
    BOOST_TEST(m.cpp("a", "texts") == "std::string");
    BOOST_TEST(m.cpp("a", "several") == "std::optional<boost::json::value>");
}

BOOST_AUTO_TEST_CASE(inline_alternatives_get_names)
{
    const made m = of_schemas(
        R"("A":{"oneOf":[{"type":"object","properties":{"x":{"type":"string"}}},{"title":"Second Way","type":"object","properties":{"y":{"type":"string"}}}]})");
    BOOST_TEST(m.has("a_option_1"));
    BOOST_TEST(m.has("a_second_way"));
}

BOOST_AUTO_TEST_SUITE_END()
