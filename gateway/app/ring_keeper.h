#pragma once

#include "gateway/secrets/envelope.h"
#include "gateway/secrets/key_ring.h"
#include "gateway/store/store.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace delta::app {

/// Has a gateway that runs seal and open with the keys that the database's secrets are sealed with, when these were
/// replaced. Used on the thread that owns the store.
class RingKeeper
{
public:
    /// Borrowed; outlives the keeper.
    struct Parts {
        secrets::KeySources sources;
        store::Store &store;
        secrets::Envelope &envelope;
        Random &random;
        std::function<void()> onChange; ///< Called once other keys are in use.
    };

    explicit RingKeeper(Parts parts);
    /// Reads the keys again if the database has others than before; cheap if not. Where they cannot be had those
    /// before stay in use, the log says so once, and the next call tries again. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> refresh();

private:
    const Parts m_parts;
    QStringList m_known; ///< The keys of the database when the envelope's were read.
    QString m_complaint; ///< What was logged last; empty: nothing is wrong.
};

} // namespace delta::app
