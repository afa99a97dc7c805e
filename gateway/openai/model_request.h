#pragma once

#include "gateway/openai/json_document.h"
#include "gateway/openai/operation.h"
#include "gateway/openai/request_tags.h"

#include <optional>
#include <vector>

namespace delta::openai {

/// A member that limits how long an answer becomes.
struct OutputLimit {
    JsonSpan where;               ///< Of its value.
    std::optional<qint64> tokens; ///< Nothing if the value is no whole number above zero.
};

/// A checked request to a model: what the gateway needs to know of it. The body itself stays as the
/// client sent it, unknown fields included.
struct ModelRequest {
    Operation operation = Operation::ChatCompletion;
    QByteArray body;
    QByteArray model;   ///< The public model name.
    QByteArray endUser; ///< The `user` field; empty if absent.
    RequestTags tags;   ///< Of `metadata.tags`; mostly none.
    bool isStream = false;
    bool wantsUsage = false;   ///< The client itself asked for `stream_options.include_usage`.
    qint64 choices = 1;        ///< `n`, or the default of one; for each prompt.
    qint64 prompts = 1;        ///< How many a completion is given at once.
    qint64 drafts = 1;         ///< `best_of`: how many are written for each prompt, to choose from.
    qint64 inputTextBytes = 0; ///< Bytes of prompt text, inline media left out.
    qint64 inputTokenIds = 0;  ///< Tokens of a prompt that comes as arrays of their numbers.
    qint64 mostInputTokens = 0; ///< More tokens than any tokenizer makes of the input.
    bool mayHaveAudio = false;  ///< Whether sounds come or are asked for.
    /// Of each answer: the larger of `max_tokens` and, for chats, `max_completion_tokens`; nothing if none
    /// is there, or one of them is no whole number above zero.
    std::optional<qint64> maxOutputTokens;
    std::vector<OutputLimit> outputLimits; ///< Those members, as they stand.
    bool hasMaxTokens = false;             ///< One of them is `max_tokens`.
    /// What the gateway allows of each answer; nothing if it does not care. Tighter than the client's.
    std::optional<qint64> outputCap;
    JsonSpan modelSpan; ///< Of the model's value, quotes included.
    /// Of the value of `stream_options`; absent if the member is.
    std::optional<JsonSpan> streamOptions;
    std::optional<JsonSpan> includeUsage; ///< Of the value of `include_usage` within it.
    qsizetype closingBrace = 0;           ///< Of the outermost object.

    /// Checks a body and takes the facts from it.
    /// Errors: InvalidRequest naming the field and the byte offset.
    [[nodiscard]] static Result<ModelRequest> parse(QByteArray body, Operation operation);

    /// Returns how many answers are written for the request, all of which cost; zero for embeddings, and
    /// the highest number there is for more than that.
    [[nodiscard]] qint64 answers() const;
    /// Returns how many of them the client is sent; likewise.
    [[nodiscard]] qint64 shownAnswers() const;
};

/// How a provider is brought to say what a stream has used.
enum class StreamUsage {
    OnRequest, ///< By `stream_options.include_usage`.
    Unasked,   ///< It says so by itself, and refuses to be asked.
};

/// How a provider is told to keep an answer short, where the client says nothing of it.
enum class OutputLimitName {
    MaxTokens,           ///< Known to all.
    MaxCompletionTokens, ///< For chats; newer models of some providers take nothing else.
};

/// What is particular about a provider of the public dialect.
struct DialectHabits {
    StreamUsage usage = StreamUsage::OnRequest;
    OutputLimitName outputLimit = OutputLimitName::MaxTokens;
};

/// Returns the body with another model name, for streams with `include_usage` asked for where that is
/// needed, and with `outputCap` in the place of longer answers: slices of the request's own bytes and
/// what is put between them. They are valid while `request.body` is.
[[nodiscard]] std::vector<QByteArray> bodyForUpstream(const ModelRequest &request,
                                                      QByteArrayView upstreamModel,
                                                      const DialectHabits &habits);

} // namespace delta::openai
