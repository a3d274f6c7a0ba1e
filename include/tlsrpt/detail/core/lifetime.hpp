/// @file
/// What lets a compiler see that a view would dangle.

#ifndef TLSRPT_HPP_DETAIL_CORE_LIFETIME
#define TLSRPT_HPP_DETAIL_CORE_LIFETIME

// Its constructor needs the concepts of ranges; <ranges> itself takes longer to compile.
#include <span>
#include <type_traits>

// After a parameter: what the function returns may point into the argument. After a member
// function: into the object. Compilers that know the attribute warn where what is returned outlives
// it.
#if __has_cpp_attribute(clang::lifetimebound)
#define TLSRPT_HPP_LIFETIMEBOUND [[clang::lifetimebound]]
#elif __has_cpp_attribute(msvc::lifetimebound)
#define TLSRPT_HPP_LIFETIMEBOUND [[msvc::lifetimebound]]
#else
#define TLSRPT_HPP_LIFETIMEBOUND
#endif

namespace tlsrpt::detail {

/// For the type of a forwarding reference: the argument is a temporary that owns its elements, such
/// as a std::string or a std::vector, so that views of them end with the call.
template <class T>
concept owning_temporary =
    !std::is_lvalue_reference_v<T> && std::ranges::range<T> && !std::ranges::borrowed_range<T>;

}  // namespace tlsrpt::detail

#endif
