#pragma once

#include "gateway/openai/json_document.h"
#include "shared/models/usage.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <optional>
#include <vector>

namespace delta::openai {

/// What one JSON object of an answer says: a chunk of a stream, or an unstreamed answer as a whole.
struct AnswerFacts {
    std::optional<Usage> usage; ///< Set if the object reports a possible one.
    /// A usage is there, and impossible: negative, fractional, absurd.
    bool hasBadUsage = false;
    /// Of the `usage` member and one adjoining comma; for cutting it out.
    std::optional<JsonSpan> usageMember;
    bool hasError = false;   ///< The object is an error, not an answer.
    bool hasChoices = false; ///< `choices` is there and not empty.
    bool hasOwnTier = false; ///< `service_tier` names one with prices of its own: flex, priority.
    std::vector<qint64> finishedChoices; ///< Indexes of the choices that say why they finished.
};

/// Is given the pieces of text that a model produced: content, reasoning, refusals, tool arguments.
using TextVisitor = std::function<void(QByteArrayView)>;

/// Reads one JSON object of an answer. Values that nobody asks for are skipped, not parsed, so that
/// an embedding costs little; without a visitor the texts are, too.
/// Errors: UpstreamInvalid if it is no JSON object.
/// `capacity` says how many bytes may be read from the object's first on; with fewer than
/// ports::bodyPadding beyond its size it is copied.
[[nodiscard]] Result<AnswerFacts> readAnswer(QByteArrayView json, const TextVisitor &onText,
                                             qsizetype capacity = 0);

} // namespace delta::openai
