// What is known of one operation of a service.
#ifndef USHER_DETAIL_OPERATION_HPP
#define USHER_DETAIL_OPERATION_HPP

#include <usher/detail/type_table.hpp>

namespace usher::detail {

enum class body_kind : std::uint8_t {
    none,
    json,
    multipart,
    octet_stream,
    multipart_or_octets ///< a form, or its file alone when the upload asks for that
};

struct path_parameter {
    std::string_view name;
    const bounds* limits; ///< may be null
};

enum class page_style : std::uint8_t {
    none,
    offset, ///< limit and offset: the next offset is the one before plus the number of items
    token,  ///< a member of the answer is sent back as a parameter until it is empty
    cursor, ///< a member of the last item is sent back as a parameter until a page is short
    number  ///< the parameter counts pages from 0
};

/// How a listing is read page by page.
struct page_info {
    page_style style;
    std::string_view items;          ///< member of the answer that holds the array; empty: the answer is the array
    std::string_view request_member; ///< parameter that moves on from page to page
    std::string_view
        response_member;          ///< token: member of the answer with the next token; cursor: member of the last item
    std::string_view size_member; ///< parameter that says how many items a page has at most
    std::uint32_t largest;        ///< largest page that the document allows
    std::string_view order_by;    ///< order that is stable while records are added, or empty
    std::string_view previous_member; ///< token: member of the answer with the token of the page before, or empty
};

/// What an operation wants to be called with.
enum class credential_use : std::uint8_t {
    none,
    client, ///< what the client was made with
    machine ///< a machine's own key, when the client has one
};

struct operation_info {
    std::string_view id;                             ///< operationId
    std::string_view method;                         ///< upper case
    std::string_view path;                           ///< template, such as /users/{user_id}
    std::span<const path_parameter> path_parameters; ///< in the order of the template
    const type_info* params;                         ///< query, header and body members; null when there are none
    body_kind body;
    bool body_required;
    const type_info* result; ///< null: no content
    std::string_view group;  ///< C++ group
    std::string_view name;   ///< C++ function
    std::string_view summary;
    bool deprecated;
    credential_use credentials;
    std::span<const std::uint16_t> errors; ///< documented error statuses
    const page_info* pages;                ///< null: not a listing that pages
    std::uint16_t index;                   ///< place in service_info::operations
};

/// One API document.
struct service_info {
    std::string_view name;     ///< clerk, clerk_platform, scalekit, or what the generator was told
    std::string_view version;  ///< of the document
    std::string_view base_url; ///< empty when the document has none that can be used
    std::span<const operation_info* const> operations; ///< in document order
};

} // namespace usher::detail

#endif
