// The whole way from the text of a document to a model.
#ifndef USHER_CODEGEN_GENERATE_HPP
#define USHER_CODEGEN_GENERATE_HPP

#include "document.hpp"
#include "emit.hpp"
#include "model.hpp"
#include "words.hpp"

#include <string>

namespace usher::codegen {

/// *Errors*: `refused`, naming the JSON pointer of what is not understood.
model make_model(const document& doc, const words& own_words, const std::string& space);
/// All files of a model: headers under include/, sources under src/.
output make_output(const model& from, const emit_options& options);

} // namespace usher::codegen

#endif
