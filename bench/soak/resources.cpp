#include "soak/resources.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <stdexcept>

#include <malloc.h>
#include <unistd.h>

namespace soak {

double resident_bytes()
{
    malloc_trim(0);
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    unsigned long whole = 0;
    unsigned long resident = 0;
    const bool is_read = file != nullptr && std::fscanf(file, "%lu %lu", &whole, &resident) == 2;
    if (file != nullptr)
        std::fclose(file);
    if (!is_read)
        throw std::runtime_error("/proc/self/statm can't be read");
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double allocated_bytes()
{
    const auto heap = mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd);
}

std::size_t open_descriptors()
{
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count - 1;
}

series::series(std::size_t room) : values_(std::max<std::size_t>(room, 10), 1.0) {}

void series::add(double value)
{
    if (size_ < values_.size())
        values_[size_++] = value;
}

std::span<const double> series::part(int begin, int end) const
{
    const auto from = size_ * static_cast<std::size_t>(begin) / 100;
    const auto to = std::clamp(size_ * static_cast<std::size_t>(end) / 100, from + 1, values_.size());
    return std::span(values_).subspan(from, to - from);
}

double series::mean(int begin, int end) const
{
    const auto of = part(begin, end);
    return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size());
}

double series::least(int begin, int end) const
{
    const auto of = part(begin, end);
    return *std::min_element(of.begin(), of.end());
}

} // namespace soak
