// A request to an address that no API document describes: tokens, key sets, discovery.
#ifndef USHER_CALL_FETCH_HPP
#define USHER_CALL_FETCH_HPP

#include <usher/observer.hpp>
#include <usher/options.hpp>
#include <usher/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace usher::detail {

class engine_state;

class fetch_request {
public:
    fetch_request() = default;

    std::string_view name = "fetch"; ///< in errors and events; a literal
    std::string_view method = "GET"; ///< a literal
    std::string url;                 ///< `https://…`, or `http://` to a loopback address; may have a query
    std::string content_type;
    secret body;                                ///< neither it nor the answer to it stays in a buffer
    std::optional<secret> key;                  ///< sent as `Authorization: Bearer`
    secret hidden;                              ///< what a server that repeats its request would tell in an error
    std::chrono::milliseconds deadline{15'000}; ///< no phase may take more than a third of it
    retry_policy retry;
    std::uint64_t max_answer = 1024 * 1024;
    std::shared_ptr<observer> watcher;
};

/// An answer with a 2xx status. Wiped when it goes.
class fetch_answer {
public:
    fetch_answer() = default;
    fetch_answer(fetch_answer&& other) noexcept;
    fetch_answer& operator=(fetch_answer&& other) noexcept;
    ~fetch_answer();

    int status = 0;
    std::string body;
    std::optional<std::chrono::seconds> max_age; ///< of Cache-Control; 0 for no-store and no-cache
};

/// *Errors*: `std::invalid_argument` that says why an address can't be fetched from.
void check_fetch_url(std::string_view url);

/// Sends it over the engine's connections, beside every quota.
/// *Errors*: those of a call; a status outside 2xx is of kind `service`; an address that can't be used is
/// `invalid_request`. *Cancellation*: terminal. *Retries*: as `request.retry` says; a POST is not repeated once it may
/// have taken effect unless that says `repeat_unsafe`.
boost::asio::awaitable<result<fetch_answer>> fetch(std::shared_ptr<engine_state> engine, fetch_request request);

/// One name and value of an `application/x-www-form-urlencoded` body or query, appended with its `&`.
void add_form_member(std::string& form, std::string_view name, std::string_view value);

} // namespace usher::detail

#endif
