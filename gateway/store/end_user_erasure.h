#pragma once

#include "shared/core/result.h"

#include <QString>
#include <QtTypes>

namespace delta::store {

class ControlTables;
class Database;

/// What the store knows of an end user.
struct EndUserTraces {
    qint64 calls = 0;
    qint64 budgets = 0;
    qint64 rateLimits = 0;
    qint64 contents = 0; ///< Calls of which it is kept what they asked and were answered.
    bool isKept = false; ///< Whether an admin keeps something of them.

    [[nodiscard]] bool isEmpty() const
    {
        return calls == 0 && budgets == 0 && rateLimits == 0 && contents == 0 && !isKept;
    }
};

/// Counts where the name of an end user is. Errors: StoreUnavailable.
[[nodiscard]] Result<EndUserTraces> findEndUser(Database &database, ControlTables &tables,
                                                const QString &endUser);

/// Takes the name from all calls and from the sums, and removes the budgets and rate limits of that end user, the alerts
/// about these, what admins keep of them, and what their calls asked and were answered. What calls cost stays, in all
/// other sums. Within a transaction. Errors: StoreUnavailable.
[[nodiscard]] Result<void> eraseEndUser(Database &database, ControlTables &tables,
                                        const QString &endUser);

} // namespace delta::store
