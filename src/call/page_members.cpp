#include "call/page_members.hpp"

#include "json/encoder.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace usher::detail {

namespace {

const member_info* find_member(const type_info& type, std::string_view name)
{
    const auto found =
        std::find_if(type.members.begin(), type.members.end(), [name](const member_info& m) { return m.name == name; });
    return found == type.members.end() ? nullptr : &*found;
}

bool is_wrapper(const type_info& type) noexcept
{
    return type.what == kind::field || type.what == kind::optional || type.what == kind::box;
}

const void* only_element(const type_info& type, const void* self)
{
    const void* element = nullptr;
    type.ops->each(self, &element, [](void* out, std::string_view, const void* e) {
        *static_cast<const void**>(out) = e;
        return false;
    });
    return element;
}

struct typed_value {
    const type_info* type = nullptr;
    const void* at = nullptr; ///< null: absent
};

typed_value unwrap(const type_info& type, const void* at)
{
    typed_value value{&type, at};
    while (value.at != nullptr && is_wrapper(*value.type)) {
        value.at = only_element(*value.type, value.at);
        value.type = value.type->element;
    }
    return value;
}

typed_value member_value(const type_info& type, const void* object, std::string_view name)
{
    const auto* member = find_member(type, name);
    if (member == nullptr)
        return {};
    return unwrap(*member->type, static_cast<const char*>(object) + member->offset);
}

std::int64_t number_of(const typed_value& value, std::int64_t otherwise)
{
    if (value.at == nullptr)
        return otherwise;
    switch (value.type->what) {
    case kind::int32:
        return *static_cast<const std::int32_t*>(value.at);
    case kind::int64:
    case kind::int64_text:
        return *static_cast<const std::int64_t*>(value.at);
    case kind::number:
        return static_cast<std::int64_t>(*static_cast<const double*>(value.at));
    default:
        return otherwise;
    }
}

std::string text_of(const typed_value& value)
{
    return value.at != nullptr && value.type->what == kind::string ? *static_cast<const std::string*>(value.at)
                                                                   : std::string();
}

// A place to write to, made if need be.
void* writable(const type_info& type, void* at, const type_info** bare)
{
    const auto* current = &type;
    while (is_wrapper(*current)) {
        at = current->ops->add(at, {});
        current = current->element;
    }
    *bare = current;
    return at;
}

void set_number(const type_info& type, void* object, std::string_view name, std::int64_t value)
{
    const auto* member = find_member(type, name);
    if (member == nullptr)
        return;
    const type_info* bare = nullptr;
    void* at = writable(*member->type, static_cast<char*>(object) + member->offset, &bare);
    if (bare->what == kind::int32)
        *static_cast<std::int32_t*>(at) = static_cast<std::int32_t>(value);
    else if (bare->what == kind::int64 || bare->what == kind::int64_text)
        *static_cast<std::int64_t*>(at) = value;
    else if (bare->what == kind::number)
        *static_cast<double*>(at) = static_cast<double>(value);
}

void set_text(const type_info& type, void* object, std::string_view name, std::string value)
{
    const auto* member = find_member(type, name);
    if (member == nullptr)
        return;
    const type_info* bare = nullptr;
    void* at = writable(*member->type, static_cast<char*>(object) + member->offset, &bare);
    if (bare->what == kind::string)
        *static_cast<std::string*>(at) = std::move(value);
}

typed_value items_of(const operation_info& operation, const void* answer)
{
    const auto& pages = *operation.pages;
    return pages.items.empty() ? unwrap(*operation.result, answer)
                               : member_value(*operation.result, answer, pages.items);
}

std::string last_item_text(const typed_value& items, std::string_view name)
{
    const void* last = nullptr;
    items.type->ops->each(items.at, &last, [](void* out, std::string_view, const void* e) {
        *static_cast<const void**>(out) = e;
        return true;
    });
    if (last == nullptr)
        return {};
    const auto item = unwrap(*items.type->element, last);
    return text_of(member_value(*item.type, item.at, name));
}

} // namespace

