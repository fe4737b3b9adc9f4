#include "bulk/source/joined_file.hpp"

#include "bulk/mapping/column_values.hpp"
#include "bulk/mapping/text.hpp"
#include "bulk/source/csv_reader.hpp"
#include "bulk/source/either_reader.hpp"
#include "bulk/source/json_reader.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace asio = boost::asio;
namespace json = boost::json;

namespace usher::bulk {

namespace {

constexpr std::string_view auth0_prefix = "auth0|";

std::string_view text_of(const json::object& from, std::string_view name)
{
    const auto* value = from.if_contains(name);
    return value && value->is_string() ? trimmed(value->get_string()) : std::string_view();
}

/// The first of these names that holds a text.
std::string_view text_of(const json::object& from, std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (const auto text = text_of(from, name); !text.empty())
            return text;
    return {};
}

/// An id under one of these names, as the mapping reads it: a number in many databases.
std::string id_of(const json::object& from, std::initializer_list<std::string_view> names)
{
    for (const auto name : names)
        if (const auto* value = from.if_contains(name))
            if (auto id = column_text(*value).value_or(""); !id.empty())
                return id;
    return {};
}

std::unique_ptr<record_reader> reader_of_rows(source_format format)
{
    auto make_json = [format] { return std::make_unique<json_reader>(format); };
    if (format == source_format::auth0)
        return make_json();
    auto make_csv = [format] { return std::make_unique<csv_reader>(format, std::vector<std::string>()); };
    return std::make_unique<either_reader>(make_csv, make_json);
}

} // namespace

joined_file::joined_file(asio::any_io_executor executor, const std::string& path, source_format format)
    : bytes_(std::move(executor), path), format_(format)
{
    if (format != source_format::auth0 && format != source_format::better_auth)
        throw std::invalid_argument("no second file belongs to a source of the format " +
                                    std::string(to_string(format)));
}

asio::awaitable<void> joined_file::load()
{
    if (loaded_)
        co_return;
    const auto reader = reader_of_rows(format_);
    for (bool more = true; more;) {
        const auto piece = co_await bytes_.read();
        if (bytes_.is_cancelled())
            co_return;
        more = !piece.empty();
        if (more)
            reader->feed(piece);
        else
            reader->finish();
        while (const auto row = reader->next())
            keep(*row);
        const auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable);
    }
    rows_.seal();
    loaded_ = true;
}

void joined_file::unreadable(const source_record& row, const std::string& why) const
{
    throw std::runtime_error(bytes_.name() + ", line " + std::to_string(row.line) + ": " + why +
                             ". Nobody knows whose password this row holds: mend it, or take it out");
}

void joined_file::keep(const source_record& row)
{
    if (!row.problem.empty())
        unreadable(row, row.problem);
    if (format_ == source_format::auth0)
        keep_hash(row);
    else
        keep_account(row);
}

void joined_file::keep_hash(const source_record& row)
{
    const auto* id = row.fields.if_contains("_id");
    const auto oid = id && id->is_object()   ? text_of(id->get_object(), "$oid")
                     : id && id->is_string() ? trimmed(id->get_string())
                                             : std::string_view();
    if (oid.empty())
        unreadable(row, "there is no _id.$oid, which a file of Auth0's password hashes has in every row");
    const auto hash = text_of(row.fields, {"passwordHash", "password_hash"});
    rows_.add(std::string(auth0_prefix) + std::string(oid), row.line, hash);
}

void joined_file::keep_account(const source_record& row)
{
    const auto user = id_of(row.fields, {"userId", "user_id"});
    if (user.empty())
        unreadable(row, "there is no userId, which Better Auth's table account has in every row");
    json::object account;
    account["providerId"] = text_of(row.fields, {"providerId", "provider_id"});
    account["accountId"] = id_of(row.fields, {"accountId", "account_id"});
    if (const auto password = text_of(row.fields, "password"); !password.empty())
        account["password"] = password;
    rows_.add(user, row.line, json::serialize(account));
}

void joined_file::contradicted(source_record& record, const std::string& why) const
{
    record.problem = why + " in " + bytes_.name();
    record.text = json::serialize(record.fields);
    record.fields.clear();
}

void joined_file::join(source_record& record)
{
    if (!record.problem.empty())
        return;
    if (format_ == source_format::auth0)
        join_hash(record);
    else
        join_accounts(record);
}

void joined_file::join_hash(source_record& record)
{
    const auto id = text_of(record.fields, "user_id");
    const auto found = rows_.find(id);
    if (found.empty()) {
        without_row_ += id.starts_with(auth0_prefix) ? 1U : 0U;
        return;
    }
    const auto& first = found.front();
    for (const auto& row : found)
        if (row.value != first.value)
            return contradicted(record, "lines " + std::to_string(first.line) + " and " + std::to_string(row.line) +
                                            " give this user different passwords");
    const auto own = text_of(record.fields, {"password_hash", "passwordHash"});
    if (!own.empty() && !first.value.empty() && own != first.value)
        return contradicted(record, "this record has another password than line " + std::to_string(first.line));
    if (own.empty() && !first.value.empty())
        record.fields["password_hash"] = first.value;
}

void joined_file::join_accounts(source_record& record)
{
    const auto found = rows_.find(id_of(record.fields, {"id"}));
    without_row_ += found.empty() ? 1U : 0U;
    json::array accounts;
    const joined_row* credential = nullptr;
    for (const auto& row : found) {
        auto account = json::parse(row.value);
        if (account.at("providerId") == "credential") {
            if (credential && credential->value != row.value)
                return contradicted(record, "lines " + std::to_string(credential->line) + " and " +
                                                std::to_string(row.line) + " give this user different passwords");
            if (credential)
                continue;
            credential = &row;
        }
        accounts.push_back(std::move(account));
    }
    if (!accounts.empty())
        record.fields["account"] = std::move(accounts);
}

std::vector<std::string> joined_file::remarks()
{
    std::vector<std::string> made;
    if (!loaded_)
        return made;
    if (const auto line = rows_.first_unused_line())
        made.push_back(bytes_.name() +
                       ": rows that belong to no record of the source: " + std::to_string(rows_.unused()) + " of " +
                       std::to_string(rows_.size()) + ", the first in line " + std::to_string(*line));
    if (without_row_ > 0)
        made.push_back(bytes_.name() +
                       (format_ == source_format::auth0 ? ": users of a database connection without a row in it: "
                                                        : ": users without a row in it: ") +
                       std::to_string(without_row_));
    return made;
}

} // namespace usher::bulk
