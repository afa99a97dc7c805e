#pragma once

#include "shared/core/api_error.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::openai {

/// The four fields of OpenAI's error object, as UTF-8 without JSON escapes.
struct ErrorFields {
    QByteArrayView message;
    QByteArrayView type;
    QByteArrayView param; ///< Empty: null.
    QByteArrayView code;  ///< Empty: null.
};

/// Returns OpenAI's error body, {"error":{"message":…,"type":…,"param":…,"code":…}}, in one line.
/// Source: https://platform.openai.com/docs/guides/error-codes, as its client libraries read it.
[[nodiscard]] QByteArray errorBody(const ErrorFields &fields);

/// The same for an error of ours. Its `detail` is not in it.
[[nodiscard]] QByteArray errorBody(const ApiError &error);

/// Returns the value of the Retry-After header, in seconds; empty if the error names no time.
/// A time in the past or beyond a day is clamped: providers send both (RFC 9110 §10.2.3).
[[nodiscard]] QByteArray retryAfterValue(const ApiError &error);

} // namespace delta::openai
