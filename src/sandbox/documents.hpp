#pragma once

#include <span>
#include <string_view>

namespace usher::sandbox {

// The API documents, embedded at build time, in pieces that belong one after another.
std::span<const std::string_view> clerk_backend_document();
std::span<const std::string_view> clerk_platform_document();
std::span<const std::string_view> scalekit_document();
std::span<const std::string_view> scalekit_webhook_examples_document(); // an event by its type

} // namespace usher::sandbox
