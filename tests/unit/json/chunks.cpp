#include "unit/json/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace usher_tests {
namespace {

constexpr std::string_view awkward =
    R"( { "zzz" : { "a" : [ 1.5e3 , "\u0041\n" , null ] } , "te\u0078t" : "\ud83d\ude00\u00e9 é 😀 \\ \" \/ \b" ,)"
    R"("large":"-9223372036854775808","real":-1.25e-3,"small":-0.0e1,"updated_at":"2024-01-15T10:30:00.1+02:00",)"
    R"("shade":"ultra\u0076iolet","marks":{"k\u00e9y":{"x":1},"":{}},"any":{"k\n":"\u0000","d":0.1,"n":-12},)"
    R"("meta":{"deep":[[{"a":"b"}]]},"nick":"\t","tags":["\u0031"],"patch":null,"created_at":1716883200123})"
    "\r\n\t ";

constexpr std::string_view unions =
    R"({"others":[{"attempts":12,"at":{"x":1},"object":"otp"},{"object":"ticket","code":"\u0063x"},)"
    R"({"\u006fbject":"\u006ftp","attempts":5},{"object":"ne\u0077","k":[1.5,{"a":null}]},17,"text"],)"
    R"("proof_of":{"code":"c","object":"ticket"}})";

/// Decoded in the pieces that `next` cuts, each in memory of its own; the outcome as text.
template <class T, class Next>
std::string in_pieces(std::string_view text, Next next)
{
    decoder reader;
    T value{};
    reader.start(table<T>::value, &value, decode_limits());
    bool sound = true;
    for (std::size_t at = 0; sound && at < text.size();) {
        const std::size_t length = std::min<std::size_t>(next(at), text.size() - at);
        const std::vector<char> piece(text.begin() + static_cast<std::ptrdiff_t>(at),
                                      text.begin() + static_cast<std::ptrdiff_t>(at + length));
        sound = reader.write(std::string_view(piece.data(), piece.size()));
        at += length;
    }
    if (sound && reader.finish())
        return encoded(value);
    const std::string message = reader.failure().message();
    return "failed " + message.substr(0, message.rfind(" (byte"));
}

template <class T>
void same_in_every_cut(std::string_view text)
{
    const std::string whole = in_pieces<T>(text, [&](std::size_t) { return text.size(); });
    BOOST_TEST_REQUIRE(whole != "");
    for (std::size_t cut = 1; cut < text.size(); ++cut)
        BOOST_TEST_REQUIRE(in_pieces<T>(text, [&](std::size_t at) { return at == 0 ? cut : text.size(); }) == whole,
                           "cut at " << cut);
    for (std::size_t size = 1; size != 9; ++size)
        BOOST_TEST_REQUIRE(in_pieces<T>(text, [&](std::size_t) { return size; }) == whole, "pieces of " << size);
    std::mt19937 random(7);
    for (int i = 0; i != 300; ++i)
        BOOST_TEST_REQUIRE(in_pieces<T>(text, [&](std::size_t) { return 1 + random() % 40; }) == whole, "round " << i);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_document_in_pieces)

BOOST_AUTO_TEST_CASE(gives_the_same_as_the_whole)
{
    same_in_every_cut<everything>(everything_text);
    same_in_every_cut<everything>(awkward);
    same_in_every_cut<proof_holder>(unions);
    same_in_every_cut<loose>(R"([{"x":1},{"x":22.0,"y":"333"},{"x":1e2}])");
    same_in_every_cut<double>(" -12.5e-10 ");
    same_in_every_cut<std::int64_t>("1234567");
    same_in_every_cut<boost::json::value>(R"({"a":[-1.5,12345678901234567890,"\u00e9"],"bcd":{"e":{}}})");
}

BOOST_AUTO_TEST_CASE(means_what_the_whole_means)
{
    everything value;
    BOOST_TEST(decode_text(awkward, value) == "");
    BOOST_TEST(value.text == "\xf0\x9f\x98\x80\xc3\xa9 \xc3\xa9 \xf0\x9f\x98\x80 \\ \" / \b");
    BOOST_TEST(value.large == INT64_MIN);
    BOOST_TEST(value.real == -1.25e-3);
    BOOST_TEST(value.small == 0);
    BOOST_TEST(value.shade.text() == "ultraviolet");
    BOOST_TEST(value.marks.at("k\xc3\xa9y").x == 1);
    BOOST_TEST(value.marks.count("") == 1U);
    BOOST_TEST((value.any.at("k\n").as_string() == std::string_view("\0", 1)));
    BOOST_TEST(value.any.at("d").as_double() == 0.1);
    BOOST_TEST(value.tags->at(0) == "1");
    proof_holder holder;
    BOOST_TEST(decode_text(unions, holder) == "");
    BOOST_TEST(std::get<otp>(holder.others.at(2)).attempts == 5);
    BOOST_TEST(std::get<ticket>(holder.others.at(1)).code == "cx");
    BOOST_TEST(std::get<ticket>(*holder.proof_of).code == "c");
}

BOOST_AUTO_TEST_CASE(fails_the_same_as_the_whole)
{
    same_in_every_cut<everything>(R"({"path":[{"x":1},{"x":1.5}]})");
    same_in_every_cut<everything>(R"({"marks":{"key":{"x":"12x"}}})");
    same_in_every_cut<everything>(R"({"text":"abc","flag":nulx})");
    same_in_every_cut<everything>("{\"text\":\"ab\xc3(\"}");
    same_in_every_cut<proof_holder>(R"({"others":[{"attempts":[],"object":"otp"}]})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace usher_tests
