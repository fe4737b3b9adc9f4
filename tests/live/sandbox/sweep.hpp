#pragma once

#include "client.hpp"
#include "conform.hpp"

#include <boost/test/unit_test.hpp>

namespace sandbox_test {

// Every operation of a service, asked as its document says.
struct sweep {
    sweep(usher::sandbox::service of, const char* name, const char* key, int operations_)
        : api(USHER_SOURCE_DIR "/src/spec/" + std::string(name) + ".openapi.json"),
          sandbox(plain(of)),
          http(sandbox, key),
          operations(operations_)
    {
    }
    static usher::sandbox::options plain(usher::sandbox::service of)
    {
        usher::sandbox::options o;
        o.services = {of};
        o.tls = false;
        return o;
    }

    document api;
    usher::sandbox::server sandbox;
    client http;
    int operations;

    answer ask(const document::operation& of, bool everything)
    {
        const auto made = api.make_request(of, everything);
        client::fields more;
        if (!made.content_type.empty())
            more.emplace_back("Content-Type", made.content_type);
        return http.send(of.method, made.target, made.body, more);
    }

    template <class Check>
    void each(usher::sandbox::answers mode, bool everything, Check check)
    {
        sandbox.set_mode(mode);
        int seen = 0;
        for (const auto& o : api.operations()) {
            for (int turn = 0; turn != 3; ++turn) // unions take turns
            {
                const auto got = ask(o, everything);
                BOOST_TEST_CONTEXT(o.id << ' ' << o.method << ' ' << sandbox.last_request().target)
                {
                    BOOST_REQUIRE_MESSAGE(got.status == o.status, got.status << ": " << got.text);
                    if (!o.answer)
                        BOOST_TEST(got.text.empty());
                    else
                        check(o, got);
                }
            }
            ++seen;
        }
        BOOST_TEST(seen == operations);
    }
    void fits(const document::operation& o, const answer& got, bool tolerant = false)
    {
        BOOST_TEST(api.mismatch(got.body(), *o.answer, tolerant) == "");
    }
};

} // namespace sandbox_test
