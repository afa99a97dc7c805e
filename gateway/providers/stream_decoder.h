#pragma once

#include "gateway/net/sse_parser.h"
#include "gateway/openai/answer.h"
#include "gateway/openai/model_request.h"
#include "gateway/providers/answer_decoder.h"
#include "shared/billing/token_estimate.h"

#include <set>

namespace delta::providers {

/// Decodes a stream of server-sent events in the public dialect. Events pass through byte for byte;
/// what goes is the usage that we asked for and the client did not, and events without data, such as
/// comments.
class StreamDecoder final : public AnswerDecoder
{
public:
    explicit StreamDecoder(const openai::ModelRequest &request);
    [[nodiscard]] Result<void> feed(QByteArrayView piece, ModelEvents &events) override;
    [[nodiscard]] Result<void> finish(ModelEvents &events) override;

private:
    [[nodiscard]] Result<void> event(const net::SseEvent &event, ModelEvents &events);
    [[nodiscard]] Result<void> object(const net::SseEvent &event, ModelEvents &events);
    void note(const openai::AnswerFacts &facts);
    void pass(const net::SseEvent &event, const openai::AnswerFacts &facts,
              ModelEvents &events) const;

    bool m_wantsUsage;
    qint64 m_choices;
    std::set<qint64> m_finishedChoices; ///< Their indexes.
    net::SseParser m_parser;
    TokenCounter m_counter;
    openai::TextVisitor m_countText;
};

} // namespace delta::providers
