#pragma once

// What the token endpoint and the login pages look up in an environment's resources.

#include "sandbox/oauth.hpp"
#include "sandbox/store.hpp"

namespace usher::sandbox::scalekit {

// A client of an organization, when the secret opens it.
bool known_machine(store& kept, std::string_view id);
std::optional<machine> open_machine(store& kept, std::string_view id, std::string_view secret);

// A user with this address, as a member of the organization, or of the first one when none is asked for.
std::optional<identity> find_person(store& kept, std::string_view email, std::string_view organization_id);

// Sessions of people that find_person found.
void begin_session(store& kept, const identity& who, std::string_view client, const std::string& id, std::int64_t wall,
                   instant now);
bool session_alive(store& kept, std::string_view id, std::int64_t wall);
void log_out(store& kept, std::string_view id, std::int64_t wall);

} // namespace usher::sandbox::scalekit
