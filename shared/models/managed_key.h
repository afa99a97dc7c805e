#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <tuple>

namespace delta {

/// A virtual key as admins see it: the row that VirtualKey is for calls. Its rate limits and its budget lie beside it.
struct ManagedKey {
    QString id;   ///< Eight characters, part of the key's own text; stays when the key is rotated.
    QString name; ///< LiteLLM's alias. No two have the same; may be empty.
    QString description;
    QString hint;             ///< The last four characters of the text.
    QString teamId;           ///< Empty: no team.
    QString userId;           ///< Empty: no owner.
    QString serviceAccountId; ///< Empty: it belongs to no service account.
    QString organizationId;   ///< The team's where there is one. Empty: no organisation.
    QStringList models; ///< Public model names it may call; empty means all that its owners may.
    QStringList allowedRoutes;         ///< See route_rules.h; empty means all.
    QStringList tags;                  ///< Of all its calls, beside those that a call brings.
    QJsonObject metadata;              ///< The client's own; never read.
    std::optional<WallTime> expiresAt; ///< Absent: never.
    /// Whether prompts and answers of its calls are kept. Absent: as its organisation says, whose `false` holds for all of
    /// its keys.
    std::optional<bool> storesContent;
    QString createdBy; ///< Of whom, as the audit log has it; empty: not known.
    Block block;
    EntityStamp stamp;

    bool operator==(const ManagedKey &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("key_id"_L1, &ManagedKey::id, Access::ReadOnly),
            field<Text>("name"_L1, &ManagedKey::name),
            field<Text>("description"_L1, &ManagedKey::description),
            field("key_hint"_L1, &ManagedKey::hint, Access::ReadOnly),
            field<Text>("team_id"_L1, &ManagedKey::teamId),
            field<Text>("user_id"_L1, &ManagedKey::userId),
            field<Text>("service_account_id"_L1, &ManagedKey::serviceAccountId),
            field<Text>("organization_id"_L1, &ManagedKey::organizationId),
            field("models"_L1, &ManagedKey::models),
            field("allowed_routes"_L1, &ManagedKey::allowedRoutes),
            field("tags"_L1, &ManagedKey::tags),
            field("metadata"_L1, &ManagedKey::metadata),
            field("expires_at"_L1, &ManagedKey::expiresAt),
            field("store_content"_L1, &ManagedKey::storesContent),
            field<Text>("created_by"_L1, &ManagedKey::createdBy, Access::ReadOnly),
            inlined(&ManagedKey::block),
            inlined(&ManagedKey::stamp),
        };
    }
};

/// A former text of a key that is still good.
struct KeyRotation {
    QString hint; ///< Its last four characters.
    WallTime retiredAt{};
    WallTime endsAt{};

    bool operator==(const KeyRotation &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("former_key_hint"_L1, &KeyRotation::hint, Access::ReadOnly),
            field("rotated_at"_L1, &KeyRotation::retiredAt, Access::ReadOnly),
            field("ends_at"_L1, &KeyRotation::endsAt, Access::ReadOnly),
        };
    }
};

} // namespace delta
