#pragma once

#include "gateway/secrets/key_ring.h"
#include "gateway/store/store.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QStringList>

namespace delta::app {

/// Opens the keys that seal the secrets of a database, and writes down there that the newest of them does. The
/// first gateway of a database that has none of its own makes one.
/// Errors: StoreUnavailable if there is no key, or not every key that the database was sealed with: what others
/// wrote could not be read.
[[nodiscard]] Result<secrets::KeyRing> openKeyRing(const secrets::KeySources &sources,
                                                   store::Store &store, Random &random);

/// Refuses a ring that lacks a key of the database, of which `known` are all. Errors: StoreUnavailable.
[[nodiscard]] Result<void> requireAll(const secrets::KeyRing &ring, const QStringList &known);

} // namespace delta::app
