#pragma once

#include <QByteArrayView>

namespace delta::openai {

/// What a client asks of a model. Each operation is one path of the public API.
enum class Operation { ChatCompletion, Completion, Embedding };

/// Returns the operation's name in spend records and logs.
[[nodiscard]] constexpr QByteArrayView operationName(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletion:
        return "chat_completion";
    case Operation::Completion:
        return "completion";
    case Operation::Embedding:
        return "embedding";
    }
    Q_UNREACHABLE_RETURN({});
}

/// Returns the operation's path below a provider's base URL and below our own "/v1".
[[nodiscard]] constexpr QByteArrayView operationPath(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletion:
        return "/chat/completions";
    case Operation::Completion:
        return "/completions";
    case Operation::Embedding:
        return "/embeddings";
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace delta::openai
