// Moves the parameters of a listing from page to page, by its tables.
#ifndef USHER_CALL_PAGE_MEMBERS_HPP
#define USHER_CALL_PAGE_MEMBERS_HPP

#include <usher/detail/operation.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace usher::detail {

/// Fills in what the caller left out: the largest page, and the order that is stable while records are added.
void prepare_first_page(const operation_info& operation, void* params);

/// The first item of a page as JSON; empty when there is none.
std::string first_item_of(const operation_info& operation, const void* answer);

/// Where a page begins, in the listing's own way.
struct page_place {
    page_place() = default;
    std::string token;
    std::int64_t number = 0;
};

/// Where the page before this answer's begins; nothing when this is the first, or the listing has no way back.
/// `params` are those that the answer was asked for with.
std::optional<page_place> place_before(const operation_info& operation, const void* answer, const void* params);
/// Makes `params` ask for the page that begins there.
void go_to(const operation_info& operation, const page_place& place, void* params);
/// False: by cursors, or by tokens of which the answer has none for the page before.
bool can_go_back(const operation_info& operation) noexcept;

/// Looks at an answer and moves `params` on. False: that was the last page.
bool next_page_of(const operation_info& operation, const void* answer, void* params);

/// The text of a member, under any wrapper; empty when it is absent, null or no text.
std::string text_member(const type_info& type, const void* object, std::string_view name);

} // namespace usher::detail

#endif
