#pragma once

#include "shared/core/result.h"
#include "shared/models/credential.h"
#include "shared/models/stored_deployment.h"

#include <QByteArray>
#include <QtTypes>

#include <vector>

namespace delta::ports {

/// A credential as it is stored.
struct StoredCredential {
    Credential credential;
    QByteArray sealed; ///< Its secret, see Sealer; empty: none is kept.
};

/// What admins keep in the database of models, as of one moment.
struct StoredModels {
    std::vector<StoredDeployment> deployments; ///< Of the database only, not those of files.
    std::vector<StoredCredential> credentials;
};

/// The part of the store that knows deployments and credentials. Used from one thread at a time.
class ModelStore
{
public:
    virtual ~ModelStore() = default;
    [[nodiscard]] virtual Result<StoredModels> loadModels() = 0;
    /// Returns a number that changes whenever any process changes one of them.
    [[nodiscard]] virtual Result<qint64> modelVersion() = 0;
};

} // namespace delta::ports
