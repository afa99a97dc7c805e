#pragma once

#include "gateway/ports/endpoint.h"
#include "shared/billing/price_book.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/models/credential.h"
#include "shared/models/stored_deployment.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

namespace delta::routing {

/// An endpoint whose timeouts are those of all models until it is known what they are.
struct StoredEndpoint {
    ports::Endpoint endpoint;
    std::optional<std::chrono::milliseconds>
        timeout; ///< Of a whole unstreamed call. Absent: the usual one.
    std::optional<std::chrono::milliseconds>
        streamTimeout; ///< Of a stream's silence. Absent: as `timeout`.

    /// Returns the endpoint with its own timeouts over the usual ones.
    [[nodiscard]] ports::Endpoint within(const ports::UpstreamTimeouts &unstreamed,
                                         const ports::UpstreamTimeouts &streamed) const;
};

/// Makes endpoints of what admins keep in the database, and says what keeps one from being made. Its functions are
/// safe from any thread.
class EndpointMaker
{
public:
    /// Completes an endpoint by what the table of providers knows, see providers::prepareEndpoint().
    using Prepare = std::function<Result<void>(ports::Endpoint &endpoint)>;

    /// `prices` must outlive it.
    EndpointMaker(const PriceBook &prices, Prepare prepare)
        : m_prices(prices)
        , m_prepare(std::move(prepare))
    {
    }

    /// Makes an endpoint. `credential` is that of its id, null if it names none.
    /// Errors: InvalidRequest naming the field of the deployment.
    [[nodiscard]] Result<StoredEndpoint> make(const StoredDeployment &deployment,
                                              const Credential *credential,
                                              const Secret &key) const;
    /// Returns to which server a credential may be sent: what it says, in one form, or else the provider's own.
    /// Errors: InvalidRequest naming the field of the credential.
    [[nodiscard]] Result<QString> originOf(const Credential &credential) const;

private:
    [[nodiscard]] Result<void> addPrices(const StoredDeployment &deployment,
                                         ports::Endpoint &endpoint) const;

    const PriceBook &m_prices;
    const Prepare m_prepare;
};

/// Returns an origin as a text: "https://api.openai.com", with a port only where it is not the usual one.
[[nodiscard]] QString originText(const ports::Origin &origin);

/// Returns the place that a credential's secret is sealed for. With another origin it does not open.
[[nodiscard]] QByteArray sealContext(const Credential &credential);

} // namespace delta::routing
