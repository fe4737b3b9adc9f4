// Small documents that make large objects: what they may take has an end.
#include "json/decoder.hpp"

#include <usher/clerk/operations.hpp>

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

using namespace usher::detail;

namespace {

const operation_info& operation(std::string_view id)
{
    for (const auto* one : usher::clerk::service().operations)
        if (one->id == id)
            return *one;
    throw std::logic_error("no such operation");
}

struct outcome {
    outcome() = default;
    bool good = false;
    std::string text;
    std::uint64_t offset = 0;
};

outcome decode(const type_info& type, std::string_view text, const decode_limits& limits)
{
    decoder reader;
    void* object = type.create();
    reader.start(type, object, limits);
    outcome made;
    made.good = reader.write(text) && reader.finish();
    if (!made.good) {
        made.text = reader.failure().message();
        made.offset = reader.failure().offset;
    }
    type.destroy(object);
    return made;
}

std::string repeated(std::string_view begin, std::string_view one, std::size_t times, std::string_view end)
{
    std::string text(begin);
    for (std::size_t i = 0; i != times; ++i) {
        if (i != 0)
            text += ',';
        text += one;
    }
    return text + std::string(end);
}

decode_limits memory(std::uint64_t bytes)
{
    decode_limits limits;
    limits.max_memory = bytes;
    return limits;
}

} // namespace

BOOST_AUTO_TEST_SUITE(amplification)

BOOST_AUTO_TEST_CASE(an_array_of_empty_objects_is_bounded_by_what_they_take)
{
    const auto& list = *operation("GetUserList").result;
    const auto size = list.element->size;
    BOOST_TEST(size > 500U);
    const auto text = repeated("[", "{}", 1'000'000, "]"); // 3 MB that would take well over a gigabyte
    const auto stopped = decode(list, text, decode_limits());
    BOOST_TEST(!stopped.good);
    BOOST_TEST(stopped.text.find("bytes of memory") != std::string::npos, stopped.text);
    // Made up to the limit, and at most one slice of the text further.
    BOOST_TEST(stopped.offset / 3 * size < (256U << 20) + 16 * 1024 / 3 * size);
    // At the limit, and one past it.
    const auto few = repeated("[", "{}", 100, "]");
    BOOST_TEST(decode(list, few, memory(100 * size)).good);
    BOOST_TEST(!decode(list, few, memory(100 * size - 1)).good);
}

BOOST_AUTO_TEST_CASE(free_form_json_is_bounded_wherever_it_stands)
{
    const auto& user = *operation("GetUser").result;
    for (const std::string_view one : {"0", "[]", "{}", "\"\"", "[[]]", "{\"a\":{}}"}) {
        const auto text = repeated("{\"public_metadata\":{\"a\":[", one, 100'000, "]}}");
        BOOST_TEST(!decode(user, text, memory(1 << 20)).good, one);
        BOOST_TEST(decode(user, text, memory(64 << 20)).good, one);
    }
    // What is skipped takes nothing.
    const auto skipped = repeated("{\"nobody_knows\":[", "{\"a\":[[],{}]}", 100'000, "]}");
    BOOST_TEST(decode(user, skipped, memory(1 << 20)).good);
}

BOOST_AUTO_TEST_CASE(an_ordinary_page_is_far_from_the_limit)
{
    const auto& list = *operation("GetUserList").result;
    std::string user =
        "{\"id\":\"user_1\",\"object\":\"user\",\"email_addresses\":[{\"id\":\"idn_1\",\"email_address\":"
        "\"ada@example.com\"}],\"public_metadata\":{\"a\":[1,2,3]},\"created_at\":1700000000000}";
    BOOST_TEST(decode(list, repeated("[", user, 500, "]"), memory(16 << 20)).good);
}

BOOST_AUTO_TEST_CASE(time_grows_with_the_length_alone)
{
    const auto& user = *operation("GetUser").result;
    const auto seconds = [&](const std::string& text) {
        const auto begun = std::chrono::steady_clock::now();
        decode(user, text, decode_limits());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    };
    constexpr std::size_t many = 200'000;
    // Names that are many and alike, one name again and again, digits, nesting: nothing is looked at again and again.
    std::string same = "{\"first_name\":\"a\"";
    std::string names = "{\"public_metadata\":{\"a\":1";
    for (std::size_t i = 0; i != many; ++i) {
        same += ",\"first_name\":\"b\"";
        names += ",\"k" + std::to_string(i) + "\":1";
    }
    const std::string texts[] = {
        same + "}",
        names + "}}",
        "{\"created_at\":" + std::string(4'000'000, '9') + "}",
        "{\"created_at\":1." + std::string(4'000'000, '0') + "}",
        "{\"created_at\":1e" + std::string(4'000'000, '9') + "}",
        "{\"first_name\":\"" + std::string(8'000'000, 'a') + "\"}",
        repeated("{\"x\":[", std::string(50, '[') + std::string(50, ']'), 20'000, "]}"),
        "{\"public_metadata\":{\"a\":" + std::string(4'000'000, '9') + "}}",
    };
    for (const auto& text : texts)
        BOOST_TEST(seconds(text) < 5.0, text.substr(0, 40) << " … of " << text.size() << " bytes");
}

BOOST_AUTO_TEST_SUITE_END()
