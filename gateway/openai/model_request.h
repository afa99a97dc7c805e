#pragma once

#include "gateway/openai/json_document.h"
#include "gateway/openai/operation.h"

#include <optional>
#include <vector>

namespace delta::openai {

/// A checked request to a model: what the gateway needs to know of it. The body itself stays as the
/// client sent it, unknown fields included.
struct ModelRequest {
    Operation operation = Operation::ChatCompletion;
    QByteArray body;
    QByteArray model;   ///< The public model name.
    QByteArray endUser; ///< The `user` field; empty if absent.
    bool isStream = false;
    bool wantsUsage = false;   ///< The client itself asked for `stream_options.include_usage`.
    qint64 choices = 1;        ///< `n`, or the default of one; for each prompt.
    qint64 prompts = 1;        ///< How many a completion is given at once.
    qint64 inputTextBytes = 0; ///< Bytes of prompt text, inline media left out.
    qint64 inputTokenIds = 0;  ///< Tokens of a prompt that comes as arrays of their numbers.
    JsonSpan modelSpan;        ///< Of the model's value, quotes included.
    /// Of the value of `stream_options`; absent if the member is.
    std::optional<JsonSpan> streamOptions;
    std::optional<JsonSpan> includeUsage; ///< Of the value of `include_usage` within it.
    qsizetype closingBrace = 0;           ///< Of the outermost object.

    /// Checks a body and takes the facts from it.
    /// Errors: InvalidRequest naming the field and the byte offset.
    [[nodiscard]] static Result<ModelRequest> parse(QByteArray body, Operation operation);
};

/// How a provider is brought to say what a stream has used.
enum class StreamUsage {
    OnRequest, ///< By `stream_options.include_usage`.
    Unasked,   ///< It says so by itself, and refuses to be asked.
};

/// Returns the body with another model name and, for streams, with `include_usage` asked for where
/// that is needed: slices of the request's own bytes and what is put between them. They are valid
/// while `request.body` is.
[[nodiscard]] std::vector<QByteArray> bodyForUpstream(const ModelRequest &request,
                                                      QByteArrayView upstreamModel,
                                                      StreamUsage usage);

} // namespace delta::openai