void prepare_first_page(const operation_info& operation, void* params)
{
    const auto& pages = *operation.pages;
    const auto& type = *operation.params;
    if (!pages.size_member.empty() && pages.largest != 0 && member_value(type, params, pages.size_member).at == nullptr)
        set_number(type, params, pages.size_member, pages.largest);
    if (!pages.order_by.empty() && member_value(type, params, "order_by").at == nullptr)
        set_text(type, params, "order_by", std::string(pages.order_by));
}

std::string first_item_of(const operation_info& operation, const void* answer)
{
    const auto items = items_of(operation, answer);
    std::string text;
    if (items.at != nullptr && items.type->ops->count(items.at) > 0)
        encode(*items.type->element, only_element(*items.type, items.at), text);
    return text;
}

bool can_go_back(const operation_info& operation) noexcept
{
    const auto& pages = *operation.pages;
    return pages.style == page_style::offset || pages.style == page_style::number || !pages.previous_member.empty();
}

std::optional<page_place> place_before(const operation_info& operation, const void* answer, const void* params)
{
    const auto& pages = *operation.pages;
    const auto& type = *operation.params;
    page_place place;
    if (!pages.previous_member.empty()) {
        place.token = text_of(member_value(*operation.result, answer, pages.previous_member));
        return place.token.empty() ? std::nullopt : std::optional(std::move(place));
    }
    const auto at = number_of(member_value(type, params, pages.request_member), 0);
    if (!can_go_back(operation) || at <= 0)
        return std::nullopt;
    const auto items = items_of(operation, answer);
    const auto count = items.at == nullptr ? 0 : static_cast<std::int64_t>(items.type->ops->count(items.at));
    const auto step = pages.style == page_style::number
                          ? 1
                          : number_of(member_value(type, params, pages.size_member), std::max<std::int64_t>(count, 1));
    place.number = std::max<std::int64_t>(at - step, 0);
    return place;
}

void go_to(const operation_info& operation, const page_place& place, void* params)
{
    const auto& pages = *operation.pages;
    if (pages.style == page_style::token)
        set_text(*operation.params, params, pages.request_member, place.token);
    else
        set_number(*operation.params, params, pages.request_member, place.number);
}

bool next_page_of(const operation_info& operation, const void* answer, void* params)
{
    const auto& pages = *operation.pages;
    const auto& type = *operation.params;
    const auto items = items_of(operation, answer);
    const auto count = items.at == nullptr ? 0 : static_cast<std::int64_t>(items.type->ops->count(items.at));
    const auto size = number_of(member_value(type, params, pages.size_member), 0);
    // A page of another size than was asked for is the last one: it is short, or the service does not page at all.
    const bool whole_page = count > 0 && (size == 0 || count == size);
    switch (pages.style) {
    case page_style::offset:
    case page_style::number: {
        if (!whole_page)
            return false;
        const auto at = number_of(member_value(type, params, pages.request_member), 0);
        set_number(type, params, pages.request_member, at + (pages.style == page_style::offset ? count : 1));
        return true;
    }
    case page_style::cursor: {
        auto last = whole_page ? last_item_text(items, pages.response_member) : std::string();
        if (last.empty())
            return false;
        set_text(type, params, pages.request_member, std::move(last));
        return true;
    }
    case page_style::token: {
        auto token = text_of(member_value(*operation.result, answer, pages.response_member));
        if (token.empty() || token == text_of(member_value(type, params, pages.request_member)))
            return false;
        set_text(type, params, pages.request_member, std::move(token));
        return true;
    }
    case page_style::none:
        break;
    }
    return false;
}

std::string text_member(const type_info& type, const void* object, std::string_view name)
{
    return text_of(member_value(type, object, name));
}

} // namespace usher::detail
