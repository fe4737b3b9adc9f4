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

    wire_request wire() const
    {
        wire_request request;
        request.method = operation.method;
        request.target = target;
        request.client_block = (operation.authenticated ? client->header_block : client->anonymous_block).reveal();
        request.call_block = call_block;
        request.content_type = content_type;
        request.body = body;
        request.source = source.get();
        return request;
    }

    std::shared_ptr<client_state> client;
    const operation_info& operation;
    call_options options;
    std::string target;
    std::string call_block;
    std::string content_type;
    std::string body;
    std::unique_ptr<body_source> source;
    bool has_if_match = false;
    std::unique_ptr<error_details> failure; ///< what was wrong with it; reported when it runs
};

/// Writes the members of a multipart body, or the one upload of an octet-stream body.
void encode_upload_body(prepared_call& call, const void* params);

} // namespace usher::detail

#endif
