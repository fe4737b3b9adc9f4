#pragma once

#include "sandbox/limiter.hpp"

#include <boost/json.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace usher::sandbox {

namespace json = boost::json;

struct schema;

// What is kept of one instance: collections by concrete path ("/users", "/organizations/org_…/memberships").
//
// A resource is kept as the text that answers it: a get is one copy, a listing joins texts, and 100,000 users take
// little more than their own bytes. What is looked up by value (addresses, external ids, slugs) is in one index of
// unique keys.

struct resource {
    std::string id;
    std::string text;              // JSON
    std::int64_t created_at = 0;   // milliseconds
    std::uint64_t sequence = 0;    // order of arrival, to break ties
    instant born;                  // for the listing lag
    std::vector<std::string> keys; // of the unique index
    const schema* shape = nullptr; // what it was made as, where other answers show it differently

    [[nodiscard]] json::object parsed() const { return json::parse(text).as_object(); }
};

class collection {
public:
    [[nodiscard]] resource* find(std::string_view id);
    resource& insert(resource&& made);
    void erase(std::string_view id);
    void moved(resource& of, std::int64_t created_at); // its creation time changed

    [[nodiscard]] std::size_t size() const { return by_id_.size(); }

    struct older {
        bool operator()(const resource* a, const resource* b) const
        {
            return a->created_at != b->created_at ? a->created_at < b->created_at : a->sequence < b->sequence;
        }
    };
    [[nodiscard]] const std::set<resource*, older>& by_time() const { return by_time_; }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view t) const { return std::hash<std::string_view>()(t); }
    };
    std::unordered_map<std::string, resource, text_hash, std::equal_to<>> by_id_;
    std::set<resource*, older> by_time_;
};

class store {
public:
    // The collection at a path, made when it is first asked for.
    collection& at(std::string_view path);
    [[nodiscard]] collection* find(std::string_view path);
    void drop(std::string_view path); // the collection and everything below it
    void drop_below(std::string_view path);

    // Every collection that fits a template such as "/organizations/{}/memberships".
    [[nodiscard]] std::vector<std::pair<std::string, collection*>> matching(std::string_view path_template);

    resource& add(std::string_view path, std::string id, const json::value& body, std::vector<std::string> keys,
                  std::int64_t created_at, instant now);
    void replace(collection& in, resource& of, const json::value& body, std::vector<std::string> keys);
    void remove(collection& from, resource& of);

    // Whom a unique key belongs to; empty when nobody.
    [[nodiscard]] std::string_view owner(std::string_view key) const;

    [[nodiscard]] std::size_t count(std::string_view name) const;

    std::map<std::string, std::set<std::string>, std::less<>> organizations_of; // user → organizations
    std::unordered_map<std::string, std::string> passwords;                     // user → what verify_password accepts
    std::size_t mails = 0;                                                      // that would have gone to people

private:
    std::map<std::string, collection, std::less<>> collections_;
    std::map<std::string, std::string, std::less<>> owners_;
    std::uint64_t sequence_ = 0;
};

} // namespace usher::sandbox
