#include "bulk/source/fingerprint.hpp"
#include "temporary_folder.hpp"
#include "unit/bulk/drain.hpp"

#include <boost/test/unit_test.hpp>

#include <zlib.h>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

using usher::tests::temporary_folder;

namespace bulk = usher::bulk;

namespace {

std::string rows(int first, int count)
{
    std::string text;
    for (int i = first; i < first + count; ++i)
        text += R"({"user_id":"auth0|)" + std::to_string(i) + R"(","email":"u)" + std::to_string(i * 7919) +
                "@example.com\"}\n";
    return text;
}

std::string packed(const std::string& text)
{
    z_stream state{};
    BOOST_TEST_REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string made(deflateBound(&state, text.size()) + 64, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    state.avail_in = static_cast<uInt>(text.size());
    state.next_out = reinterpret_cast<Bytef*>(made.data());
    state.avail_out = static_cast<uInt>(made.size());
    BOOST_TEST_REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
    made.resize(state.total_out);
    deflateEnd(&state);
    return made;
}

drained drain_auth0(const std::string& path, const std::string& joined = "")
{
    return drain(path, bulk::source_format::auth0, joined);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_source, temporary_folder)

BOOST_AUTO_TEST_CASE(a_packed_file_has_the_records_of_the_plain_one)
{
    const auto text = "\xEF\xBB\xBF" + rows(0, 20'000);
    const auto plain = drain_auth0(write("a", text));
    const auto bytes = packed(text);
    const auto unpacked = drain_auth0(write("a.gz", bytes));
    BOOST_TEST_REQUIRE(plain.records.size() == 20'000U);
    BOOST_TEST_REQUIRE(unpacked.records.size() == plain.records.size());
    BOOST_TEST(unpacked.failure == "");
    BOOST_TEST(*unpacked.size == bytes.size());
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < plain.records.size(); ++i) {
        if (unpacked.records[i].fields != plain.records[i].fields || unpacked.records[i].line != plain.records[i].line)
            BOOST_FAIL("record " << i << " differs");
        if (unpacked.records[i].end_offset < before)
            BOOST_FAIL("record " << i << " goes back");
        before = unpacked.records[i].end_offset;
    }
    BOOST_TEST(unpacked.records.front().end_offset < bytes.size());
    BOOST_TEST(before == bytes.size());
    BOOST_TEST(plain.records.back().end_offset == text.size());
}

BOOST_AUTO_TEST_CASE(members_that_follow_each_other_are_one_file_and_zeros_behind_them_are_padding)
{
    const auto one = packed(rows(0, 10)), two = packed(""), three = packed(rows(10, 10));
    const auto all = drain_auth0(write("a", one + two + three + std::string(1000, '\0')));
    BOOST_TEST(all.failure == "");
    BOOST_TEST(all.records.size() == 20U);
}

BOOST_AUTO_TEST_CASE(a_torn_packed_file_gives_what_is_before_the_end_and_then_the_place)
{
    const auto bytes = packed(rows(0, 20'000));
    for (const std::size_t length : {bytes.size() - 1, bytes.size() / 2, std::size_t{20}, std::size_t{2}}) {
        const auto got = drain_auth0(write("a", bytes.substr(0, length)));
        BOOST_TEST(got.failure.ends_with("a: the compressed data is torn: it ends at byte " + std::to_string(length) +
                                         ", in the middle"),
                   got.failure);
        for (const auto& record : got.records)
            BOOST_TEST_REQUIRE(record.problem == "");
        if (length > bytes.size() / 3)
            BOOST_TEST(got.records.size() > 20'000U / 3);
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_packed_file_gives_what_is_before_the_damage_and_then_the_place)
{
    const auto good = packed(rows(0, 5'000));
    auto bytes = good + packed(rows(5'000, 5'000));
    bytes[good.size()] = 'x';
    auto got = drain_auth0(write("a", bytes));
    BOOST_TEST(got.records.size() == 5'000U);
    BOOST_TEST(got.failure.find("a: the compressed data is damaged at byte ") != std::string::npos, got.failure);
    // A wrong checksum.
    bytes = good;
    bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
    got = drain_auth0(write("a", bytes));
    BOOST_TEST(got.failure.find("damaged") != std::string::npos, got.failure);
    BOOST_TEST(got.records.size() == 5'000U);
    // Zeros, and then something else.
    got = drain_auth0(write("a", good + std::string(10, '\0') + "x"));
    BOOST_TEST(got.failure.find("something stands behind its end") != std::string::npos, got.failure);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_source_as_a_whole_comes_after_the_records_before_it)
{
    const auto path = write("a", "id,first_name\nuser_1,Ada\n" + std::string(2'000'000, 'x'));
    const auto got = drain(path, bulk::source_format::clerk_csv);
    BOOST_TEST(got.records.size() == 1U);
    BOOST_TEST(got.failure.find("line 3 is longer than 1 MiB") != std::string::npos, got.failure);
    BOOST_TEST(drain(write("b", "a,b\n1,2\n"), bulk::source_format::clerk_csv).failure.find("no column \"id\"") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named_at_once)
{
    const auto names = [this](const std::system_error& why) {
        return std::string(why.what()).find(file("missing")) != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(drain_auth0(file("missing")), std::system_error, names);
    BOOST_CHECK_EXCEPTION(drain_auth0(write("a", ""), file("missing")), std::system_error, names);
    BOOST_CHECK_THROW(drain(write("a", ""), bulk::source_format::supabase, write("b", "")), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_no_records)
{
    const auto got = drain_auth0(write("a", ""));
    BOOST_TEST(got.records.empty());
    BOOST_TEST(got.failure == "");
    BOOST_TEST(*got.size == 0U);
    BOOST_TEST(drain_auth0(write("b", "\xEF\xBB\xBF \r\n")).records.empty());
}

BOOST_AUTO_TEST_CASE(a_fingerprint_tells_a_changed_file)
{
    const auto text = rows(0, 5'000);
    const auto first = drain_auth0(write("a", text)).fingerprint;
    BOOST_TEST(first != "");
    BOOST_TEST(drain_auth0(write("copy", text)).fingerprint == first);
    auto changed = text;
    changed[20] = 'x';
    BOOST_TEST(drain_auth0(write("a", changed)).fingerprint != first);
    changed = text;
    changed[text.size() / 2] = 'x';
    BOOST_TEST(drain_auth0(write("a", changed)).fingerprint != first);
    changed = text;
    changed[text.size() - 10] = 'x';
    BOOST_TEST(drain_auth0(write("a", changed)).fingerprint != first);
    BOOST_TEST(drain_auth0(write("a", text + "\n")).fingerprint != first);
    const auto hashes = write("h", R"({"_id":{"$oid":"1"},"passwordHash":"x"})");
    BOOST_TEST(drain_auth0(write("a", text), hashes).fingerprint != first);
}

BOOST_AUTO_TEST_CASE(a_fingerprint_of_a_large_file_sees_66_pieces_of_it)
{
    constexpr std::uint64_t size = 130U * 1024 * 1024;
    constexpr std::uint64_t piece = 64U * 1024;
    constexpr std::uint64_t distance = (size - piece) / 65;
    const auto path = write("large", "");
    std::filesystem::resize_file(path, size); // of zeros, which take no room
    const auto first = bulk::fingerprint_of(path);
    const auto changed_at = [&](std::uint64_t at) {
        const auto put = [&](char what) {
            std::fstream(path, std::ios::binary | std::ios::in | std::ios::out).seekp(static_cast<long>(at)).put(what);
        };
        put('x');
        const auto changed = bulk::fingerprint_of(path);
        put('\0');
        return changed != first;
    };
    for (const auto at : {std::uint64_t{0}, distance, 17 * distance + piece - 1, 64 * distance, size - 1})
        BOOST_TEST(changed_at(at), "byte " << at);
    BOOST_TEST(!changed_at(piece)); // as it is documented
    BOOST_TEST(bulk::fingerprint_of(path) == first);
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_as_it_is_written_and_has_no_fingerprint)
{
    const auto path = file("pipe");
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    // Open for both, so that opening waits for nobody; what is written fits into the pipe.
    const int end = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    BOOST_TEST_REQUIRE(end >= 0);
    const auto bytes = packed(rows(0, 100));
    BOOST_TEST_REQUIRE(bytes.size() < 60'000U);
    bulk::file_source_options options;
    boost::asio::io_context io(1);
    const auto from = bulk::open_file(io.get_executor(), path, options);
    BOOST_TEST(!from->size().has_value());
    BOOST_TEST(from->fingerprint() == "");
    drained made;
    bool done = false;
    boost::asio::co_spawn(io, take_all(*from, made), [&](std::exception_ptr thrown) { done = !thrown; });
    io.poll();
    BOOST_TEST(made.records.empty());
    // The first byte alone does not tell whether it is packed.
    BOOST_TEST_REQUIRE(::write(end, bytes.data(), 1) == 1);
    io.poll();
    BOOST_TEST_REQUIRE(::write(end, bytes.data() + 1, bytes.size() - 1) == static_cast<ssize_t>(bytes.size() - 1));
    io.poll();
    BOOST_TEST(made.records.size() == 100U);
    BOOST_TEST(!done);
    ::close(end);
    io.run();
    BOOST_TEST(done);
    BOOST_TEST(made.records.size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_source_ends_without_a_torn_record)
{
    const auto path = file("pipe");
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const int end = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    BOOST_TEST_REQUIRE(end >= 0);
    const auto text = rows(0, 3) + R"({"user_id":"auth0|ha)";
    BOOST_TEST_REQUIRE(::write(end, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    bulk::file_source_options options;
    boost::asio::io_context io(1);
    const auto from = bulk::open_file(io.get_executor(), path, options);
    drained made;
    bool done = false;
    boost::asio::co_spawn(io, take_all(*from, made), [&](std::exception_ptr thrown) { done = !thrown; });
    io.poll();
    BOOST_TEST(made.records.size() == 3U);
    from->cancel();
    io.run();
    ::close(end);
    BOOST_TEST(done);
    BOOST_TEST(made.records.size() == 3U);
    io.restart();
    boost::asio::co_spawn(io, take_all(*from, made), [&](std::exception_ptr thrown) { done = !thrown; });
    io.run();
    BOOST_TEST(made.records.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
