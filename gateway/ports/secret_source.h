#pragma once

#include "shared/core/secret.h"

#include <QString>

#include <expected>

namespace delta::ports {

/// Why a secret is not to be had.
struct SecretFailure {
    /// Whether it may be there in a moment.
    enum class Kind {
        Lasting, ///< The reference, the credentials or the secret are wrong.
        Passing, ///< Who keeps it does not answer, or is too busy.
    };

    QString reason; ///< Part of a sentence: names what is wrong and what to do, never a secret.
    Kind kind = Kind::Lasting;
};

/// Knows the secrets that a configuration refers to instead of holding them: files, credentials of the service
/// manager, secret managers. What it was asked for once it does not ask again, so one object sees one moment: make a
/// new one for each load. Confined to one thread.
class SecretSource
{
public:
    virtual ~SecretSource() = default;
    /// Returns the secret that a reference such as "vault/secret/app#key" stands for. Blocks, for seconds at most,
    /// also if it is called many times.
    [[nodiscard]] virtual std::expected<Secret, SecretFailure> find(const QString &reference) = 0;
};

} // namespace delta::ports
