#pragma once

#include "gateway/openai/model_request.h"

#include <QByteArray>

#include <vector>

namespace delta::providers {

/// The text of a request, as a model inside the gateway reads it.
struct PromptText {
    /// Chat: the last user message. Completion, embedding: one per prompt or input.
    std::vector<QByteArray> inputs;
    qint64 words = 0;         ///< Words of the whole request, all messages included.
    qint64 maxWords = -1;     ///< `max_completion_tokens` or `max_tokens`; negative: no cap.
    bool wantsBase64 = false; ///< `encoding_format` is "base64".
    qint64 dimensions = 0;    ///< `dimensions`; not above zero: the model's own.
};

/// Reads the text of a checked request.
[[nodiscard]] PromptText readPromptText(const openai::ModelRequest &request);

/// Says whether a byte separates words.
[[nodiscard]] constexpr bool isWhiteSpace(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/// Returns how many words a text has: runs of bytes that are not white space.
[[nodiscard]] qint64 countWords(QByteArrayView text);

} // namespace delta::providers
