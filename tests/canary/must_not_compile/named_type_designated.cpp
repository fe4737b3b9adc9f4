// The same with the type's name in front of the braces.
// refused: designated initializers cannot be used with a non-aggregate|no matching (constructor|function)
#include <usher/options.hpp>

usher::call_options make()
{
#ifdef USHER_MISUSE
    return usher::call_options{.validate = false};
#else
    usher::call_options unchecked;
    unchecked.validate = false;
    return unchecked;
#endif
}
