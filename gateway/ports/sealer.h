#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::ports {

/// Encrypts what the store keeps and only this gateway may read: keys of providers, seeds of second factors.
/// Safe from any thread.
class Sealer
{
public:
    virtual ~Sealer() = default;
    /// Encrypts a secret. `context` says where it will lie, such as "credentials|id|api_key|https://host": what was
    /// sealed for one place does not open in another. Errors: Internal.
    [[nodiscard]] virtual Result<QByteArray> seal(const Secret &plain, QByteArrayView context) = 0;
    /// Decrypts what seal() made for the same context. Errors: StoreUnavailable where it was changed, belongs to
    /// another place, or its key is not known here any more.
    [[nodiscard]] virtual Result<Secret> open(const QByteArray &sealed, QByteArrayView context) = 0;
};

} // namespace delta::ports
