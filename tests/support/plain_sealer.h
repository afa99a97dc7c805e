#pragma once

#include "gateway/ports/sealer.h"

namespace delta::test {

/// Seals nothing, but gives a secret back only where it belongs.
class PlainSealer final : public ports::Sealer
{
public:
    [[nodiscard]] Result<QByteArray> seal(const Secret &plain, QByteArrayView context) override
    {
        return context.toByteArray() + '\0' + plain.reveal();
    }
    [[nodiscard]] Result<Secret> open(const QByteArray &sealed, QByteArrayView context) override
    {
        const QByteArray expected = context.toByteArray() + '\0';
        if (!sealed.startsWith(expected)) {
            return failure(ApiError::storeUnavailable(QStringLiteral("sealed for another place")));
        }
        return Secret(sealed.sliced(expected.size()));
    }
};

} // namespace delta::test
