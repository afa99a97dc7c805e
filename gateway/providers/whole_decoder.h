#pragma once

#include "gateway/openai/model_request.h"
#include "gateway/providers/answer_decoder.h"

namespace delta::providers {

/// Decodes an answer that is one JSON object: collects it, reads its usage, and passes it on
/// unchanged.
class WholeDecoder final : public AnswerDecoder
{
public:
    /// `expectedBytes` is how long the provider says that the answer is; zero: it does not say.
    WholeDecoder(const openai::ModelRequest &request, qsizetype maxBytes,
                 qsizetype expectedBytes = 0);
    [[nodiscard]] Result<void> feed(QByteArrayView piece, ModelEvents &events) override;
    [[nodiscard]] Result<void> finish(ModelEvents &events) override;

private:
    bool m_isStream;
    qsizetype m_maxBytes;
    QByteArray m_body;
};

} // namespace delta::providers
