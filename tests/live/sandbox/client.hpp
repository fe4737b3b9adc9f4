#pragma once

#include "usher/sandbox.hpp"

#include <boost/json.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox_test {

namespace json = boost::json;

struct answer {
    int status = 0; // 0: the connection ended without one
    std::string text;
    std::vector<std::pair<std::string, std::string>> headers;
    bool broken = false; // ended in the middle

    [[nodiscard]] json::value body() const { return json::parse(text, {}, {.max_depth = 128}); }
    [[nodiscard]] json::object object() const { return body().as_object(); }
    [[nodiscard]] std::string header(std::string_view name) const;

    // Of the first error in the body, and of the parameter that it names.
    [[nodiscard]] std::string code() const;
    [[nodiscard]] std::string parameter() const;
};

// A small blocking HTTP client, so that the sandbox is looked at with other eyes than usher's.
class client {
public:
    explicit client(const usher::sandbox::server& to, std::string key = "sk_test_key");
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    using fields = std::vector<std::pair<std::string, std::string>>;

    answer get(const std::string& path) { return send("GET", path); }
    answer post(const std::string& path, const json::value& body) { return send("POST", path, json::serialize(body)); }
    answer patch(const std::string& path, const json::value& body)
    {
        return send("PATCH", path, json::serialize(body));
    }
    answer put(const std::string& path, const json::value& body) { return send("PUT", path, json::serialize(body)); }
    answer remove(const std::string& path) { return send("DELETE", path); }
    answer send(const std::string& method, const std::string& path, const std::string& body = {},
                const fields& more = {});

    // Bytes as they are, and as many answers as are expected; connects when there is no connection.
    void raw(std::string_view bytes);
    answer receive();
    bool ended(); // the peer has ended the connection (waits for it)
    void disconnect();
    bool resume = false;     // offer the last TLS session to the next connection
    std::string credentials; // the whole Authorization header; empty: none

    // Looks at every answer to send().
    std::function<void(const std::string& method, const std::string& path, const answer&)> watcher;

private:
    struct wire;
    std::string origin_;
    std::string base_;
    unsigned short port_;
    std::string ca_;
    std::unique_ptr<wire> wire_;
    void connect();
};

// multipart/form-data with one file.
std::string multipart(const std::string& boundary, const std::string& name, const std::string& content,
                      bool as_file = true);

} // namespace sandbox_test
