#pragma once

#include "gateway/store/audit_record.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/audit_event.h"

namespace delta::store {

class Database;

/// The audit log: a chain of records, each of which vouches for all before it. Lives on the thread of its database.
/// Errors of all functions: StoreUnavailable.
class AuditTrail
{
public:
    /// `database` must outlive the trail. All gateways of a database need the same `mac`.
    AuditTrail(Database &database, AuditMac mac);

    /// Adds an event in the caller's open Transaction: it is written if that is committed, and leaves no gap if not.
    /// Returns it as it was written, see storable(), with sequence, hash and MAC. Others who add one wait until the
    /// transaction ends, so it is best the last thing in it.
    [[nodiscard]] Result<AuditEvent> append(AuditEvent event);

    /// Removes events from the oldest on, up to the first that is not older than `before`, at most 1,000 of them, and
    /// notes behind which the log begins from now on. A transaction of its own. Returns whether there is more to
    /// remove.
    [[nodiscard]] Result<bool> removeBefore(WallTime before);

private:
    Database &m_database;
    AuditMac m_mac;
};

} // namespace delta::store
