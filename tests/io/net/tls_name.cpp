// A host that OpenSSL can't check a certificate for.
#include "io/fake_stream.hpp"
#include "net/tls.hpp"

#include <boost/test/unit_test.hpp>

using namespace usher;
using namespace usher::detail;
using namespace usher::tests;

BOOST_AUTO_TEST_SUITE(tls_names)

BOOST_AUTO_TEST_CASE(without_a_name_to_check_there_is_no_handshake)
{
    const tls_context context{tls_trust(engine_options())};
    std::string long_name;
    while (long_name.size() < 300)
        long_name += "label.";
    long_name += "example";
    for (const auto& host : {long_name, std::string("fe80::1%1"), std::string("fe80::1%eth0")}) {
        fake_wire wire;
        tls_stream on(std::make_unique<fake_stream>(wire), context, host, std::make_shared<tls_sessions>());
        BOOST_TEST((on.handshake().state == io_state::failed), host);
        BOOST_TEST(std::string(on.failure_text()).find("name") != std::string::npos, on.failure_text());
        BOOST_TEST(wire.written.empty(), host);
    }
    for (const std::string host : {"api.example", "127.0.0.1", "::1"}) {
        fake_wire wire;
        tls_stream on(std::make_unique<fake_stream>(wire), context, host, std::make_shared<tls_sessions>());
        BOOST_TEST((on.handshake().state == io_state::want_read), host);
        BOOST_TEST(!wire.written.empty(), host);
    }
}

BOOST_AUTO_TEST_SUITE_END()
