#include "layout.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace usher::codegen {

type* named_below(const type_use& use)
{
    type* base = use.base;
    while (base && !base->is_named() && (base->what == kind::array || base->what == kind::map))
        base = base->element.base;
    return base && base->is_named() ? base : nullptr;
}

namespace {

/// Tarjan's strongly connected components over any nodes; they come out with what they need before them.
template <class Node>
class components {
public:
    using visitor = std::function<void(Node*)>;

    components(std::function<void(Node*, const visitor&)> edges) : edges_(std::move(edges)) {}

    void visit(Node* from)
    {
        if (index_.count(from) == 0)
            enter(from);
    }
    const std::vector<std::vector<Node*>>& found() const { return found_; }

private:
    void enter(Node* from)
    {
        const int own = static_cast<int>(index_.size());
        index_[from] = low_[from] = own;
        stack_.push_back(from);
        edges_(from, [&](Node* to) {
            if (index_.count(to) == 0) {
                enter(to);
                low_[from] = std::min(low_[from], low_[to]);
            } else if (std::find(stack_.begin(), stack_.end(), to) != stack_.end()) {
                low_[from] = std::min(low_[from], index_[to]);
            }
        });
        if (low_[from] != own)
            return;
        found_.emplace_back();
        for (Node* last = nullptr; last != from;) {
            last = stack_.back();
            stack_.pop_back();
            found_.back().push_back(last);
        }
    }

    std::function<void(Node*, const visitor&)> edges_;
    std::map<Node*, int> index_;
    std::map<Node*, int> low_;
    std::vector<Node*> stack_;
    std::vector<std::vector<Node*>> found_;
};

void mark_request(type& from)
{
    if (from.in_request)
        return;
    from.in_request = true;
    each_use(from, [](type& used) { mark_request(used); });
}

/// True if C++ needs the whole type where `use` stands: anything but an array of the type itself.
void box_where_needed(const type& holder, member& own)
{
    type* used = named_below(own.use);
    if (!used || used->component != holder.component || used->what == kind::enumeration)
        return;
    type* base = own.use.base;
    bool boxed = true;
    for (; !base->is_named(); base = base->element.base)
        boxed = base->what == kind::map;
    own.boxed = boxed;
}

/// A circle is several types, or one that uses itself.
bool is_circle(const std::vector<type*>& group)
{
    bool self = false;
    each_use(*group.front(), [&](type& used) { self = self || &used == group.front(); });
    return group.size() > 1 || self;
}

void find_circles(model& target)
{
    components<type> graph(
        [](type* from, const components<type>::visitor& next) { each_use(*from, [&](type& used) { next(&used); }); });
    for (type& own : target.types)
        if (own.is_named())
            graph.visit(&own);
    int number = 0;
    for (const auto& group : graph.found()) {
        if (is_circle(group))
            for (type* own : group)
                own->component = number;
        ++number;
    }
    for (type& own : target.types)
        if (own.component >= 0) {
            own.home->recursive = true;
            for (member& each : own.members)
                box_where_needed(own, each);
        }
}

void edges_of_unit(unit* from, const components<unit>::visitor& next)
{
    for (type* own : from->types)
        each_use(*own, [&](type& used) {
            if (used.home != from)
                next(used.home);
        });
}

/// In an order in which each is defined when it is used.
std::vector<type*> ordered(const std::vector<type*>& types, const unit* home)
{
    std::vector<type*> order;
    std::set<type*> seen;
    const std::function<void(type*)> add = [&](type* own) {
        if (!seen.insert(own).second)
            return;
        each_use(*own, [&](type& used) {
            if (used.home == home && (used.component < 0 || used.component != own->component))
                add(&used);
        });
        order.push_back(own);
    };
    for (type* own : types)
        add(own);
    return order;
}

void arrange_units(model& target)
{
    std::map<unit*, std::size_t> place;
    for (unit& own : target.units)
        place.emplace(&own, place.size());
    const auto earlier = [&](unit* a, unit* b) { return place.at(a) < place.at(b); };

    components<unit> graph(edges_of_unit);
    for (unit& own : target.units)
        graph.visit(&own);
    for (auto group : graph.found()) {
        std::sort(group.begin(), group.end(), earlier);
        unit* first = group.front();
        for (std::size_t i = 1; i < group.size(); ++i) {
            for (type* own : group[i]->types) {
                own->home = first;
                first->types.push_back(own);
            }
            first->recursive = first->recursive || group[i]->recursive;
            group[i]->types.clear();
        }
    }
    for (unit& own : target.units) {
        own.types = ordered(own.types, &own);
        std::set<unit*> needs;
        edges_of_unit(&own, [&](unit* other) { needs.insert(other); });
        own.needs.assign(needs.begin(), needs.end());
        std::sort(own.needs.begin(), own.needs.end(), [](unit* a, unit* b) { return a->name < b->name; });
    }
}

/// What a group's functions answer or page through, beside what its own types need.
void add_answers(model& target)
{
    for (operation& own : target.operations) {
        const auto add = [&](type* used) {
            auto& needs = own.home->needs;
            if (used && used->home != own.home && std::find(needs.begin(), needs.end(), used->home) == needs.end())
                needs.insert(std::upper_bound(needs.begin(), needs.end(), used->home,
                                              [](const unit* a, const unit* b) { return a->name < b->name; }),
                             used->home);
        };
        add(named_below(own.result));
        if (own.pages)
            add(named_below({own.pages->item, false}));
    }
}

/// Rule 8 of naming.hpp.
void rename_own_names(model& target)
{
    for (type& own : target.types)
        for (member& each : own.members)
            if (own.in_request && each.name == own.name) {
                std::string name = own.name + "_";
                while (std::any_of(own.members.begin(), own.members.end(),
                                   [&](const member& m) { return m.name == name; }))
                    name += '_';
                each.name = name;
            }
}

} // namespace

void lay_out(model& target)
{
    for (operation& own : target.operations)
        if (own.params)
            mark_request(*own.params);
    rename_own_names(target);
    find_circles(target);
    arrange_units(target);
    add_answers(target);
    for (group& own : target.groups)
        own.home->is_group = true;
}

} // namespace usher::codegen
