#pragma once

#include "gateway/app/command_room.h"
#include "gateway/app/options.h"
#include "gateway/secrets/key_ring.h"
#include "gateway/store/sealed_values.h"
#include "gateway/store/sealing_keys.h"
#include "shared/core/result.h"

#include <optional>
#include <vector>

namespace delta::app {

/// What the commands on sealing keys work with, beside a gateway or without one.
struct KekRoom : CommandRoom {
    secrets::KeySources sources;
    QString place; ///< Where the keys lie, for people.
    std::optional<secrets::KeyRing> ring;

    /// Reads the keys again. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> readRing();
};

/// What the database says of its keys, in one moment.
struct SealingState {
    std::vector<store::SealingKeyRow> keys;
    std::vector<store::SealedCount> counts;

    /// Says whether a gateway may find values that are sealed with the key.
    [[nodiscard]] bool isAnnounced(const QString &kekId) const;
    /// Returns how many values of all kinds are sealed with the key.
    [[nodiscard]] qint64 valuesOf(const QString &kekId) const;
};

/// Opens the store, and the keys that the configuration or the state folder has.
/// Errors: those of openRoom(); StoreUnavailable where the keys cannot be read.
[[nodiscard]] Result<void> openKekRoom(const Options &options, KekRoom &room);

/// Reads what the database says of its keys. Errors: StoreUnavailable.
[[nodiscard]] Result<SealingState> sealingStateOf(store::Store &store);

} // namespace delta::app
