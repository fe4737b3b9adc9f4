// An engine, a proxy and an origin on one thread.
#ifndef USHER_TESTS_LIVE_PROXY_TUNNELLED_HPP
#define USHER_TESTS_LIVE_PROXY_TUNNELLED_HPP

#include "live/connect_proxy.hpp"
#include "live/counting_users.hpp"
#include "live/tls_server.hpp"

namespace usher::tests {

inline const std::string origin_host = "api.example.com";

struct tunnelled : counting_users {
    tunnelled() : origin(std::in_place, io, origin_options()) {}
    ~tunnelled() { stop(); }

    tls_server_options origin_options()
    {
        tls_server_options options;
        options.self = make_identity(certificate_text("DNS:" + origin_host + ",IP:127.0.0.1"), &root);
        return options;
    }
    void begin(const identity* proxys = nullptr) { proxy.emplace(io, origin->port(), proxys); }
    void stop()
    {
        origin->stop();
        if (proxy)
            proxy->stop();
        settle();
    }
    engine_options through(const std::string& user = "")
    {
        auto options = trusting(root.pem());
        options.proxy = secret(proxy->url(user));
        return options;
    }
    clerk::client client(const engine& on, const retry_policy& policy = retry_policy::none()) const
    {
        return client_of(on, "https://" + origin_host, policy);
    }
    static retry_policy quick()
    {
        retry_policy policy;
        policy.initial_backoff = std::chrono::milliseconds(1);
        policy.max_backoff = std::chrono::milliseconds(1);
        policy.max_attempts = 3;
        return policy;
    }

    identity root = make_authority("root");
    std::optional<tls_server> origin;
    std::optional<connect_proxy> proxy;
};

} // namespace usher::tests

#endif
