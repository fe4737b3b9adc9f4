// A call that a test waits for, on a context of the test's own.
#ifndef USHER_TESTS_LIVE_RUN_TO_END_HPP
#define USHER_TESTS_LIVE_RUN_TO_END_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace usher::tests {

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& into)
{
    into.emplace(co_await std::move(work));
}

/// Runs it until nothing is left to do; what it throws is thrown here.
template <class T>
T run_to_end(boost::asio::io_context& io, boost::asio::awaitable<T> work)
{
    std::optional<T> ended;
    boost::asio::co_spawn(io, keep(std::move(work), ended), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    io.restart();
    io.run();
    BOOST_TEST_REQUIRE(ended.has_value());
    return std::move(*ended);
}

} // namespace usher::tests

#endif
