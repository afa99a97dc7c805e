#pragma once

#include "gateway/secrets/envelope.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QStringList>
#include <QtTypes>

namespace delta::app {

/// What became of the values that were sealed with other keys than the newest.
struct Rewrapped {
    qint64 moved = 0;
    QStringList faults; ///< Why some could not be moved, a sentence for each, with its place.
};

/// Moves everything that is sealed in the database to the newest key of the envelope's ring, some dozens of values in
/// a transaction, each with a record in the audit log. It may end at any moment and begin again: what is moved is
/// moved, and what others change meanwhile stays as they have it. Nothing is decrypted but the keys of the values.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<Rewrapped> rewrapAll(store::Store &store, secrets::Envelope &envelope,
                                          const Clock &clock);

} // namespace delta::app
