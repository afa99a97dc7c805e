#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace delta {

/// A key that the gateway issued to a client. The secret itself is shown once and never kept.
struct VirtualKey {
    QString id;     ///< Eight characters, part of the key's own text; safe for logs and screens.
    QString alias;  ///< What people call it; may be empty.
    QString hint;   ///< The last four characters of the secret.
    QString userId; ///< Empty: no owner.
    QString teamId; ///< Empty: no team.
    QStringList models; ///< Public model names it may call; empty means all.
    std::optional<WallTime> expiresAt; ///< Absent: never.
    bool blocked = false;
    WallTime createdAt{};
    Money spend; ///< What its settled calls cost so far, as of the last read from the store.

    bool operator==(const VirtualKey &) const = default;
};

} // namespace delta
