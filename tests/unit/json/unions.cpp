#include "unit/json/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace usher_tests {
namespace {

template <class T>
T read(std::string_view text)
{
    T value{};
    const std::string failure = decode_text(text, value);
    BOOST_TEST_REQUIRE(failure == "", text << ": " << failure);
    return value;
}

boost::json::value kept(const proof& value)
{
    return std::get<unknown_json>(value).json;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_union_with_a_discriminator)

BOOST_AUTO_TEST_CASE(is_read_when_the_discriminator_comes_first)
{
    const auto value = read<proof>(R"({"object":"otp","attempts":3,"at":{"x":1,"y":2},"zzz":[1]})");
    BOOST_TEST(std::get<otp>(value).object == "otp");
    BOOST_TEST(std::get<otp>(value).attempts == 3);
    BOOST_TEST(std::get<otp>(value).at->y == 2);
}

BOOST_AUTO_TEST_CASE(is_read_when_the_discriminator_comes_later)
{
    for (const std::string_view text :
         {R"({"attempts":3,"object":"otp","at":{"x":1,"y":2}})",
          R"({"at":{"x":1,"y":2},"zzz":{"object":"ticket"},"attempts":3.0,"object":"otp"})",
          R"({"zzz":[{"object":"ticket"}],"at":{"y":2,"x":1},"object":"otp","attempts":3})"}) {
        const auto value = read<proof>(text);
        BOOST_TEST_REQUIRE(value.index() == 0U, text);
        BOOST_TEST(std::get<otp>(value).object == "otp");
        BOOST_TEST(std::get<otp>(value).attempts == 3);
        BOOST_TEST(std::get<otp>(value).at->x == 1);
        BOOST_TEST(std::get<otp>(value).at->y == 2);
    }
}

BOOST_AUTO_TEST_CASE(keeps_what_it_does_not_know)
{
    for (const std::string_view text :
         {R"({"object":"passkey","attempts":3})", R"({"attempts":3,"object":"passkey","x":{"object":"otp"}})", "{}",
          R"({"attempts":1})", R"({"object":7,"a":1})", R"({"object":{"object":"otp"},"b":[]})",
          R"({"a":1,"object":[1,{"b":2}]})", R"({"object":null})", R"({"object":true})", R"({"object":1.5})",
          R"({"object":18446744073709551615})", "null", "3", "2.5", "18446744073709551615", "\"otp\"", "true",
          "[1,[2]]"})
        BOOST_TEST((kept(read<proof>(text)) == boost::json::parse(text)), text);
}

BOOST_AUTO_TEST_CASE(stands_in_members_and_arrays)
{
    const auto value = read<proof_holder>(
        R"({"proof_of":null,"others":[{"object":"otp","attempts":1},{"code":"c","object":"ticket"},{"object":"x"},3]})");
    BOOST_TEST(!value.proof_of.has_value());
    BOOST_TEST_REQUIRE(value.others.size() == 4U);
    BOOST_TEST(std::get<otp>(value.others[0]).attempts == 1);
    BOOST_TEST(std::get<ticket>(value.others[1]).code == "c");
    BOOST_TEST((kept(value.others[2]) == boost::json::parse(R"({"object":"x"})")));
    BOOST_TEST((kept(value.others[3]) == 3));
}

BOOST_AUTO_TEST_CASE(is_an_error_where_the_alternative_is_known_and_a_type_is_wrong)
{
    BOOST_TEST(failure_of<proof_holder>(R"({"others":[{"object":"otp","attempts":"many"}]})") ==
               "/others/0/attempts: expected an integer of 64 bits, found a string that is no integer");
    BOOST_TEST(failure_of<proof_holder>(R"({"proof_of":{"attempts":true,"object":"otp"}})") ==
               "/proof_of/attempts: expected an integer of 64 bits, found true");
}

BOOST_AUTO_TEST_CASE(of_a_name_that_comes_twice_takes_the_last)
{
    const auto value = read<proof_holder>(
        R"({"proof_of":{"object":"ticket","code":"c"},"proof_of":{"object":"otp","attempts":2,"attempts":3}})");
    BOOST_TEST(std::get<otp>(*value.proof_of).attempts == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_union_without_a_discriminator)

BOOST_AUTO_TEST_CASE(takes_the_alternative_of_the_values_kind)
{
    BOOST_TEST(std::get<std::string>(read<loose>("\"text\"")) == "text");
    BOOST_TEST(std::get<std::vector<point>>(read<loose>(R"([{"x":1},{"x":2}])")).size() == 2U);
    BOOST_TEST(std::get<std::vector<point>>(read<loose>("[]")).empty());
}

BOOST_AUTO_TEST_CASE(takes_the_alternative_that_knows_most_members)
{
    BOOST_TEST(std::get<point>(read<loose>(R"({"x":1})")).x == 1);
    BOOST_TEST(std::get<point>(read<loose>(R"({"y":2,"x":1,"z":3})")).y == 2);
    BOOST_TEST(std::get<named_point>(read<loose>(R"({"x":1,"name":"n"})")).name == "n");
    // Both know two members: the earlier alternative is taken.
    BOOST_TEST(read<loose>(R"({"x":1,"name":"n","y":2})").index() == 2U);
    BOOST_TEST(read<loose>(R"({"x":1,"name":"n","y":2,"at":"2024-01-01T00:00:00Z"})").index() == 3U);
}

BOOST_AUTO_TEST_CASE(passes_over_an_alternative_that_a_member_does_not_fit)
{
    BOOST_TEST(read<loose>(R"({"x":1,"name":"n","at":"not a time"})").index() == 2U);
    BOOST_TEST(read<loose>(R"({"x":1,"name":7})").index() == 2U);
    BOOST_TEST(std::get<point>(read<loose>(R"({"x":1.0,"y":"8"})")).y == 8);
    // Fits by its kinds, but not in its value: nothing of the attempt is left for what follows.
    const auto values = read<std::vector<loose>>(R"([{"x":"1x"},[{"y":3,"x":1},{"x":true}],{"x":7},"text"])");
    BOOST_TEST_REQUIRE(values.size() == 4U);
    BOOST_TEST((std::get<unknown_json>(values[0]).json == boost::json::parse(R"({"x":"1x"})")));
    BOOST_TEST(values[1].index() == 4U);
    BOOST_TEST(std::get<point>(values[2]).x == 7);
    BOOST_TEST(std::get<std::string>(values[3]) == "text");
}

BOOST_AUTO_TEST_CASE(keeps_what_fits_none)
{
    for (const std::string_view text :
         {"{}", R"({"y":1})", R"({"x":null})", R"([{"x":1},{"y":2}])", "[1]", "true", "null", "12", "1.5"})
        BOOST_TEST((std::get<unknown_json>(read<loose>(text)).json == boost::json::parse(text)), text);
}

BOOST_AUTO_TEST_CASE(looks_at_texts_that_are_the_only_ones)
{
    using open_proof = std::variant<otp, ticket, unknown_json>;
    static constexpr choice_info choices[] = {{&table<otp>::value, {}}, {&table<ticket>::value, {}}};
    static constexpr type_info type = union_of<open_proof>("open_proof", "", choices);
    decoder reader;
    open_proof value;
    const auto index_of = [&](std::string_view text) {
        reader.start(type, &value, decode_limits());
        BOOST_TEST_REQUIRE((reader.write(text) && reader.finish()), reader.failure().message());
        return value.index();
    };
    BOOST_TEST(index_of(R"({"object":"otp","attempts":1,"code":"c"})") == 0U);
    BOOST_TEST(index_of(R"({"object":"ticket","attempts":1,"code":"c"})") == 1U);
    BOOST_TEST(index_of(R"({"object":"other","attempts":1,"code":"c"})") == 2U);
    BOOST_TEST(index_of(R"({"object":"otp"})") == 2U);
}

BOOST_AUTO_TEST_CASE(nested_in_others_is_replayed_all_the_way)
{
    using inner = std::vector<proof>;
    using outer = std::variant<inner, std::map<std::string, loose, std::less<>>, unknown_json>;
    static constexpr choice_info choices[] = {{&table<inner>::value, {}},
                                              {&table<std::map<std::string, loose, std::less<>>>::value, {}}};
    static constexpr type_info type = union_of<outer>("outer", "", choices);
    decoder reader;
    outer value;
    reader.start(type, &value, decode_limits());
    BOOST_TEST_REQUIRE((reader.write(R"([{"attempts":1,"object":"otp"},{"object":"new","n":18446744073709551615}])") &&
                        reader.finish()));
    BOOST_TEST(std::get<otp>(std::get<0>(value).at(0)).attempts == 1);
    BOOST_TEST((kept(std::get<0>(value).at(1)) == boost::json::parse(R"({"object":"new","n":18446744073709551615})")));
    reader.start(type, &value, decode_limits());
    BOOST_TEST_REQUIRE((reader.write(R"({"a":"t","b":[{"x":1}],"c":{"x":2,"name":"n"},"d":[1]})") && reader.finish()));
    auto& map = std::get<1>(value);
    BOOST_TEST(std::get<std::string>(map.at("a")) == "t");
    BOOST_TEST(std::get<std::vector<point>>(map.at("b")).at(0).x == 1);
    BOOST_TEST(std::get<named_point>(map.at("c")).x == 2);
    BOOST_TEST(map.at("d").index() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
