#pragma once

#include "gateway/store/audit_record.h"
#include "shared/core/result.h"

#include <QString>
#include <QtTypes>

#include <functional>
#include <optional>

namespace delta::store {

class Database;

/// Gives what was noted outside the database, one link of the chain after another, by rising sequence; nothing at the
/// end. One sequence may come several times.
using NextCheckpoint = std::function<std::optional<AuditLink>()>;

/// The first thing that is wrong with the audit log.
struct AuditFault {
    qint64 sequence = 0; ///< Of the first record that cannot be trusted, or is missing.
    QString what;        ///< Half a sentence.
};

/// What verifyAudit() found.
struct AuditVerification {
    AuditLink floor;                 ///< The log begins behind it.
    AuditLink last;                  ///< The last good record; the floor if there is none.
    qint64 checkpoints = 0;          ///< How many records agreed with a checkpoint.
    std::optional<AuditFault> fault; ///< Absent: nobody has changed anything.

    /// Says it in lines for people.
    [[nodiscard]] QString toText() const;
};

/// Proves that no record of the audit log was changed, removed, moved or added by anybody but a gateway, as of one
/// moment, in memory that does not depend on how many there are. That its newest records are still there can only be
/// proved up to the last checkpoint. Errors: StoreUnavailable if the database cannot be read.
[[nodiscard]] Result<AuditVerification> verifyAudit(Database &database, const AuditMac &mac,
                                                    const NextCheckpoint &next);

} // namespace delta::store
