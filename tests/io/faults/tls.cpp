// TLS over a stream that fails at its n-th operation, with a server in memory on the other side.
#include "io/faults/certificate.hpp"

#include "net/exchange.hpp"
#include "net/opening.hpp"
#include "net/tls.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::detail;
using usher::tests::certificate;

namespace {

enum class fault { reset, end, error };

const certificate& own()
{
    static const certificate one;
    return one;
}

struct plan {
    std::size_t fail_at = static_cast<std::size_t>(-1);
    fault how = fault::reset;
    std::size_t at_once = 1u << 20;
    bool is_tls12 = false;
    bool says_goodbye = false; ///< close_notify behind the answer
};

/// What the test sees of the stream and of the server behind it.
struct view {
    std::size_t operations = 0;
    std::string request; ///< what the server could read
    bool is_closed = false;
};

/// The client's bytes go into one memory BIO of the server, the server's come out of another.
class tls_server_stream final : public stream {
public:
    tls_server_stream(const plan& how, view& seen) : how_(how), seen_(seen), context_(SSL_CTX_new(TLS_server_method()))
    {
        SSL_CTX_use_certificate(context_.get(), own().get());
        SSL_CTX_use_PrivateKey(context_.get(), own().key());
        if (how_.is_tls12)
            SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(ssl_.get());
    }
    ~tls_server_stream() override { close(); }

    io_result read_some(char* data, std::size_t size) noexcept override
    {
        if (const auto failed = gate(); failed.state != io_state::ready)
            return failed;
        const auto most = static_cast<int>(std::min(size, how_.at_once));
        const int got = BIO_read(SSL_get_wbio(ssl_.get()), data, most);
        return got > 0 ? io_result{io_state::ready, static_cast<std::size_t>(got), {}}
                       : io_result{io_state::want_read, 0, {}};
    }

    io_result write_some(const char* data, std::size_t size) noexcept override
    {
        if (const auto failed = gate(); failed.state != io_state::ready)
            return failed;
        const auto bytes = std::min(size, how_.at_once);
        BIO_write(SSL_get_rbio(ssl_.get()), data, static_cast<int>(bytes));
        serve();
        return {io_state::ready, bytes, {}};
    }

    boost::asio::awaitable<boost::system::error_code> wait(io_state) override { co_return boost::system::error_code(); }
    void cancel() noexcept override {}
    void close() noexcept override { seen_.is_closed = true; }

private:
    void serve()
    {
        char piece[512];
        for (int got = SSL_read(ssl_.get(), piece, sizeof piece); got > 0;
             got = SSL_read(ssl_.get(), piece, sizeof piece))
            seen_.request.append(piece, static_cast<std::size_t>(got));
        if (has_answered_ || !seen_.request.ends_with("\r\n\r\n"))
            return;
        has_answered_ = true;
        const std::string answer = "HTTP/1.1 200 OK\r\n\r\n" + std::string(300, 'x');
        const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + std::string(300, 'x');
        const auto& said = how_.says_goodbye ? answer : sized;
        SSL_write(ssl_.get(), said.data(), static_cast<int>(said.size()));
        if (how_.says_goodbye)
            SSL_shutdown(ssl_.get());
    }

    io_result gate() noexcept
    {
        const bool is_now = seen_.operations++ == how_.fail_at;
        is_broken_ = is_broken_ || is_now;
        if (!is_broken_)
            return {};
        if (how_.how == fault::end)
            return {io_state::closed, 0, boost::asio::error::eof};
        return {io_state::failed, 0,
                how_.how == fault::reset ? boost::asio::error::connection_reset : boost::asio::error::host_unreachable};
    }

