#include "bulk/mapping/mapping_parts.hpp"

#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace usher::bulk {

namespace {

void add_once(std::vector<identifier>& list, std::string_view value, bool verified)
{
    const auto same = [&](const identifier& other) { return other.value == value; };
    if (std::none_of(list.begin(), list.end(), same))
        list.emplace_back(std::string(value), verified);
}

} // namespace

const boost::json::value* record_fields::take(std::string_view name)
{
    const auto found = fields_.find(name);
    if (found == fields_.end())
        return nullptr;
    taken_.insert(found->key());
    return found->value().is_null() ? nullptr : &found->value();
}

std::string_view record_fields::take_text(std::string_view name)
{
    const auto* value = take(name);
    if (!value)
        return {};
    if (!value->is_string()) {
        notes_.emplace_back(std::string(name), "not a text");
        return {};
    }
    return trimmed(value->get_string());
}

bool record_fields::take_flag(std::string_view name, bool if_unreadable)
{
    const auto* value = take(name);
    if (!value || is_nothing(*value))
        return false;
    const auto flag = column_flag(*value);
    if (!flag)
        notes_.emplace_back(std::string(name),
                            std::string("neither true nor false: taken as ") + (if_unreadable ? "true" : "false"));
    return flag.value_or(if_unreadable);
}

boost::json::object record_fields::take_object(std::string_view name)
{
    const auto* value = take(name);
    if (!value)
        return {};
    if (value->is_object())
        return value->get_object();
    if (value->is_string()) {
        const auto text = trimmed(value->get_string());
        if (text.empty())
            return {};
        boost::system::error_code failed;
        auto parsed = boost::json::parse(text, failed);
        if (!failed && parsed.is_null())
            return {};
        if (!failed && parsed.is_object())
            return std::move(parsed.get_object());
    }
    notes_.emplace_back(std::string(name), "not an object");
    return {};
}

std::vector<std::string_view> record_fields::rest() const
{
    std::vector<std::string_view> names;
    for (const auto& member : fields_) {
        const auto& value = member.value();
        const bool empty = value.is_null() || (value.is_string() && value.get_string().empty());
        if (!empty && !taken_.contains(member.key()))
            names.push_back(member.key());
    }
    return names;
}

mapped_record user_parts::finish() &&
{
    mapped_record record;
    record.what = std::move(made);
    record.notes = std::move(notes);
    return record;
}

refusal no_external_id(std::string_view field)
{
    return {"no_external_id", std::string(field), "missing, and without it a second run would create the same again"};
}

void set_name(std::string& target, std::string_view field_name, std::string_view text, std::vector<note>& notes)
{
    if (text.empty())
        return;
    if (looks_like_url(text))
        notes.emplace_back(std::string(field_name), "an address of the web is no name");
    else if (looks_like_phone(text))
        notes.emplace_back(std::string(field_name), "a number is no name");
    else
        target = std::string(text);
}

void add_email(user_parts& parts, std::string_view field_name, std::string_view address, bool verified)
{
    if (address.empty())
        return;
    if (is_email_address(address))
        add_once(parts.made.email_addresses, address, verified);
    else
        parts.add_note(field_name, "not an e-mail address");
}

void add_phone(user_parts& parts, std::string_view field_name, std::string_view number, bool verified)
{
    if (number.empty())
        return;
    if (is_e164(number))
        add_once(parts.made.phone_numbers, number, verified);
    else
        parts.add_note(field_name, "not a number in E.164 form (+ and digits)");
}

boost::json::object& user_metadata(user& of, const mapping_options& options)
{
    return options.user_metadata == user_metadata_target::public_metadata ? of.public_metadata : of.unsafe_metadata;
}

} // namespace usher::bulk
