// Moves the parameters of a listing from page to page, by its tables.
#ifndef USHER_CALL_PAGE_MEMBERS_HPP
#define USHER_CALL_PAGE_MEMBERS_HPP

#include <usher/detail/operation.hpp>

#include <string>

namespace usher::detail {

/// Fills in what the caller left out: the largest page, and the order that is stable while records are added.
void prepare_first_page(const operation_info& operation, void* params);

/// The first item of a page as JSON; empty when there is none.
std::string first_item_of(const operation_info& operation, const void* answer);

/// Looks at an answer and moves `params` on. False: that was the last page.
bool next_page_of(const operation_info& operation, const void* answer, void* params);

} // namespace usher::detail

#endif
