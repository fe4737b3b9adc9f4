#include "unit/bulk/mapped.hpp"
#include "unit/bulk/read_all.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>

namespace bulk = usher::bulk;

namespace {

// 32 bytes each: 0 to 31, and the same backwards with bits that the two alphabets of base64 write differently.
const std::string key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string hash = "+/8fHh0cGxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwI=";
const std::string hash_for_addresses = "-_8fHh0cGxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwI=";

bulk::firebase_hash_parameters parameters()
{
    bulk::firebase_hash_parameters made;
    made.signer_key = key;
    made.salt_separator = "Bw==";
    made.rounds = 8;
    made.memory_cost = 14;
    return made;
}

bulk::mapped map(const std::string& members, const std::optional<bulk::firebase_hash_parameters>& with)
{
    bulk::source_record record;
    record.format = bulk::source_format::firebase;
    record.fields = boost::json::parse(R"({"localId":"1",)" + members + "}").as_object();
    bulk::mapping_options options;
    options.firebase = with;
    return bulk::map_record(record, options);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mapping_firebase)

BOOST_AUTO_TEST_CASE(a_digest_has_six_segments_in_the_documented_order_and_alphabet)
{
    const auto expected = hash + "$+/8=$" + key + "$Bw==$8$14";
    for (const auto& members : {R"("passwordHash":")" + hash + R"(","salt":"+/8=")",
                                R"("passwordHash":")" + hash_for_addresses + R"(","salt":"-_8")"}) {
        const auto made = map(members, parameters());
        BOOST_TEST(user_of(made).password.value().hasher == "scrypt_firebase");
        BOOST_TEST(user_of(made).password->digest == expected);
    }
}

BOOST_AUTO_TEST_CASE(passwords_need_the_parameters_of_the_project_and_others_do_not)
{
    const auto password = R"("passwordHash":")" + hash + R"(","salt":"+/8=")";
    BOOST_TEST(code_of(map(password, std::nullopt)) == "firebase_parameters_missing");
    BOOST_TEST(code_of(map(R"("email":"ada@example.com")", std::nullopt)) == "");
    const auto code = [&](const std::function<void(bulk::firebase_hash_parameters&)>& change) {
        auto with = parameters();
        change(with);
        return code_of(map(password, with));
    };
    const std::string invalid = "firebase_parameters_invalid";
    BOOST_TEST(code([](auto& with) { with.signer_key = ""; }) == invalid);
    BOOST_TEST(code([](auto& with) { with.signer_key = "not base64!"; }) == invalid);
    BOOST_TEST(code([](auto& with) { with.salt_separator = ""; }) == invalid);
    BOOST_TEST(code([](auto& with) { with.salt_separator = "B"; }) == invalid);
    for (const int rounds : {-1, 0, 9})
        BOOST_TEST(code([&](auto& with) { with.rounds = rounds; }) == invalid);
    for (const int cost : {-1, 0, 15})
        BOOST_TEST(code([&](auto& with) { with.memory_cost = cost; }) == invalid);
    BOOST_TEST(code([](auto& with) { with.rounds = with.memory_cost = 1; }) == "");
}

BOOST_AUTO_TEST_CASE(a_wrong_signer_key_is_seen_by_its_length)
{
    auto with = parameters();
    with.signer_key = "AAECAwQFBgc=";
    BOOST_TEST(code_of(map(R"("passwordHash":")" + hash + R"(","salt":"+/8=")", with)) == "password_digest_invalid");
}

BOOST_AUTO_TEST_CASE(a_list_of_users_may_be_wrapped_bare_or_a_line_each)
{
    const std::string one = R"({"localId":"1"})", two = R"({"localId":"2"})";
    for (const auto& text :
         {"{\"users\":[" + one + "," + two + "]}", "\n{ \"users\" :\n[" + one + ",\n" + two + "\n]\n}\n",
          "[" + one + "," + two + "]", one + "\n" + two + "\n"})
        for (const std::size_t piece : {1U, 3U, 1000U}) {
            const auto records = read_all(bulk::source_format::firebase, text, piece);
            BOOST_TEST_REQUIRE(records.size() == 2U, text);
            BOOST_TEST(records[0].fields.at("localId").as_string() == "1");
            BOOST_TEST(records[1].fields.at("localId").as_string() == "2");
        }
    BOOST_TEST(read_all(bulk::source_format::firebase, R"({"users":[]})").empty());
    BOOST_TEST(read_all(bulk::source_format::firebase, R"({"users":"no list","localId":"1"})").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_not_closed_and_what_stands_behind_one_are_reported)
{
    const auto problems = [](std::string_view text) {
        std::string all;
        for (const auto& record : read_all(bulk::source_format::firebase, text, 1))
            all += (record.problem.empty() ? std::string("fine") : record.problem.substr(0, record.problem.find(':'))) +
                   ";";
        return all;
    };
    BOOST_TEST(problems(R"({"users":[{"localId":"1"},)") == "fine;the source is torn;");
    BOOST_TEST(problems(R"({"users":[{"localId":"1"})") == "fine;the source is torn;");
    BOOST_TEST(problems(R"({"users":[{"localId":"1"},{"local)") == "fine;the source is torn;");
    BOOST_TEST(problems(R"({"users":[)") == "the source is torn;");
    BOOST_TEST(problems(R"({"users":[{"localId":"1"}],"next":"page"})") ==
               "fine;there is text after the end of the array;");
    BOOST_TEST(problems(R"({"users":[{"localId":"1"}]})") == "fine;");
}

BOOST_AUTO_TEST_SUITE_END()
