#pragma once

#include "gateway/openai/json_document.h"
#include "shared/core/result.h"

#include <QByteArray>

#include <optional>

namespace delta::openai {

/// The tags that a request brings in `metadata.tags`, a list of texts, as clients of LiteLLM send them.
struct RequestTags {
    QByteArray list; ///< As addTag() writes it; empty: the request has none.
    /// Of the value of `metadata`, if it holds a list of tags: providers know only texts there.
    std::optional<JsonSpan> metadata;
    QByteArray without; ///< What they get in its place.

    /// Reads the value of `metadata`, which is a checked part of `body`; null: there is none.
    /// Errors: InvalidRequest naming `metadata.tags`.
    [[nodiscard]] static Result<RequestTags> read(const QByteArray &body,
                                                  const JsonMember *metadata);
};

} // namespace delta::openai
