// Fills the tables of containers, wrappers and unions for concrete C++ types. Generated sources include it.
#ifndef USHER_DETAIL_TYPE_OPS_HPP
#define USHER_DETAIL_TYPE_OPS_HPP

#include <usher/detail/type_table.hpp>
#include <usher/field.hpp>
#include <usher/unknown.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace usher::detail {

using visit_function = bool (*)(void* context, std::string_view key, const void* element);

template <class T>
struct ops_of;

template <class T>
struct ops_of<std::vector<T>> {
    static void* add(void* self, std::string_view) { return &static_cast<std::vector<T>*>(self)->emplace_back(); }
    static std::size_t count(const void* self) { return static_cast<const std::vector<T>*>(self)->size(); }
    static void each(const void* self, void* context, visit_function visit)
    {
        for (const T& element : *static_cast<const std::vector<T>*>(self))
            if (!visit(context, {}, &element))
                return;
    }
    static void clear(void* self) { static_cast<std::vector<T>*>(self)->clear(); }
    static constexpr container_ops table{add, count, each, clear, nullptr, nullptr, nullptr, nullptr};
};

template <class T>
struct ops_of<std::map<std::string, T, std::less<>>> {
    using map_type = std::map<std::string, T, std::less<>>;
    static void* add(void* self, std::string_view key) { return &(*static_cast<map_type*>(self))[std::string(key)]; }
    static std::size_t count(const void* self) { return static_cast<const map_type*>(self)->size(); }
    static void each(const void* self, void* context, visit_function visit)
    {
        for (const auto& [key, element] : *static_cast<const map_type*>(self))
            if (!visit(context, key, &element))
                return;
    }
    static void clear(void* self) { static_cast<map_type*>(self)->clear(); }
    static constexpr container_ops table{add, count, each, clear, nullptr, nullptr, nullptr, nullptr};
};

template <class Wrapper>
struct wrapper_ops {
    static void* add(void* self, std::string_view) { return &static_cast<Wrapper*>(self)->emplace(); }
    static std::size_t count(const void* self) { return static_cast<const Wrapper*>(self)->has_value() ? 1 : 0; }
    static void each(const void* self, void* context, visit_function visit)
    {
        const auto& wrapper = *static_cast<const Wrapper*>(self);
        if (wrapper.has_value())
            visit(context, {}, &*wrapper);
    }
    static void clear(void* self) { static_cast<Wrapper*>(self)->reset(); }
};

template <class T>
struct ops_of<std::optional<T>> : wrapper_ops<std::optional<T>> {
    using base = wrapper_ops<std::optional<T>>;
    static constexpr container_ops table{base::add, base::count, base::each, base::clear,
                                         nullptr,   nullptr,     nullptr,    nullptr};
};

template <class T>
struct ops_of<field<T>> : wrapper_ops<field<T>> {
    using base = wrapper_ops<field<T>>;
    static bool is_null(const void* self) { return static_cast<const field<T>*>(self)->is_null(); }
    static void set_null(void* self) { *static_cast<field<T>*>(self) = null; }
    static constexpr container_ops table{base::add, base::count, base::each, base::clear,
                                         is_null,   set_null,    nullptr,    nullptr};
};

template <class T>
struct ops_of<box<T>> {
    static void* add(void* self, std::string_view) { return &**static_cast<box<T>*>(self); }
    static std::size_t count(const void*) { return 1; }
    static void each(const void* self, void* context, visit_function visit)
    {
        visit(context, {}, &**static_cast<const box<T>*>(self));
    }
    static void clear(void* self) { *static_cast<box<T>*>(self) = box<T>(); }
    static constexpr container_ops table{add, count, each, clear, nullptr, nullptr, nullptr, nullptr};
};

template <class... Ts>
struct ops_of<std::variant<Ts...>> {
    using variant_type = std::variant<Ts...>;

    template <std::size_t I>
    static void* make(variant_type& self)
    {
        return &self.template emplace<I>();
    }
    template <std::size_t... Is>
    static void* choose_from(variant_type& self, std::size_t index, std::index_sequence<Is...>)
    {
        using maker = void* (*)(variant_type&);
        static constexpr maker makers[] = {&make<Is>...};
        return makers[index](self);
    }
    static void* choose(void* self, std::size_t index)
    {
        return choose_from(*static_cast<variant_type*>(self), index, std::index_sequence_for<Ts...>());
    }
    static std::size_t chosen(const void* self, const void** element)
    {
        const auto& variant = *static_cast<const variant_type*>(self);
        *element = std::visit([](const auto& alternative) -> const void* { return &alternative; }, variant);
        return variant.index();
    }
    static void clear(void* self) { *static_cast<variant_type*>(self) = variant_type(); }
    static constexpr container_ops table{nullptr, nullptr, nullptr, clear, nullptr, nullptr, choose, chosen};
};

template <class T>
void* create_object()
{
    return new T();
}

template <class T>
void destroy_object(void* object)
{
    delete static_cast<T*>(object);
}

} // namespace usher::detail

#endif
