// A service over the generated table of its typed functions.
#ifndef USHER_TESTS_CONFORMANCE_TYPED_SERVICE_HPP
#define USHER_TESTS_CONFORMANCE_TYPED_SERVICE_HPP

#include "service.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <span>

namespace conformance {

template <class Client, class Arguments, class Outcome, class Entry>
class typed_service final : public service {
public:
    typed_service(const usher::detail::service_info& info, std::span<const Entry> entries, const usher::engine& engine,
                  const char* key, const usher::client_options& options)
        : info_(info), entries_(entries), client_(engine, usher::secret(key), options)
    {
    }

    const usher::detail::service_info& info() const override { return info_; }
    const usher::basic_client& client() const override { return client_; }
    bool has(form which, std::size_t index) const override { return function_of(which, index) != nullptr; }

    outcome run(boost::asio::io_context& io, form which, std::size_t index, const std::vector<std::string>& path,
                const void* params, const usher::call_options& options) const override
    {
        const Arguments of{client_, path, params, options};
        outcome made;
        std::exception_ptr thrown;
        boost::asio::co_spawn(io, function_of(which, index)(of), [&](std::exception_ptr failure, Outcome result) {
            thrown = failure;
            made.failure = std::move(result.failure);
            made.answer = std::move(result.answer);
            made.items = result.items;
        });
        io.restart();
        io.run();
        if (thrown)
            std::rethrow_exception(thrown);
        return made;
    }

private:
    auto function_of(form which, std::size_t index) const
    {
        const Entry& own = entries_[index];
        return which == form::call ? own.call : which == form::bare ? own.bare : own.page;
    }

    const usher::detail::service_info& info_;
    std::span<const Entry> entries_;
    Client client_;
};

} // namespace conformance

#endif
