#include "bulk/check/record_facts.hpp"

#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace usher::bulk {

namespace {

struct row {
    std::uint64_t line = 0;
    std::uint64_t text_at = 0;
    std::uint32_t id_size = 0;
    std::uint32_t source_id_size = 0;
    std::uint32_t memberships = 0;
    std::array<std::uint16_t, 9> steps{};
    entity_kind kind = entity_kind::user;
    bool at_target = false;
    bool counted = true;
};
static_assert(std::is_trivially_copyable_v<row>);

} // namespace

facts_store::facts_store(const std::string& folder) : rows_(folder), texts_(folder) {}

std::uint64_t facts_store::add(const record_facts& facts)
{
    row to;
    to.line = facts.line;
    to.id_size = static_cast<std::uint32_t>(facts.id.size());
    to.source_id_size = static_cast<std::uint32_t>(facts.source_id.size());
    to.memberships = facts.memberships;
    to.steps = facts.steps;
    to.kind = facts.kind;
    to.at_target = facts.at_target;
    to.counted = facts.counted;
    to.text_at = texts_.append(facts.id);
    texts_.append(facts.source_id);
    std::array<char, sizeof(row)> bytes{};
    std::memcpy(bytes.data(), &to, sizeof to);
    rows_.append({bytes.data(), bytes.size()});
    return size_++;
}

record_facts facts_store::get(std::uint64_t number)
{
    std::array<char, sizeof(row)> bytes{};
    if (rows_.read(number * sizeof(row), bytes) != bytes.size())
        throw std::runtime_error("a temporary file ends too soon");
    row from;
    std::memcpy(&from, bytes.data(), sizeof from);
    record_facts facts;
    facts.kind = from.kind;
    facts.at_target = from.at_target;
    facts.counted = from.counted;
    facts.line = from.line;
    facts.memberships = from.memberships;
    facts.steps = from.steps;
    std::string text(std::size_t(from.id_size) + from.source_id_size, '\0');
    if (texts_.read(from.text_at, text) != text.size())
        throw std::runtime_error("a temporary file ends too soon");
    facts.source_id = text.substr(from.id_size);
    text.resize(from.id_size);
    facts.id = std::move(text);
    return facts;
}

} // namespace usher::bulk
