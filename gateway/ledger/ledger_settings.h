#pragma once

#include <QString>
#include <QtTypes>

#include <chrono>

namespace delta::ledger {

/// When a record is safe from a power cut. A killed process loses nothing either way.
enum class Durability {
    Grouped, ///< Synced in groups, at most syncInterval later.
    Strict,  ///< Synced before the provider is called and before the last byte of the answer.
};

/// Settings of the journal and of its application to the store.
struct LedgerSettings {
    QString directory; ///< Of the journal segments; owned by us, mode 0700.
    Durability durability = Durability::Grouped;
    std::chrono::milliseconds syncInterval{5};
    std::chrono::milliseconds applyInterval{250};
    qsizetype segmentBytes = 16 * 1024 * 1024; ///< Preallocated size of a segment.
    /// Unapplied journal at which new calls are refused with 503.
    qsizetype maxBacklogBytes = 1024LL * 1024 * 1024;

    bool operator==(const LedgerSettings &) const = default;
};

} // namespace delta::ledger
