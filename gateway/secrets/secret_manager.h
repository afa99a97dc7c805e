#pragma once

#include "gateway/ports/secret_source.h"
#include "shared/core/secret.h"

#include <QString>

#include <expected>

namespace delta::secrets {

/// A secret, or why it is not to be had.
using FoundSecret = std::expected<Secret, ports::SecretFailure>;

/// Makes the error branch for what only people can put right.
[[nodiscard]] inline std::unexpected<ports::SecretFailure> lasting(QString reason)
{
    return std::unexpected(ports::SecretFailure{std::move(reason)});
}

/// A place where secrets are kept by name. Confined to one thread.
class SecretManager
{
public:
    virtual ~SecretManager() = default;
    /// Returns the whole secret of that name, of which a field may be wanted; the name is what stands behind the
    /// manager's own in a reference, up to the '#'. Blocks.
    [[nodiscard]] virtual FoundSecret fetch(const QString &name) = 0;
};

} // namespace delta::secrets
