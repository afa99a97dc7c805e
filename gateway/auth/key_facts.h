#pragma once

#include "shared/core/clock.h"
#include "shared/models/rate_limits.h"

#include <QByteArray>
#include <QByteArrayList>

#include <memory>
#include <optional>

namespace delta::auth {

/// What many keys have in common, so that it is in memory once for all of them.
struct KeyTerms {
    QByteArrayList models;        ///< Public model names that may be called; empty means all.
    QByteArray tags;              ///< Of all calls, with a line break between each.
    QByteArrayList allowedRoutes; ///< See route_rules.h; empty means all.
    RateLimits limits;
    std::optional<bool> storesContent{}; ///< Absent: as its organisation says.

    bool operator==(const KeyTerms &) const = default;
};

/// What a call needs to know of its virtual key. All else, such as its alias, stays in the store: there may
/// be a million keys. Texts are UTF-8, as the SpendEntry wants them.
struct KeyFacts {
    QByteArray id;
    QByteArray userId;                     ///< Empty: no owner.
    QByteArray teamId;                     ///< Empty: no team.
    QByteArray organizationId;             ///< Empty: no organisation.
    QByteArray serviceAccountId;           ///< Empty: no service account.
    std::shared_ptr<const KeyTerms> terms; ///< Never null.
    WallTime expiresAt = WallTime::max();
    bool isBlocked = false;
};

} // namespace delta::auth
