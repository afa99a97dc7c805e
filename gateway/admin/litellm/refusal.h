#pragma once

#include "gateway/admin/contract/answer.h"
#include "shared/core/api_error.h"

#include <QByteArrayView>

namespace delta::admin::litellm {

/// Makes the answer for an error as LiteLLM has it: {"error": {"message", "type", "param", "code"}}, with its names of
/// types, and the status as a text in `code`.
[[nodiscard]] Answer refusal(const ApiError &error, QByteArrayView requestId);

} // namespace delta::admin::litellm
