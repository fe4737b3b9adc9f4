#include "bulk/mapping/mapping_parts.hpp"

#include "bulk/mapping/text.hpp"

#include <algorithm>

namespace usher::bulk {

namespace {

bool has(const field<std::vector<std::string>>& list)
{
    return list.has_value() && !list->empty();
}

void append(field<std::vector<std::string>>& list, std::string_view value)
{
    if (!list.has_value())
        list.emplace();
    if (std::find(list->begin(), list->end(), value) == list->end())
        list->emplace_back(value);
}

void append(std::vector<std::string>& list, std::string_view value)
{
    if (std::find(list.begin(), list.end(), value) == list.end())
        list.emplace_back(value);
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

std::string_view record_fields::take_text(std::string_view name, user_plan& plan)
{
    const auto* value = take(name);
    if (!value)
        return {};
    if (!value->is_string()) {
        plan.notes.emplace_back(std::string(name), "not a text");
        return {};
    }
    return trimmed(value->get_string());
}

bool record_fields::take_flag(std::string_view name)
{
    const auto* value = take(name);
    if (!value)
        return false;
    return (value->is_bool() && value->get_bool()) || (value->is_string() && value->get_string() == "true");
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

void set_name(field<std::string>& target, std::string_view field_name, std::string_view text, user_plan& plan)
{
    if (text.empty())
        return;
    if (looks_like_url(text))
        plan.notes.emplace_back(std::string(field_name), "an address of the web is no name");
    else if (looks_like_phone(text))
        plan.notes.emplace_back(std::string(field_name), "a number is no name");
    else
        target = std::string(text);
}

void add_email(user_plan& plan, std::string_view field_name, std::string_view address, bool verified)
{
    if (address.empty())
        return;
    if (!is_email_address(address))
        plan.notes.emplace_back(std::string(field_name), "not an e-mail address");
    else if (verified)
        append(plan.create.email_address, address);
    else if (!plan.create.email_address.has_value() ||
             std::find(plan.create.email_address->begin(), plan.create.email_address->end(), address) ==
                 plan.create.email_address->end())
        append(plan.unverified_email_addresses, address);
}

void add_phone(user_plan& plan, std::string_view field_name, std::string_view number, bool verified)
{
    if (number.empty())
        return;
    if (!is_e164(number))
        plan.notes.emplace_back(std::string(field_name), "not a number in E.164 form (+ and digits)");
    else if (verified)
        append(plan.create.phone_number, number);
    else if (!plan.create.phone_number.has_value() ||
             std::find(plan.create.phone_number->begin(), plan.create.phone_number->end(), number) ==
                 plan.create.phone_number->end())
        append(plan.unverified_phone_numbers, number);
}

mapped_user finish_plan(user_plan plan)
{
    auto& create = plan.create;
    const bool identified = has(create.email_address) || has(create.phone_number) || create.username.has_value();
    const bool follows = !plan.unverified_email_addresses.empty() || !plan.unverified_phone_numbers.empty();
    if (!identified && !follows)
        return refusal("no_identifier", "", "no usable e-mail address, phone number or username: nobody could sign in");
    // An address that is not verified can only be added to a user who is there already.
    if (!identified)
        create.skip_user_requirement = true;
    if (create.password_digest.has_value())
        create.skip_password_checks = true;
    else
        create.skip_password_requirement = true;
    create.skip_legal_checks = true;
    create.external_id = plan.external_id;
    return plan;
}

mapped_user map_user(const source_record& record, const mapping_options& options)
{
    if (!record.problem.empty())
        return refusal("unreadable_record", "", record.problem);
    return record.format == source_format::clerk_csv ? map_clerk_csv(record.fields) : map_auth0(record.fields, options);
}

} // namespace usher::bulk
