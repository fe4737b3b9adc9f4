// Tells a file from another one, or from what it was before somebody changed it, without reading all of it.
#ifndef USHER_BULK_FINGERPRINT_HPP
#define USHER_BULK_FINGERPRINT_HPP

#include <string>

namespace usher::bulk {

/// Its size, and SHA-256 of its first and its last 64 KiB; `-` is standard input. Empty: it is no regular file, or it
/// can't be read. A change in the middle that keeps the size is not seen.
std::string fingerprint_of(const std::string& path);

} // namespace usher::bulk

#endif
