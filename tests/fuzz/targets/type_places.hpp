// Every type of every service, each at a place inside an object that can be made.
#ifndef USHER_TESTS_FUZZ_TYPE_PLACES_HPP
#define USHER_TESTS_FUZZ_TYPE_PLACES_HPP

#include <usher/detail/operation.hpp>

#include <memory>
#include <vector>

namespace usher::fuzz {

/// A type, and the way to it from a type that can be made: members, elements, alternatives.
struct type_place {
    const detail::type_info* type = nullptr;
    void* (*create)() = nullptr;
    void (*destroy)(void*) = nullptr;
    const detail::type_info* root = nullptr;
    std::vector<std::size_t> steps;
    bool is_params = false;
};

/// In the order in which they are met: operations by service, then events.
const std::vector<type_place>& type_places();

/// A default object of the type.
class placed_object {
public:
    explicit placed_object(const type_place& of);
    void* get() const noexcept { return at_; }

private:
    std::unique_ptr<void, void (*)(void*)> root_;
    void* at_;
};

} // namespace usher::fuzz

#endif
