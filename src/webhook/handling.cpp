#include <usher/webhook/handling.hpp>

#include <utility>

namespace usher::webhook {

handling::handling(verifier own, std::string_view id) : own_(std::move(own)), id_(id) {}

handling::handling(handling&& other) noexcept
    : own_(std::exchange(other.own_, std::nullopt)), id_(std::exchange(other.id_, std::string()))
{
}

handling& handling::operator=(handling&& other) noexcept
{
    if (this != &other) {
        drop();
        own_ = std::exchange(other.own_, std::nullopt);
        id_ = std::exchange(other.id_, std::string());
    }
    return *this;
}

handling::~handling()
{
    drop();
}

void handling::confirm()
{
    // First: what was handled must not be forgotten because the store failed.
    const std::optional<verifier> own = std::exchange(own_, std::nullopt);
    if (own)
        own->confirm(id_);
}

void handling::release() noexcept
{
    own_.reset();
}

void handling::drop() noexcept
{
    if (!own_)
        return;
    try {
        own_->forget(id_);
    } catch (...) {
        // A store that can't be asked keeps the id pending to the end of its time, and the event is welcome after that.
    }
    own_.reset();
}

} // namespace usher::webhook
