#pragma once

#include "shared/core/api_error.h"

#include <expected>

namespace delta {

/// A value, or the error that stands in its place.
template <typename T = void>
using Result = std::expected<T, ApiError>;

/// Makes the error branch of a Result: `return failure(ApiError::modelNotFound(name));`.
[[nodiscard]] inline std::unexpected<ApiError> failure(ApiError error)
{
    return std::unexpected(std::move(error));
}

} // namespace delta

#define DELTA_JOIN_(a, b) a##b
#define DELTA_JOIN(a, b) DELTA_JOIN_(a, b)
#define DELTA_TRY_(temporary, declaration, expression, give)                                       \
    auto temporary = (expression);                                                                 \
    if (!temporary) {                                                                              \
        give std::unexpected(std::move(temporary).error());                                        \
    }                                                                                              \
    declaration = std::move(temporary).value()

/// Binds the value of a Result, or returns its error from the function.
#define TRY(declaration, expression)                                                               \
    DELTA_TRY_(DELTA_JOIN(result_, __LINE__), declaration, expression, return)
/// The same inside a coroutine.
#define CO_TRY(declaration, expression)                                                            \
    DELTA_TRY_(DELTA_JOIN(result_, __LINE__), declaration, expression, co_return)
#define DELTA_TRY_VOID_(temporary, expression, give)                                               \
    if (auto temporary = (expression); !temporary) {                                               \
        give std::unexpected(std::move(temporary).error());                                        \
    }
/// Returns the error of a Result<void> from the function, or goes on.
#define TRY_VOID(expression) DELTA_TRY_VOID_(DELTA_JOIN(outcome_, __LINE__), expression, return)
/// The same inside a coroutine.
#define CO_TRY_VOID(expression)                                                                    \
    DELTA_TRY_VOID_(DELTA_JOIN(outcome_, __LINE__), expression, co_return)
