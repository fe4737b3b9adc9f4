// The terminal, if there is one.
#ifndef USHER_CLI_TERMINAL_HPP
#define USHER_CLI_TERMINAL_HPP

#include <cstddef>
#include <string>

namespace usher::cli {

/// True when standard error is a terminal that can redraw a line.
bool shows_progress();
/// Columns of the terminal behind standard error; 80 when it does not say.
std::size_t terminal_width();
/// True when somebody can be asked: standard input and standard error are terminals.
bool can_ask();
/// Asks on standard error; true only for a yes in full.
bool ask_yes(const std::string& question);

/// A line of standard error that is drawn over until it is cleared.
class status_line {
public:
    void draw(const std::string& text);
    void clear();

private:
    bool drawn_ = false;
};

} // namespace usher::cli

#endif
