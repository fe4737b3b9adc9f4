// A file that a request carries.
#ifndef USHER_UPLOAD_HPP
#define USHER_UPLOAD_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace usher {

/// Bytes to upload, from memory or streamed from a file.
///
/// *Lifetime*: owns its bytes, or the path of its file; the file is opened when the call is made and read in
/// pieces while it is sent, so its size never stands in memory.
/// *Retries*: the bytes are read again from their beginning for each attempt.
class upload {
public:
    /// No bytes.
    upload() = default;

    /// Uploads `bytes` under a file name.
    static upload from_memory(std::string bytes, std::string file_name = "upload",
                              std::string content_type = "application/octet-stream");
    /// Uploads a file. *Errors*: a file that can't be opened is reported by the call, as `invalid_request`.
    static upload from_file(std::string path, std::string content_type = "application/octet-stream");

    /// The same bytes as the whole body, `application/octet-stream`, instead of a part of a form.
    /// *Errors*: `invalid_request` from an operation that takes a form only.
    upload as_body() const
    {
        upload alone = *this;
        alone.is_body_ = true;
        return alone;
    }

    bool is_file() const noexcept { return is_file_; }
    /// The bytes, or the path of the file.
    const std::string& source() const noexcept { return source_; }
    const std::string& file_name() const noexcept { return file_name_; }
    const std::string& content_type() const noexcept { return content_type_; }
    bool is_body() const noexcept { return is_body_; }

    friend bool operator==(const upload&, const upload&) = default;

private:
    std::string source_;
    std::string file_name_;
    std::string content_type_;
    bool is_file_ = false;
    bool is_body_ = false;
};

} // namespace usher

#endif
