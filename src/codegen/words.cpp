#include "words.hpp"

#include <boost/json/parse.hpp>

namespace usher::codegen {

namespace {

template <class Value>
const Value* find_in(const std::map<std::string, Value>& map, const std::string& key)
{
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

void read_lines(const node& root, std::string_view key, std::map<std::string, std::string>& lines)
{
    if (const auto list = root.find(key))
        for (const auto& entry : list->object())
            lines[entry.key()] = list->at(entry.key()).text();
}

} // namespace

words::words(std::string_view text)
{
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), failure);
    if (failure)
        throw refused("", "the words are no JSON: " + failure.message());
    const node root(value, "");

    if (const auto operations = root.find("operations"))
        for (const auto& entry : operations->object()) {
            const node own = operations->at(entry.key());
            operations_[entry.key()] = {own.at("group").text(), own.at("name").text(), own.text_or("summary", "")};
        }
    if (const auto pages = root.find("pages"))
        for (const auto& entry : pages->object()) {
            const node own = pages->at(entry.key());
            const std::string style = own.at("style").text();
            const bool token = style == "token";
            pages_[entry.key()] = {
                style, own.text_or("items", ""), own.text_or("request", token ? "page_token" : "offset"),
                own.text_or("response", token ? "next_page_token" : ""), own.text_or("order_by", "")};
        }
    read_lines(root, "groups", groups_);
    read_lines(root, "types", types_);

    const auto read_units = [&](std::string_view key, unit_of_time unit) {
        if (const auto list = root.find(key))
            for (std::size_t i = 0; i < list->array().size(); ++i)
                units_[list->at(i).text()] = unit;
    };
    read_units("epoch_ms", unit_of_time::milliseconds);
    read_units("epoch_s", unit_of_time::seconds);
    read_units("rfc3339", unit_of_time::rfc3339);
    read_units("numbers", unit_of_time::none);
    const auto read_set = [&](std::string_view key, std::set<std::string>& names) {
        if (const auto list = root.find(key))
            for (std::size_t i = 0; i < list->array().size(); ++i)
                names.insert(list->at(i).text());
    };
    read_set("free_form", free_form_);
    read_set("machine", machine_);
    token_path_ = root.text_or("token_path", "");
}

const operation_words* words::operation(const std::string& id) const
{
    return find_in(operations_, id);
}
const page_words* words::pages(const std::string& id) const
{
    return find_in(pages_, id);
}

std::string words::group(const std::string& name) const
{
    const auto* found = find_in(groups_, name);
    return found ? *found : std::string();
}

std::string words::type(const std::string& schema) const
{
    const auto* found = find_in(types_, schema);
    return found ? *found : std::string();
}

unit_of_time words::unit(std::initializer_list<std::string> owners, const std::string& name) const
{
    for (const auto& owner : owners)
        if (const auto* own = find_in(units_, owner + "." + name))
            return *own;
    const auto* general = find_in(units_, name);
    return general ? *general : unit_of_time::none;
}

void words::check_operations(const std::set<std::string>& ids) const
{
    for (const auto& [id, own] : operations_)
        if (ids.count(id) == 0)
            throw refused("/operations" + pointer_step(id), "the document has no such operation (words file)");
    for (const auto& id : machine_)
        if (ids.count(id) == 0)
            throw refused("/machine", "the document has no operation " + id + " (words file)");
    for (const auto& [id, own] : pages_)
        if (ids.count(id) == 0)
            throw refused("/pages" + pointer_step(id), "the document has no such operation (words file)");
}

} // namespace usher::codegen
