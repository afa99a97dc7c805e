#pragma once

#include "shared/core/result.h"

#include <QByteArray>

namespace delta::admin {

/// The body of an answer that is too large to be made at once. Used on the thread that owns the store.
class AnswerStream
{
public:
    virtual ~AnswerStream() = default;
    /// Makes the next piece; an empty one is the end. Errors: those of the store; then the answer is cut short, so that
    /// nobody takes a part for the whole.
    [[nodiscard]] virtual Result<QByteArray> next() = 0;
};

} // namespace delta::admin
