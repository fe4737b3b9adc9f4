#ifndef USHER_BENCH_QUOTA_TABLE_HPP
#define USHER_BENCH_QUOTA_TABLE_HPP

namespace quota_bench {

/// Prints each figure beside what is promised. True: all are reached. `is_quick`: fewer runs, which show less.
bool print_table(bool is_quick);

} // namespace quota_bench

#endif
