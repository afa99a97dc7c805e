#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"

#include <QJsonObject>
#include <QString>

#include <tuple>

namespace delta {

/// A program that owns keys of a team, so that they outlive the people who made them.
struct ServiceAccount {
    QString id;
    QString teamId;
    QString name; ///< No two of a team have the same.
    QString description;
    QJsonObject metadata; ///< The client's own; never read.
    Block block;          ///< Blocked: its keys stop working.
    EntityStamp stamp;

    bool operator==(const ServiceAccount &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("service_account_id"_L1, &ServiceAccount::id),
            field("team_id"_L1, &ServiceAccount::teamId),
            field("name"_L1, &ServiceAccount::name),
            field<NullWhenEmpty<QString>>("description"_L1, &ServiceAccount::description),
            field("metadata"_L1, &ServiceAccount::metadata),
            inlined(&ServiceAccount::block),
            inlined(&ServiceAccount::stamp),
        };
    }
};

} // namespace delta
