#pragma once

#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>
#include <QtTypes>

namespace delta::store {

class Database;

/// What verify() found.
struct Verification {
    /// One line of the table of totals.
    struct Line {
        QString name;
        qint64 rows = 0; ///< Calls, or keys.
        qint64 inputTokens = 0;
        qint64 outputTokens = 0;
        Money spend;
    };

    Line events;
    Line kept;    ///< The roll-ups of the time of which there still are events.
    Line rollUps; ///< All of them.
    Line keys;    ///< Keys that exist.
    /// Calls of removed keys, of the master key and of nobody; rows are not counted.
    Line otherCalls;
    QStringList mismatches; ///< A sentence for each. Empty: the ledger adds up.

    [[nodiscard]] bool isSound() const
    {
        return mismatches.isEmpty();
    }
    /// Returns the totals as a table, and every mismatch below it.
    [[nodiscard]] QString toText() const;
};

/// Proves that events and roll-ups agree to the nano, that no call was posted twice,
/// that the journal's position covers all events, that the resets of budgets follow one another and
/// note no more as spent than the calls cost, and that the file is whole. All of it as of one moment,
/// so that it may run beside a gateway. Reads everything: not for a request path.
/// Errors: StoreUnavailable if the database cannot be read at all.
[[nodiscard]] Result<Verification> verify(Database &database);

} // namespace delta::store
