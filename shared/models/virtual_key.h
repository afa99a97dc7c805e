#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/rate_limits.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <tuple>

namespace delta {

/// A key that the gateway issued to a client. The secret itself is shown once and never kept.
struct VirtualKey {
    QString id;     ///< Eight characters, part of the key's own text; safe for logs and screens.
    QString alias;  ///< What people call it; may be empty.
    QString hint;   ///< The last four characters of the secret.
    QString userId; ///< Empty: no owner.
    QString teamId; ///< Empty: no team.
    QString organizationId;            ///< Empty: no organisation.
    QString serviceAccountId;          ///< Empty: it belongs to no service account.
    QStringList models;                ///< Public model names it may call; empty means all.
    std::optional<WallTime> expiresAt; ///< Absent: never.
    bool blocked = false;
    QStringList allowedRoutes; ///< What it may call, see route_rules.h; empty means all.
    QStringList tags;          ///< Of all its calls, beside those that a call brings.
    /// Whether what its calls ask and are answered is kept; absent: as its organisation says. No field of LiteLLM's.
    std::optional<bool> storesContent;
    RateLimits limits;
    WallTime createdAt{};
    Money spend; ///< What its settled calls cost so far, as of the last read from the store.

    bool operator==(const VirtualKey &) const = default;

    /// Checks what a client may set: lengths, and that names can be shown on one line.
    /// Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("id"_L1, &VirtualKey::id, Access::ReadOnly),
            field<Text>("key_alias"_L1, &VirtualKey::alias),
            field<Text>("key_hint"_L1, &VirtualKey::hint, Access::ReadOnly),
            field<Text>("user_id"_L1, &VirtualKey::userId),
            field<Text>("team_id"_L1, &VirtualKey::teamId),
            field<Text>("organization_id"_L1, &VirtualKey::organizationId),
            field<Text>("service_account_id"_L1, &VirtualKey::serviceAccountId, Access::ReadOnly),
            field("models"_L1, &VirtualKey::models),
            field("expires"_L1, &VirtualKey::expiresAt),
            field("blocked"_L1, &VirtualKey::blocked),
            field("allowed_routes"_L1, &VirtualKey::allowedRoutes),
            field("tags"_L1, &VirtualKey::tags),
            inlined(&VirtualKey::limits),
            field("created_at"_L1, &VirtualKey::createdAt, Access::ReadOnly),
            field("spend"_L1, &VirtualKey::spend, Access::ReadOnly),
        };
    }
};

} // namespace delta
