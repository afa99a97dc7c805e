#pragma once

#include "gateway/config/config_loader.h"
#include "gateway/providers/providers.h"

namespace delta::config {

/// Returns what the gateway reads its file with; the prices must outlive it.
inline Surroundings withProviders(const QProcessEnvironment &environment, const PriceBook &prices)
{
    return {environment, prices, [&prices](ports::Endpoint &endpoint) -> Result<QString> {
                TRY_VOID(providers::prepareEndpoint(endpoint, prices));
                return QString();
            }};
}

} // namespace delta::config
