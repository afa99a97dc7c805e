#pragma once

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

/// A customer or a department that owns teams, and through them keys.
struct Organization {
    QString id;
    QString name;
    QStringList models; ///< Public model names that its keys may call at most; empty means all.
    /// Whether prompts and answers of its calls are kept, but for keys that say no. Absent: as each of its keys says, or
    /// else the gateway's settings.
    std::optional<bool> storesContent;
    QJsonObject metadata; ///< The client's own; never read.
    Block block;          ///< Blocked: none of its keys works, and none of its members gets in.
    EntityStamp stamp;

    bool operator==(const Organization &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("organization_id"_L1, &Organization::id),
            field("name"_L1, &Organization::name),
            field("models"_L1, &Organization::models),
            field("store_content"_L1, &Organization::storesContent),
            field("metadata"_L1, &Organization::metadata),
            inlined(&Organization::block),
            inlined(&Organization::stamp),
        };
    }
};

} // namespace delta
