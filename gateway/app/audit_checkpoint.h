#pragma once

#include "gateway/auth/checkpoint_key.h"
#include "gateway/store/audit_record.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <vector>

/// \file Where the audit log ended, as a gateway tells its own log: whoever keeps that elsewhere can prove later that
/// nothing was cut off, and that the note itself is a gateway's.

class QIODevice;

namespace delta::app {

/// Returns what the log is told: "the audit log ends with record SEQUENCE:HASH, signed SIGNATURE", where the signature,
/// in base64url without padding, is of "deltallm-audit-checkpoint SEQUENCE:HASH".
[[nodiscard]] QByteArray checkpointLine(const store::AuditLink &link,
                                        const auth::CheckpointKey &key);

/// Returns the notes that are in a log, whatever else stands in it and on their lines, by rising sequence. `name` is
/// what errors call the log. Errors: InvalidRequest if it has none, cannot be read, or has one that no gateway with this
/// pepper has signed.
[[nodiscard]] Result<std::vector<store::AuditLink>> readCheckpoints(QIODevice &log,
                                                                    const QString &name,
                                                                    const auth::CheckpointKey &key);

/// Reads SEQUENCE:HASH, which a person vouches for. Errors: InvalidRequest.
[[nodiscard]] Result<store::AuditLink> checkpointOf(const QString &text);

} // namespace delta::app
