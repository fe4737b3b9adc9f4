// Tells a file from another one, or from what it was before somebody changed it, without reading all of a large one.
#ifndef USHER_BULK_FINGERPRINT_HPP
#define USHER_BULK_FINGERPRINT_HPP

#include <string>

namespace usher::bulk {

/// Its size, and SHA-256 of all of it up to 64 MiB; of a larger one that of its first and its last 64 KiB and of 64
/// pieces of 64 KiB spread evenly between them: a change that keeps the size and touches none of these is not seen.
/// `-` is standard input. Empty: it is no regular file, or it can't be read.
std::string fingerprint_of(const std::string& path);

} // namespace usher::bulk

#endif
