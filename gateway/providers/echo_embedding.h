#pragma once

#include "gateway/providers/prompt_text.h"
#include "shared/models/usage.h"

#include <QByteArray>

namespace delta::providers {

/// Returns how many numbers each vector has.
[[nodiscard]] qint64 embeddingDimensions(const PromptText &prompt);

/// Writes an embedding answer: for each input a unit vector made from the text's bytes.
[[nodiscard]] QByteArray embeddingBody(const PromptText &prompt, const QByteArray &model,
                                       const Usage &usage);

} // namespace delta::providers
