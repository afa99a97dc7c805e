#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"
#include "shared/models/self_service.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <tuple>

namespace delta {

/// People and services that share keys, models and a budget.
struct Team {
    QString id;
    QString name;
    QString organizationId; ///< Empty: it belongs to none.
    QStringList models;     ///< Public model names that its keys may call at most; empty means all.
    QJsonObject metadata;   ///< The client's own; never read.
    SelfService selfService;
    Block block; ///< Blocked: none of its keys works.
    EntityStamp stamp;

    bool operator==(const Team &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("team_id"_L1, &Team::id),
            field("name"_L1, &Team::name),
            field<NullWhenEmpty<QString>>("organization_id"_L1, &Team::organizationId),
            field("models"_L1, &Team::models),
            field("metadata"_L1, &Team::metadata),
            field("self_service"_L1, &Team::selfService),
            inlined(&Team::block),
            inlined(&Team::stamp),
        };
    }
};

} // namespace delta
