#pragma once

#include "gateway/ports/model_store.h"
#include "gateway/ports/sealer.h"
#include "gateway/routing/endpoint_maker.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <functional>
#include <optional>
#include <vector>

namespace delta::routing {

/// Brings the deployments that admins keep in the database to where calls find them. Used on the thread that owns
/// the store.
class ModelLoader
{
public:
    /// Takes all endpoints of the database, whenever they changed.
    using Sink = std::function<void(std::vector<StoredEndpoint> endpoints)>;

    /// Borrowed; outlives the loader.
    struct Parts {
        ports::ModelStore &store;
        ports::Sealer &sealer;
        const EndpointMaker &maker;
        Sink sink;
    };

    explicit ModelLoader(Parts parts)
        : m_parts(std::move(parts))
    {
    }
    /// Hands over what is new in the store; cheap if no process changed anything since. A deployment that cannot be
    /// called is left out, and the log says why. Errors: StoreUnavailable; then it may be tried again.
    [[nodiscard]] Result<void> refresh();

    /// Has the next refresh() hand over everything, for what could not be opened before may be opened now.
    void forget()
    {
        m_version.reset();
    }

private:
    [[nodiscard]] Result<StoredEndpoint> make(const StoredDeployment &deployment,
                                              const ports::StoredModels &models);

    const Parts m_parts;
    std::optional<qint64>
        m_version; ///< Of what was handed over; nothing before the first refresh().
};

} // namespace delta::routing
