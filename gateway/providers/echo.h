#pragma once

#include "gateway/providers/dialect.h"

namespace delta::providers {

/// The built-in demo model: says the last user message back, word by word, with usage. One word is
/// one token. Embeddings are small unit vectors made from the text's bytes: equal for equal text,
/// no more.
/// It shows that a gateway works from end to end without a network or an account.
class EchoModel final : public LocalModel
{
public:
    [[nodiscard]] Result<std::unique_ptr<LocalAnswer>> answer(const openai::ModelRequest &request,
                                                              QByteArrayView id,
                                                              WallTime now) const override;
};

} // namespace delta::providers
