// Records of any form, by a mapping file.
#include "bulk/mapping/field_mapping.hpp"
#include "bulk/mapping/hashers.hpp"
#include "bulk/mapping/text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace json = boost::json;

namespace usher::bulk {

namespace {

/// The member at a dotted path; null when there is none, or nothing in it.
const json::value* find(const json::object& in, std::string_view path)
{
    if (const auto* exact = in.if_contains(path))
        return is_nothing(*exact) ? nullptr : exact;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1))
        if (const auto* head = in.if_contains(path.substr(0, dot)); head && head->is_object())
            return find(head->get_object(), path.substr(dot + 1));
    return nullptr;
}

const json::value* find(const json::object& in, const value_rule& rule)
{
    if (!rule.from.empty())
        return find(in, rule.from);
    return rule.constant.is_null() ? nullptr : &rule.constant;
}

std::string text(const json::object& in, const value_rule& rule, std::vector<note>& notes)
{
    const auto* value = find(in, rule);
    if (!value)
        return {};
    auto result = column_text(*value);
    if (!result)
        notes.emplace_back(rule.from, "not a text");
    return std::move(result).value_or("");
}

/// Nothing: the record does not say it.
std::optional<bool> flag(const json::object& in, const value_rule& rule, std::vector<note>& notes, bool verification)
{
    const auto* value = find(in, rule);
    if (!value)
        return std::nullopt;
    if (!rule.equals.is_null()) {
        if (value->is_bool() || rule.equals.is_bool())
            return column_flag(*value) == column_flag(rule.equals);
        return *value == rule.equals || (column_text(*value) && column_text(*value) == column_text(rule.equals));
    }
    const auto result = verification ? column_verified(*value) : column_flag(*value);
    if (!result)
        notes.emplace_back(rule.from, verification ? "neither a time nor a flag: what it belongs to is unverified"
                                                   : "neither true nor false");
    return result;
}

/// Gives each text of a list to `use`, with the object that says whether it is verified.
template <class Use>
void each_text(const json::object& record, const list_rule& rule, std::vector<note>& notes, Use use)
{
    const auto one = [&](const json::value& element) {
        if (is_nothing(element))
            return;
        const auto* object = element.if_object();
        const auto* value = rule.value.empty() ? &element : object ? find(*object, rule.value) : nullptr;
        if (!value && object)
            return;
        const auto found = value ? column_text(*value) : std::nullopt;
        if (!found) {
            notes.emplace_back(rule.from, rule.value.empty() ? "not a text" : "not an object");
            return;
        }
        const auto& context = rule.value.empty() ? record : *object;
        for (std::string_view rest = *found; !rest.empty();) {
            const auto end = rule.separator.empty() ? std::string_view::npos : rest.find(rule.separator);
            use(trimmed(rest.substr(0, end)), context);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + rule.separator.size());
        }
    };
    const auto* value = find(record, rule.from);
    if (value && value->is_array())
        for (const auto& element : value->get_array())
            one(element);
    else if (value)
        one(*value);
}

json::object whole_object(const json::object& record, const std::string& from, std::vector<note>& notes)
{
    const auto* value = find(record, from);
    if (!value)
        return {};
    if (value->is_object())
        return value->get_object();
    boost::system::error_code failed; // a CSV has it as text
    auto parsed = value->is_string() ? json::parse(trimmed(value->get_string()), failed) : json::value();
    if (!failed && parsed.is_object())
        return std::move(parsed.get_object());
    notes.emplace_back(from, "not an object");
    return {};
}

/// Several addresses can have the same fault.
void say_once(std::vector<note>& notes)
{
    std::vector<note> kept;
    for (auto& one : notes) {
        const auto same = [&one](const note& other) { return other.field == one.field && other.reason == one.reason; };
        if (std::none_of(kept.begin(), kept.end(), same))
            kept.push_back(std::move(one));
    }
    notes = std::move(kept);
}

} // namespace

mapped map_generic(const json::object& fields, const mapping_options& options)
{
    if (!options.fields)
        return refusal("no_field_mapping", "", "a generic source needs a mapping file");
    return options.fields->map(fields);
}

mapped field_mapping::map(const json::object& record) const
{
    user_parts parts;
    auto& made = parts.made;
    made.id = text(record, id_, parts.notes);
    if (made.id.empty())
        return no_external_id(id_.from);
    for (const auto& rule : emails_)
        each_text(record, rule, parts.notes, [&](std::string_view address, const json::object& context) {
            add_email(parts, rule.from, address, flag(context, rule.verified, parts.notes, true).value_or(false));
        });
    for (const auto& rule : phones_)
        each_text(record, rule, parts.notes, [&](std::string_view number, const json::object& context) {
            add_phone(parts, rule.from, number, flag(context, rule.verified, parts.notes, true).value_or(false));
        });
    take_simple(record, parts);
    if (auto refused = take_password(record, made); !refused.code.empty())
        return refused;
    if (backup_codes_)
        each_text(record, *backup_codes_, parts.notes, [&](std::string_view code, const json::object&) {
            if (!code.empty())
                made.backup_codes.emplace_back(code);
        });
    take_metadata(record, parts);
    take_memberships(record, parts);
    std::set<std::string> noted;
    for (const auto& member : record)
        note_unused(member.value(), member.key(), noted);
    say_once(parts.notes);
    for (const auto& path : noted)
        if (std::none_of(parts.notes.begin(), parts.notes.end(), [&](const note& of) { return of.field == path; }))
            parts.add_note(path, "not named in the mapping file");
    return std::move(parts).finish();
}

