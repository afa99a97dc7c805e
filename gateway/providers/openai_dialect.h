#pragma once

#include "gateway/providers/dialect.h"

namespace delta::providers {

/// The public dialect itself, spoken by its maker and by most other providers. Requests and answers
/// pass through byte for byte, but for the model's name, the request for usage figures, and a limit to the
/// answer that a budget sets.
/// Source: OpenAI API reference, read 2026-11.
class OpenAiDialect final : public Dialect
{
public:
    explicit OpenAiDialect(const openai::DialectHabits &habits = {})
        : m_habits(habits)
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
    openai::DialectHabits m_habits;
};

} // namespace delta::providers
