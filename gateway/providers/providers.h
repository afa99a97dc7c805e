#pragma once

#include "gateway/providers/dialect.h"
#include "shared/billing/price_book.h"

#include <QByteArrayView>
#include <QStringList>

#include <span>

namespace delta::providers {

/// One row of the provider table: all that the rest of the gateway knows of a provider.
struct Provider {
    QByteArrayView name;               ///< As in `model: name/…` and in records.
    QByteArrayView defaultApiBase;     ///< Empty: the deployment must say `api_base`.
    QByteArrayView authHeader;         ///< Name of the header that carries the credential.
    QByteArrayView authFormat;         ///< Its value, with `{api_key}` in it.
    const Dialect *dialect = nullptr;  ///< Null: the provider is not called over the network.
    const LocalModel *local = nullptr; ///< Null: it is.
    QByteArrayView usualPath{};        ///< Where its API lies if `api_base` names a server only.
};

/// Returns the whole table.
[[nodiscard]] std::span<const Provider> providers();

/// Returns the row of that name, or null.
[[nodiscard]] const Provider *findProvider(QByteArrayView name);

/// Completes a configured endpoint: resolves its provider (an unknown or missing one with an
/// api_base is taken as compatible with the public API, a missing one without is that of the price
/// list which has the model), its origin and path, its auth header, and its price in `prices` if it
/// has none.
/// Errors, with the key of the configuration as `param`: InvalidRequest for what is wrong, with the
/// fix; Unsupported for a provider or a model that this gateway does not know how to call.
[[nodiscard]] Result<void> prepareEndpoint(ports::Endpoint &endpoint, const PriceBook &prices);

/// Says whether calls of a prepared endpoint go to a provider's own address without any credential,
/// where they can only be refused.
[[nodiscard]] bool lacksCredential(const ports::Endpoint &endpoint);

} // namespace delta::providers