void field_mapping::take_simple(const json::object& record, user_parts& parts) const
{
    auto& made = parts.made;
    for (const auto& [target, rule] : texts_) {
        const bool name = target == &user::first_name || target == &user::last_name;
        const auto value = text(record, rule, parts.notes);
        if (name)
            set_name(made.*target, rule.from, value, parts.notes);
        else
            made.*target = value;
    }
    set_full_name(parts, name_.from, text(record, name_, parts.notes));
    // A ban or a lock that nobody can read is no reason to let somebody in.
    for (const auto& [target, rule] : flags_)
        made.*target = flag(record, rule, parts.notes, false).value_or(find(record, rule) != nullptr);
    for (const auto& [target, rule] : permissions_)
        made.*target = flag(record, rule, parts.notes, false);
    for (const auto& [target, rule] : times_)
        if (const auto* value = find(record, rule)) {
            made.*target = column_time_of(*value, rule.format);
            if (!(made.*target))
                parts.add_note(rule.from, "not a time of the form that the mapping file names");
        }
    if (const auto* limit = find(record, organizations_limit_)) {
        made.create_organizations_limit = column_number(*limit);
        if (made.create_organizations_limit.value_or(-1) < 0) {
            made.create_organizations_limit.reset();
            parts.add_note(organizations_limit_.from, "not a whole number");
        }
    }
}

refusal field_mapping::take_password(const json::object& record, user& made) const
{
    if (digest_.empty())
        return {};
    const auto* value = find(record, digest_);
    if (value && !value->is_string())
        return {"password_digest_invalid", digest_, "not a text"};
    const auto digest = value ? trimmed(value->get_string()) : std::string_view();
    const auto* named = find(record, hasher_);
    // A hasher that is the same for all says nothing about a user who has no password.
    if (digest.empty() && (!named || hasher_.from.empty()))
        return {};
    std::string hasher;
    if (named && hasher_.from.empty())
        hasher = named->get_string();
    else if (named)
        hasher = column_text(*named).value_or("");
    else
        hasher = recognised_hasher(digest);
    if (const auto translated = hasher_.names.find(hasher); translated != hasher_.names.end())
        hasher = translated->second;
    const auto& hasher_field = hasher_.from.empty() ? digest_ : hasher_.from;
    if (hasher.empty())
        return {"password_hasher_missing", hasher_field, "no hasher is named, and the digest's form tells none"};
    auto checked = check_digest(hasher, digest, digest_, hasher_field);
    if (!checked)
        return checked.error();
    made.password = std::move(*checked);
    return {};
}

void field_mapping::take_metadata(const json::object& record, user_parts& parts) const
{
    for (const auto& [target, rule] : metadata_) {
        auto& metadata = parts.made.*target;
        if (!rule.from.empty())
            metadata = whole_object(record, rule.from, parts.notes);
        for (const auto& [name, from] : rule.members)
            if (const auto* value = find(record, from))
                metadata[name] = *value;
    }
}

void field_mapping::take_memberships(const json::object& record, user_parts& parts) const
{
    if (!memberships_)
        return;
    const auto& rule = *memberships_;
    const auto one = [&](const json::value* element, const json::object* object) {
        const auto* id = rule.organization.empty() ? element : object ? find(*object, rule.organization) : nullptr;
        auto organization = id ? column_text(*id).value_or("") : std::string();
        if (organization.empty()) {
            if (!rule.from.empty())
                parts.add_note(rule.from, "a membership that names no organization");
            return;
        }
        membership made;
        made.organization = std::move(organization);
        const auto* roles = find(object ? *object : record, rule.roles);
        const auto add = [&](const json::value& role) {
            if (auto name = column_text(role).value_or(""); !name.empty())
                made.roles.push_back(std::move(name));
            else
                parts.add_note(rule.from.empty() ? rule.roles.from : rule.from, "a role that is not a text");
        };
        if (roles && roles->is_array())
            for (const auto& role : roles->get_array())
                add(role);
        else if (roles)
            add(*roles);
        parts.made.memberships.push_back(std::move(made));
    };
    if (rule.from.empty()) {
        one(nullptr, &record);
        return;
    }
    const auto* value = find(record, rule.from);
    if (value && value->is_array())
        for (const auto& element : value->get_array())
            one(&element, element.if_object());
    else if (value)
        one(value, value->if_object());
}

void field_mapping::note_unused(const json::value& value, const std::string& path, std::set<std::string>& noted) const
{
    if (is_nothing(value) || known_.contains(path))
        return;
    const auto below = known_.lower_bound(path + ".");
    const bool leads_on = below != known_.end() && below->starts_with(path + ".");
    if (leads_on && value.is_object())
        for (const auto& member : value.get_object())
            note_unused(member.value(), path + "." + std::string(member.key()), noted);
    else if (leads_on && value.is_array())
        for (const auto& element : value.get_array())
            note_unused(element, path, noted);
    else
        noted.insert(path);
}

} // namespace usher::bulk