    plan how_;
    view& seen_;
    std::unique_ptr<SSL_CTX, tls_deleter> context_;
    std::unique_ptr<SSL, tls_deleter> ssl_;
    bool has_answered_ = false;
    bool is_broken_ = false;
};

struct text_sink final : answer_sink {
    void begin(const response_head&) override {}
    void body(std::string_view piece) override { text += piece; }
    std::string text;
};

struct run {
    view seen;
    bool is_open = false; ///< the handshake was done
    std::string why_not;
    exchange_report report;
    std::string text;
    std::size_t before_close = 0; ///< operations until then
};

const tls_context& trusting()
{
    static const tls_context one = [] {
        tls_trust trust;
        trust.ca_pem = own().pem();
        return tls_context(trust);
    }();
    return one;
}

/// Handshake, one exchange, close.
run once(const plan& how)
{
    boost::asio::io_context io;
    const auto deadlines = std::make_shared<deadline_queue>(io.get_executor());
    run done;
    auto tls = std::make_unique<tls_stream>(std::make_unique<tls_server_stream>(how, done.seen), trusting(),
                                            "127.0.0.1", std::make_shared<tls_sessions>());
    tls_opening shake_hands(*tls);
    auto state = io_state::want_read;
    for (int turn = 0; turn < 100'000 && (state == io_state::want_read || state == io_state::want_write); ++turn)
        state = shake_hands.advance();
    done.is_open = state == io_state::ready;
    done.why_not = shake_hands.text();
    if (!done.is_open) {
        BOOST_TEST(static_cast<bool>(shake_hands.code()));
        tls.reset();
        return done;
    }
    connection on(std::move(tls), std::chrono::steady_clock::now());
    wire_request request;
    request.method = "GET";
    request.target = "/v1/users/u";
    request.client_block = "Host: h\r\n";
    exchange_limits limits{};
    limits.max_header = 4096;
    limits.max_body = 1 << 20;
    limits.first_byte = std::chrono::seconds(30);
    limits.end = std::chrono::steady_clock::now() + std::chrono::hours(1);
    text_sink sink;
    {
        exchange_machine machine(on, *deadlines, request, sink, limits);
        state = io_state::want_read;
        for (int turn = 0; turn < 100'000 && state != io_state::ready && state != io_state::failed; ++turn)
            state = machine.advance();
        done.report = machine.report();
    }
    done.text = sink.text;
    done.before_close = done.seen.operations;
    on.io->close();
    return done;
}

void fail_everywhere(plan how)
{
    const auto whole = once(how);
    BOOST_TEST_REQUIRE(whole.is_open, whole.why_not);
    BOOST_TEST_REQUIRE((whole.report.reached == progress::answered), whole.report.text);
    BOOST_TEST_REQUIRE(whole.seen.operations > whole.before_close); // close_notify
    // Signatures differ in length, and with them the number of operations by one or two.
    const auto request = whole.seen.request;
    std::size_t shaken = 0;
    std::size_t cut = 0;
    for (how.fail_at = 0; how.fail_at < whole.seen.operations; ++how.fail_at)
        BOOST_TEST_CONTEXT("operation " << how.fail_at << " of " << whole.seen.operations)
        {
            const auto done = once(how);
            BOOST_TEST(done.seen.is_closed);
            if (!done.is_open) {
                ++shaken;
                BOOST_TEST(!done.why_not.empty());
                BOOST_TEST(done.seen.request.empty());
                continue;
            }
            const auto& report = done.report;
            if (how.fail_at >= done.before_close) {
                BOOST_TEST((report.failure == error_kind::none));
                continue;
            }
            ++cut;
            // Nothing that a broken connection ended is taken for an answer, and what was sent is known as sent.
            BOOST_TEST((report.failure == error_kind::connection), report.text);
            BOOST_TEST(static_cast<bool>(report.code));
            BOOST_TEST((report.reached != progress::answered));
            BOOST_TEST(!report.reusable);
            if (done.seen.request == request)
                BOOST_TEST((report.reached != progress::not_sent));
            if (report.reached == progress::not_sent)
                BOOST_TEST(done.seen.request.empty());
        }
    BOOST_TEST(shaken > 1U);
    BOOST_TEST(cut > 1U);
    BOOST_TEST_MESSAGE(shaken << " in the handshake, " << cut << " in the exchange");
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_faults)

BOOST_AUTO_TEST_CASE(a_failure_at_any_operation_under_tls_is_a_failure_that_says_how_far_it_came)
{
    for (const auto what : {fault::reset, fault::end, fault::error})
        for (const bool is_tls12 : {false, true})
            for (const std::size_t at_once : {1UL << 20, 100UL, 17UL}) {
                plan how;
                how.how = what;
                how.is_tls12 = is_tls12;
                how.at_once = at_once;
                fail_everywhere(how);
            }
}

BOOST_AUTO_TEST_CASE(a_body_ended_by_the_connection_is_whole_only_after_close_notify)
{
    for (const auto what : {fault::reset, fault::end, fault::error})
        for (const std::size_t at_once : {1UL << 20, 17UL}) {
            plan how;
            how.how = what;
            how.at_once = at_once;
            how.says_goodbye = true;
            const auto whole = once(how);
            BOOST_TEST((whole.report.reached == progress::answered), whole.report.text);
            BOOST_TEST(whole.text.size() == 300U);
            BOOST_TEST(!whole.report.reusable);
            for (how.fail_at = 0; how.fail_at < whole.before_close; ++how.fail_at) {
                const auto done = once(how);
                if (done.is_open && how.fail_at < done.before_close)
                    BOOST_TEST((done.report.failure == error_kind::connection), how.fail_at);
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
