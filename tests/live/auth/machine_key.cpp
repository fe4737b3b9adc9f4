// Clerk's machine tokens are created with a machine's own secret key.
#include <usher/clerk/client.hpp>
#include <usher/clerk/m2m_tokens.hpp>
#include <usher/clerk/users.hpp>
#include <usher/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

namespace asio = boost::asio;

namespace {

const char* const secret_key = "sk_test_00000000000000000000000000000000000000";
const char* const machine_key = "ak_machine000000000000000000000000000000000000";

asio::awaitable<void> create(usher::clerk::client clerk, usher::call_options options, std::optional<usher::error>& to)
{
    usher::clerk::create_m2m_token_params params;
    auto made = co_await clerk.m2m_tokens().create(params, options);
    to = made ? usher::error() : made.error();
}

asio::awaitable<void> count_users(usher::clerk::client clerk, std::optional<usher::error>& to)
{
    auto users = co_await clerk.users().count();
    to = users ? usher::error() : users.error();
}

class fixture {
public:
    fixture() : served(usher::sandbox::options()), engine(io.get_executor(), trusting()) {}

    usher::engine_options trusting() const
    {
        usher::engine_options own;
        own.ca_pem = served.ca_pem();
        return own;
    }
    usher::clerk::client client(bool with_machine_key)
    {
        usher::client_options own;
        own.base_url = served.url();
        if (with_machine_key)
            own.machine_key = usher::secret(machine_key);
        return usher::clerk::client(engine, usher::secret(secret_key), own);
    }
    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(io, std::move(body), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
        io.restart();
        io.run();
    }

    usher::sandbox::server served;
    asio::io_context io{1};
    usher::engine engine;
    std::optional<usher::error> failed;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machine_keys, fixture)

BOOST_AUTO_TEST_CASE(without_a_machine_key_the_service_refuses)
{
    run(create(client(false), usher::call_options(), failed));
    BOOST_REQUIRE(*failed);
    BOOST_TEST((failed->is_unauthorized() || failed->is_forbidden()), failed->message());
}

BOOST_AUTO_TEST_CASE(the_clients_machine_key_is_sent_for_machine_tokens_and_nothing_else)
{
    const auto both = client(true);
    run(create(both, usher::call_options(), failed));
    BOOST_TEST(!*failed, failed->message());
    // The service takes no machine key here, so it was the secret key.
    run(count_users(both, failed));
    BOOST_TEST(!*failed, failed->message());
}

BOOST_AUTO_TEST_CASE(a_call_may_carry_a_key_of_its_own)
{
    usher::call_options options;
    options.key = usher::secret(machine_key);
    run(create(client(false), options, failed));
    BOOST_TEST(!*failed, failed->message());
}

BOOST_AUTO_TEST_CASE(a_key_that_no_header_can_carry_is_refused)
{
    for (const char* bad : {"", "a b", "a\r\nX: y", "\x7f"}) {
        usher::call_options options;
        options.key = usher::secret(bad);
        run(create(client(false), options, failed));
        BOOST_REQUIRE(*failed);
        BOOST_CHECK(failed->kind() == usher::error_kind::invalid_request);
        usher::client_options own;
        own.base_url = served.url();
        own.machine_key = usher::secret(bad);
        BOOST_CHECK_THROW(usher::clerk::client(engine, usher::secret(secret_key), own), std::invalid_argument);
    }
}

BOOST_AUTO_TEST_SUITE_END()
