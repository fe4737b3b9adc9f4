// Reads records from CSV or from JSON: which of both it is, the first byte tells that is no white space.
#ifndef USHER_BULK_EITHER_READER_HPP
#define USHER_BULK_EITHER_READER_HPP

#include <usher/bulk/record.hpp>

#include <functional>
#include <memory>

namespace usher::bulk {

class either_reader final : public record_reader {
public:
    using maker = std::function<std::unique_ptr<record_reader>()>;

    either_reader(maker csv, maker json) : csv_(std::move(csv)), json_(std::move(json)) {}

    void feed(std::string_view bytes) override;
    void finish() override;
    std::optional<source_record> next() override { return chosen_ ? chosen_->next() : std::nullopt; }

private:
    maker csv_;
    maker json_;
    std::string first_; ///< a byte order mark and white space, until something else comes
    std::unique_ptr<record_reader> chosen_;
};

} // namespace usher::bulk

#endif
