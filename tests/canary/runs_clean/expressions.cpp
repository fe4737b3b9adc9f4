// The forms of co_await that usher's own code and its documentation use, free of the library: temporaries of classes
// with a declared constructor, texts, named lambdas, awaited values that are named before they are asked.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;

namespace {

struct parameters {
    parameters() = default;
    std::string name;
    std::vector<std::string> addresses;
};

parameters long_ones()
{
    parameters result;
    result.name = "a name that is too long for the small buffer of a string";
    result.addresses.assign(3, result.name);
    return result;
}

asio::awaitable<std::size_t> run(std::string encoded)
{
    co_return encoded.size();
}

/// An endpoint's shape: no coroutine, it encodes at once and hands an owner of the bytes on.
asio::awaitable<std::size_t> endpoint(std::string_view id, const parameters& params = parameters())
{
    std::string encoded(id);
    encoded += params.name;
    for (const auto& address : params.addresses)
        encoded += address;
    return run(std::move(encoded));
}

template <class Function>
asio::awaitable<std::size_t> visit(Function function)
{
    co_return function();
}

asio::awaitable<void> every_form(std::string id, std::size_t& sum)
{
    sum += co_await endpoint(id);
    sum += co_await endpoint(std::string("user_") + id, long_ones());
    sum += co_await endpoint(id, parameters());
    sum += co_await endpoint(id, {});

    auto measure = [id] { return id.size(); };
    sum += co_await visit(measure);
    sum += co_await visit(std::move(measure));

    auto awaited = co_await endpoint(id, long_ones());
    if (awaited > id.size())
        sum += awaited;
    for (std::size_t left = 3; left > 0; --left) {
        auto more = co_await endpoint(id);
        sum += more;
    }
}

} // namespace

int main()
{
    const std::string id(50, 'x');
    std::size_t sum = 0;
    asio::io_context io(1);
    asio::co_spawn(io, every_form(id, sum), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    const std::size_t params = 4 * long_ones().name.size();
    const std::size_t expected = 50 + (55 + params) + 50 + 50 + 50 + 50 + (50 + params) + 3 * 50;
    std::cout << (sum == expected ? "every form ran\n" : "a value was lost\n");
    return sum == expected ? 0 : 1;
}
