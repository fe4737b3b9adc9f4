// What a connection's buffer leaves in memory when a larger one takes its place.
#include "io/net/exchange_run.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

namespace {

constexpr std::string_view canary = "canary-of-the-head";
bool is_watching = false;
int freed_with_it = 0;

void look_at(void* block) noexcept
{
    constexpr std::size_t of_a_buffer = 32 * 1024;
    if (!is_watching || block == nullptr || malloc_usable_size(block) < of_a_buffer)
        return;
    const auto* const begin = static_cast<const char*>(block);
    const auto* const end = begin + of_a_buffer;
    freed_with_it += std::search(begin, end, canary.begin(), canary.end()) != end ? 1 : 0;
}

} // namespace

void* operator new(std::size_t size)
{
    if (auto* const block = std::malloc(std::max<std::size_t>(size, 1)))
        return block;
    throw std::bad_alloc();
}

void operator delete(void* block) noexcept
{
    look_at(block);
    std::free(block);
}

void operator delete(void* block, std::size_t) noexcept
{
    look_at(block);
    std::free(block);
}

BOOST_AUTO_TEST_SUITE(exchange_wiped)

BOOST_AUTO_TEST_CASE(a_buffer_that_grows_leaves_nothing_of_the_answer_behind)
{
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Of-The-Service: ";
    while (head.size() < 60'000)
        head.append(canary);
    head += "\r\n";
    auto wire = answering(head + "\r\n");
    boost::asio::io_context io;
    auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    connection on(std::make_unique<fake_stream>(wire), std::chrono::steady_clock::now());
    text_sink sink;
    auto limits = wide_limits();
    limits.max_header = 100'000;
    const auto request = get_request();
    exchange_machine machine(on, *deadlines, request, sink, limits);
    BOOST_TEST((machine.advance() == io_state::want_read));
    const auto before = on.input.size();
    freed_with_it = 0;
    is_watching = true;
    const auto state = machine.advance();
    is_watching = false;
    BOOST_TEST((state == io_state::ready), machine.report().text);
    BOOST_TEST(on.input.size() > before);
    BOOST_TEST(freed_with_it == 0);
    // The watch works: a buffer that is given up as it is.
    is_watching = true;
    std::vector<char>(64 * 1024, 'x').swap(on.input);
    is_watching = false;
    BOOST_TEST(freed_with_it == 1);
    on.input_begin = on.input_end = 0;
}

BOOST_AUTO_TEST_SUITE_END()
