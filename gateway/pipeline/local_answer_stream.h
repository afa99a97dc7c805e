#pragma once

#include "gateway/pipeline/answer_stream.h"
#include "gateway/providers/dialect.h"

#include <memory>
#include <utility>

namespace delta::pipeline {

/// An answer of a model inside the gateway, read like any other.
class LocalAnswerStream final : public AnswerStream
{
public:
    explicit LocalAnswerStream(std::unique_ptr<providers::LocalAnswer> answer)
        : m_answer(std::move(answer))
    {
    }
    [[nodiscard]] Task<Result<std::optional<providers::ModelEvent>>> next() override
    {
        co_return m_answer->next();
    }
    [[nodiscard]] const providers::AnswerState &state() const override
    {
        return m_answer->state();
    }

private:
    std::unique_ptr<providers::LocalAnswer> m_answer;
};

} // namespace delta::pipeline
