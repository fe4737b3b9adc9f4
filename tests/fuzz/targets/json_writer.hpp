// JSON as a type's table has it, and beside it, chosen by bytes.
#ifndef USHER_TESTS_FUZZ_JSON_WRITER_HPP
#define USHER_TESTS_FUZZ_JSON_WRITER_HPP

#include "fuzz/promise.hpp"

#include <usher/detail/type_table.hpp>

namespace usher::fuzz {

/// Mutated text hardly ever names the members of a type. This writes a document of the type, in which each byte says
/// what stands in one place: a member or none, a value of its kind in one of its forms, or of another kind.
class json_writer {
public:
    explicit json_writer(input& from) : from_(from) {}

    void value(const detail::type_info& type, const detail::bounds* limits = nullptr);
    const std::string& text() const noexcept { return out_; }

private:
    void object(const detail::type_info& type, std::string_view tag_name, std::string_view tag);
    void several(const detail::type_info& element, bool is_map);
    void choice(const detail::type_info& type);
    void plain(const detail::type_info& type, const detail::bounds* limits);
    void whole();
    void quoted(std::string_view text);
    void odd(std::uint8_t which);
    void separate();

    input& from_;
    std::string out_;
    int levels_ = 0;
};

} // namespace usher::fuzz

#endif
