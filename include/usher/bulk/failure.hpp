// A record that did not become what it should, as a line of a failures file.
#ifndef USHER_BULK_FAILURE_HPP
#define USHER_BULK_FAILURE_HPP

#include <usher/bulk/mapping.hpp>
#include <usher/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace usher::bulk {

/// At which step of a record.
enum class import_step : std::uint8_t { read, map, create, email_address, phone_number, ban, lock, membership, remove };

std::string_view to_string(import_step step) noexcept;
std::optional<import_step> parse_import_step(std::string_view name) noexcept;

struct import_failure {
    import_failure() = default;
    import_failure(import_step step_, const refusal& why);
    import_failure(import_step step_, const error& why);

    import_step step = import_step::read;
    std::string code; ///< the service's, or this library's
    std::string message;
    std::string param;    ///< which member, if that is known
    int status = 0;       ///< HTTP; 0: no answer, or never sent
    std::string trace_id; ///< the service's name for the request
    std::string source_id;
    std::string target_id;        ///< what was created all the same, when a later step failed
    bool outcome_unknown = false; ///< it may have taken effect; a second run finds out
};

/// One line of NDJSON with the source record and the error, without its line end. What is no UTF-8 is kept as base64.
std::string failure_line(const source_record& record, const import_failure& failure);

} // namespace usher::bulk

#endif
