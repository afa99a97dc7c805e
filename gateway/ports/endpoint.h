#pragma once

#include "gateway/ports/upstream_client.h"
#include "shared/core/secret.h"
#include "shared/models/deployment.h"

#include <QByteArray>

namespace delta::ports {

/// Whether a model without a price may be called.
enum class UnpricedPolicy {
    Refuse, ///< 400 `unpriced_model`: nothing is ever silently free.
    Allow,  ///< Called, charged zero, and flagged in the ledger.
};

/// A deployment with all that is needed to call it: what `model_list` configures and routing
/// chooses.
/// Immutable once it is part of a snapshot.
struct Endpoint {
    Deployment deployment;
    Secret apiKey;               ///< Empty: no credential is sent.
    QByteArray authHeaderName;   ///< Empty: as the provider wants it.
    QByteArray authHeaderFormat; ///< With `{api_key}` in it; empty: as the provider wants it.
    HeaderList extraHeaders;
    QByteArray organization;         ///< Of the provider account; empty: none.
    UpstreamTimeouts timeouts;       ///< Of unstreamed calls.
    UpstreamTimeouts streamTimeouts; ///< Of streams, which may go on for longer.
    UnpricedPolicy unpriced = UnpricedPolicy::Refuse;
    Origin origin;       ///< Filled from apiBase by providers::prepareEndpoint().
    QByteArray basePath; ///< Path of apiBase without trailing slash; filled likewise.
};

} // namespace delta::ports
