#pragma once

#include "sandbox/check.hpp"
#include "sandbox/signing.hpp"
#include "sandbox/store.hpp"
#include "sandbox/synthesize.hpp"

#include <set>

namespace usher::sandbox {

// What lies beyond the instance that is called.
struct neighbours {
    virtual store& of_key(std::string_view secret_key) = 0;              // of another instance
    virtual const json::object* oauth_token(std::string_view token) = 0; // nullptr: not known

protected:
    ~neighbours() = default;
};

// One call on its way: what is asked of whom, and what is answered. Actions and rules write either `text` or `refused`.
struct context {
    context(store& kept_, synthesizer& made_, const options& how_, const std::set<std::string, std::less<>>& creatable_,
            call& asked_, instant now_, std::int64_t wall_)
        : kept(kept_), made(made_), how(how_), creatable(creatable_), asked(asked_), now(now_), wall(wall_)
    {
    }

    store& kept;
    synthesizer& made;
    const options& how;
    const std::set<std::string, std::less<>>& creatable; // collections that something can be put into
    call& asked;
    instant now;
    std::int64_t wall; // milliseconds since the epoch

    neighbours* others = nullptr;
    key_ring* keys = nullptr;
    std::string_view origin; // of the server
    std::string_view key;    // that the call came with

    problems refused;
    std::string text; // the answer's body
    int status = 0;   // 0: the operation's own

    void refuse(problem why) { refused.push_back(std::move(why)); }
    void answer(const json::value& body) { text = json::serialize(body); }
    [[nodiscard]] const schema* shape() const { return asked.of->answer; }
    [[nodiscard]] const std::string& capture(std::size_t i) const { return asked.captures.at(i); }

    // The body's object; an empty one when there is no body.
    [[nodiscard]] const json::object& body() const
    {
        static const json::object none;
        const auto* o = asked.body.if_object();
        return o ? *o : none;
    }
};

// Members of a body, by what a rule wants of them.
const json::value* given(const json::object& from, std::string_view name); // there and not null
std::string_view text_in(const json::object& from, std::string_view name); // empty when it is no text
std::vector<std::string> texts_in(const json::object& from, std::string_view name);
bool true_in(const json::object& from, std::string_view name);

// What every operation does that has no rule of its own.
void act(context& c);

namespace generic {

void list(context& c);
void count(context& c);
void create(context& c);
void create_many(context& c);
void get(context& c);
void update(context& c);
void remove(context& c);
void element_verb(context& c);
void element_view(context& c);
void singleton(context& c);

// The collection's path with the call's captures in it: "/organizations/org_1/memberships".
std::string path_of(const context& c);

// Whether everything that the path goes through exists; refuses with 404 when not.
bool parents_exist(context& c);

// The element that the path names, or nullptr after refusing. Collections that nothing can be put into make it up.
resource* element(context& c);

// Copies the members that the schema has and that fit. Null clears, times given as text become milliseconds.
void carry(json::object& to, const schema& of, const json::object& from);

// A new object of a schema, with what was given in it.
json::object make(context& c, const schema& of, const json::object& given);

// An object as another schema shows it.
json::object reshape(context& c, const schema& to, const json::object& from);

// A resource's text in an answer of a schema: secrets that only its creation showed are left out.
std::string shown(context& c, const schema* as, const resource& r);

// Deep merge of metadata: null removes a key.
void merge_metadata(json::object& to, const json::object& with);

json::object deleted(context& c, std::string_view object, std::string_view id);

} // namespace generic

// Old enough to be shown by a listing.
bool visible(const context& c, const resource& r);

// Writes the page that limit and offset ask for, in the shape of the answer.
void answer_page(context& c, const std::vector<const resource*>& found);
void answer_texts(context& c, const std::vector<std::string>& page, std::size_t total);
std::pair<std::size_t, std::size_t> page_bounds(const context& c, std::size_t total); // first, last

// Sorts by the order_by parameter ("-created_at", "+name", "name"); `by_time` is in ascending order of creation.
void order(const context& c, std::vector<const resource*>& by_time);

// Filters by the parameters that name a member of the items, and by `query` in any of their texts.
void filter(const context& c, std::vector<const resource*>& among, const schema* items);

// Case-insensitive substring.
bool contains_text(std::string_view whole, std::string_view part);

} // namespace usher::sandbox
