#pragma once

#include "gateway/providers/dialect.h"

namespace delta::providers {

/// The public dialect itself, spoken by its maker and by most other providers. Requests and answers
/// pass through byte for byte, but for the model's name and the request for usage figures.
/// Source: OpenAI API reference, read 2026-11.
class OpenAiDialect final : public Dialect
{
public:
    explicit OpenAiDialect(openai::StreamUsage usage = openai::StreamUsage::OnRequest)
        : m_usage(usage)
    {
    }
    [[nodiscard]] ports::UpstreamRequest write(const ports::Endpoint &endpoint,
                                               const openai::ModelRequest &request) const override;
    [[nodiscard]] Result<std::unique_ptr<AnswerDecoder>> decoder(
        const ports::UpstreamHead &head, const openai::ModelRequest &request,
        qsizetype maxBytes) const override;
    [[nodiscard]] ApiError readError(const ports::UpstreamHead &head,
                                     QByteArrayView body) const override;

private:
    openai::StreamUsage m_usage;
};

} // namespace delta::providers
