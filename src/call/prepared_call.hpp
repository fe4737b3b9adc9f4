// A request, checked and encoded, that has not been sent yet.
#ifndef USHER_CALL_PREPARED_CALL_HPP
#define USHER_CALL_PREPARED_CALL_HPP

#include "call/client_state.hpp"
#include "net/exchange.hpp"

namespace usher::detail {

class prepared_call {
public:
    prepared_call(std::shared_ptr<client_state> client_, const operation_info& operation_, const call_options& options_)
        : client(std::move(client_)), operation(operation_), options(options_)
    {
    }
    prepared_call(const prepared_call&) = delete;
    prepared_call& operator=(const prepared_call&) = delete;
    /// Wipes what may hold a secret: a password in the body, a token in a header or the query.
    ~prepared_call();

    wire_request wire() const
    {
        wire_request request;
        request.method = operation.method;
        request.target = target;
        request.client_block = block->lines.reveal();
        request.call_block = call_block;
        request.content_type = content_type;
        request.body = body;
        request.source = source.get();
        return request;
    }

    /// True when it can be sent: its header lines stay, or hold the token that the client's source gives now. Call it
    /// again right before it is sent. False: `obtain_token` first.
    bool take_token();
    /// Waits for a token and takes it. A default error: taken.
    boost::asio::awaitable<error> obtain_token(time_point deadline);
    /// The service answered 401. True: another token can be had; this one is not taken again.
    bool refuse_token();

    std::shared_ptr<client_state> client;
    const operation_info& operation;
    call_options options;
    schedule::demand demand; ///< what it asks of the scheduler
    std::string target;
    std::string external_id; ///< of the record that it makes, where there is a look-up for it: see reconcile.hpp
    std::string call_block;
    std::string content_type;
    std::string body;
    std::unique_ptr<body_source> source;
    header_block_ptr block;
    std::uint64_t refused_token = 0; ///< generation of the token that the service has refused
    bool is_renewed = false;         ///< a token was refused, and another one fetched for it
    bool is_turned_back = false;     ///< its token was given up when it was about to be sent
    std::uint64_t max_answer = 0;    ///< bytes of the answer's body; 0: as the engine has it
    bool has_if_match = false;
    bool is_secret = false;                 ///< neither its body nor the answer stays in a buffer when it is over
    std::unique_ptr<error_details> failure; ///< what was wrong with it; reported when it runs
};

/// Writes the members of a multipart body, or the one upload of an octet-stream body.
void encode_upload_body(prepared_call& call, const void* params);

} // namespace usher::detail

#endif
