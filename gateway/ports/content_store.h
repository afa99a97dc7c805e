#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QtTypes>

#include <cstdint>
#include <vector>

namespace delta::ports {

/// What was asked and answered in one call, as the store keeps it.
struct SealedContent {
    qint64 callId = 0;    ///< See ContentStore::callIdOf().
    WallTime startedAt{}; ///< Of the call.
    QByteArray endUser;   ///< By whom it may be erased; empty: by nobody.
    QByteArray sealed;
};

/// The part of the store that keeps what was asked and answered. Used from one thread at a time.
/// Errors of all: StoreUnavailable.
class ContentStore
{
public:
    virtual ~ContentStore() = default;
    /// Returns the id that the store knows a call of this gateway by, whose settlement has that place in the journal.
    [[nodiscard]] virtual Result<qint64> callIdOf(std::uint64_t offset) = 0;
    /// Keeps all of them, or none. What is there already stays.
    [[nodiscard]] virtual Result<void> keepContents(const std::vector<SealedContent> &contents) = 0;
};

} // namespace delta::ports
