#include <usher/upload.hpp>

#include "call/prepared_call.hpp"
#include "core/http_text.hpp"
#include "core/utf8.hpp"
#include "json/encoder.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>

namespace usher::detail {

namespace {

struct file_closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

// Text, then a file, then text: a multipart body with one file in it.
class file_source final : public body_source {
public:
    file_source(std::unique_ptr<std::FILE, file_closer> file, std::uint64_t file_size, std::string before,
                std::string after)
        : file_(std::move(file)), file_size_(file_size), before_(std::move(before)), after_(std::move(after))
    {
    }

    std::uint64_t size() const noexcept override { return before_.size() + file_size_ + after_.size(); }

    bool rewind() override
    {
        at_ = 0;
        return std::fseek(file_.get(), 0, SEEK_SET) == 0;
    }

    std::size_t read(char* data, std::size_t size) override
    {
        std::size_t got = 0;
        if (at_ < before_.size()) {
            got = before_.copy(data, size, static_cast<std::size_t>(at_));
        } else if (at_ < before_.size() + file_size_) {
            const auto left = before_.size() + file_size_ - at_;
            got = std::fread(data, 1, static_cast<std::size_t>(std::min<std::uint64_t>(size, left)), file_.get());
        } else {
            got = after_.copy(data, size, static_cast<std::size_t>(at_ - before_.size() - file_size_));
        }
        at_ += got;
        return got;
    }

private:
    std::unique_ptr<std::FILE, file_closer> file_;
    std::uint64_t file_size_;
    std::string before_;
    std::string after_;
    std::uint64_t at_ = 0;
};

std::string new_boundary()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::random_device random;
    std::string boundary = "usher-";
    for (int i = 0; i < 4; ++i)
        for (auto bits = random(), n = 8U; n > 0; --n, bits >>= 4)
            boundary += digits[bits & 15];
    return boundary;
}

bool is_file_name(std::string_view text)
{
    return is_utf8(text) && std::none_of(text.begin(), text.end(),
                                         [](char c) { return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f; });
}

// A file name between quotes in a header. Some servers take a backslash for the escape of what follows, the closing
// quote among it, others do not; none mistakes what is percent-encoded.
std::string in_quotes(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c == '"')
            out += "%22";
        else if (c == '\\')
            out += "%5C";
        else
            out += c;
    return out;
}

bool is_media_type(std::string_view text)
{
    return is_header_value(text) && text.find('/') != std::string_view::npos;
}

void refuse(prepared_call& call, std::string text)
{
    call.failure = std::make_unique<error_details>();
    call.failure->kind = error_kind::invalid_request;
    call.failure->text = std::move(text);
}

// The value of a member, through its wrapper; null when it is absent or null.
const void* value_of(const member_info& member, const void* params, const type_info** type)
{
    const void* at = static_cast<const char*>(params) + member.offset;
    *type = member.type;
    while ((*type)->what == kind::field || (*type)->what == kind::optional || (*type)->what == kind::box) {
        const void* inner = nullptr;
        (*type)->ops->each(at, &inner, [](void* out, std::string_view, const void* element) {
            *static_cast<const void**>(out) = element;
            return false;
        });
        if (inner == nullptr)
            return nullptr;
        at = inner;
        *type = (*type)->element;
    }
    return at;
}

class upload_body {
public:
    explicit upload_body(prepared_call& call) : call_(call) {}

    void add_multipart(const member_info& member, const type_info& type, const void* value)
    {
        text_ += "--" + boundary_ + "\r\nContent-Disposition: form-data; name=\"" + in_quotes(member.name) + '"';
        if (type.what == kind::upload) {
            const auto& file = *static_cast<const upload*>(value);
            text_ += "; filename=\"" + in_quotes(file.file_name()) + "\"\r\nContent-Type: " + file.content_type() +
                     "\r\n\r\n";
            add_file(file);
        } else {
            text_ += "\r\n\r\n";
            if (type.what == kind::string)
                text_ += *static_cast<const std::string*>(value);
            else
                encode(type, value, text_);
        }
        text_ += "\r\n";
    }

    void add_file(const upload& file)
    {
        if (!is_media_type(file.content_type()))
            return refuse(call_, "upload: \"" + one_line(file.content_type()) + "\" is no media type");
        if (!is_file_name(file.file_name()))
            return refuse(call_,
                          "upload: \"" + one_line(file.file_name()) + "\" is no file name that a form can carry");
        if (!file.is_file()) {
            text_ += file.source();
            return;
        }
        if (file_)
            return refuse(call_, "upload: one request can stream one file");
        std::error_code ec;
        // The system would open what stands before it.
        if (file.source().find('\0') != std::string::npos || !std::filesystem::is_regular_file(file.source(), ec))
            return refuse(call_, "upload: " + one_line(file.source()) + " is no file that can be read");
        file_.reset(std::fopen(file.source().c_str(), "rb"));
        if (!file_ || std::fseek(file_.get(), 0, SEEK_END) != 0)
            return refuse(call_, "upload: the file " + one_line(file.source()) + " can't be read");
        const auto size = std::ftell(file_.get());
        if (size < 0)
            return refuse(call_, "upload: the size of the file " + one_line(file.source()) + " can't be told");
        file_size_ = static_cast<std::uint64_t>(size);
        before_ = std::move(text_);
        text_.clear();
    }

    void finish(bool multipart)
    {
        if (multipart) {
            text_ += "--" + boundary_ + "--\r\n";
            call_.content_type = "multipart/form-data; boundary=" + boundary_;
        }
        if (file_)
            call_.source =
                std::make_unique<file_source>(std::move(file_), file_size_, std::move(before_), std::move(text_));
        else
            call_.body = std::move(text_);
    }

private:
    prepared_call& call_;
    std::string boundary_ = new_boundary();
    std::string text_;
    std::string before_;
    std::unique_ptr<std::FILE, file_closer> file_;
    std::uint64_t file_size_ = 0;
};

} // namespace

void encode_upload_body(prepared_call& call, const void* params)
{
    const auto& operation = call.operation;
    bool multipart = operation.body != body_kind::octet_stream;
    upload_body body(call);
    bool any = false;
    for (const auto& member : call.operation.params->members) {
        if (params == nullptr || member.where != place::body)
            continue;
        const type_info* type = nullptr;
        const void* value = value_of(member, params, &type);
        if (value == nullptr)
            continue;
        any = true;
        if (multipart && type->what == kind::upload && static_cast<const upload*>(value)->is_body()) {
            if (operation.body != body_kind::multipart_or_octets)
                return refuse(call, std::string(member.name) + ": the operation takes a form, no body of bytes");
            multipart = false;
        }
        if (multipart) {
            body.add_multipart(member, *type, value);
        } else if (type->what == kind::upload) {
            body.add_file(*static_cast<const upload*>(value));
            call.content_type = "application/octet-stream";
        }
    }
    // A form that has to be there and has no part is still a form.
    if ((any || (multipart && call.operation.body_required)) && !call.failure)
        body.finish(multipart);
}

} // namespace usher::detail
