// What the scheduler gets out of a quota, in virtual time.
//   bench_quota --table [--quick]   the figures, as a table; ends with 1 if one of them is not reached
//   bench_quota --svg FILE [--quick]   usher beside three other clients, as a picture
#include "picture.hpp"
#include "table.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

int main(int argc, char** argv)
{
    bool is_quick = false;
    bool wants_table = false;
    std::string file;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--quick") == 0) {
            is_quick = true;
        } else if (std::strcmp(argv[i], "--table") == 0) {
            wants_table = true;
        } else if (std::strcmp(argv[i], "--svg") == 0 && i + 1 < argc) {
            file = argv[++i];
        } else {
            wants_table = false;
            file.clear();
            break;
        }
    }
    if (!wants_table && file.empty()) {
        std::fputs("usage: bench_quota [--table] [--svg FILE] [--quick]\n", stderr);
        return 2;
    }
    if (!file.empty()) {
        std::ofstream out(file, std::ios::binary);
        out << quota_bench::to_svg(quota_bench::run_lanes(is_quick ? 5 : 100));
        if (!out.flush()) {
            std::fprintf(stderr, "bench_quota: %s can't be written\n", file.c_str());
            return 1;
        }
    }
    return !wants_table || quota_bench::print_table(is_quick) ? 0 : 1;
}
