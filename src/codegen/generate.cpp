#include "generate.hpp"

#include "layout.hpp"
#include "operation_builder.hpp"

namespace usher::codegen {

model make_model(const document& doc, const words& own_words, const std::string& space)
{
    model made;
    describe_service(doc, space, made);
    made.token_path = own_words.token_path();
    operation_builder(doc, own_words, made).run();
    lay_out(made);
    return made;
}

output make_output(const model& from, const emit_options& options)
{
    output made;
    emit_headers(from, made);
    emit_tables(from, options, made);
    emit_operations(from, made);
    emit_calls(from, options, made);
    return made;
}

} // namespace usher::codegen
