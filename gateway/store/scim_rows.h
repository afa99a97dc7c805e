#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/models/entity_stamp.h"
#include "shared/models/user.h"

#include <QJsonObject>
#include <QString>

#include <tuple>

namespace delta::store {

/// What a directory says of a user whom it provisions, beyond what users have themselves.
struct ScimFacts {
    QString userName;       ///< Never empty; no two users have the same, in whatever case.
    QString externalId;     ///< The directory's own id; no two users have the same. Empty: none.
    QJsonObject attributes; ///< Of the schema, by their names there; those that are set.

    bool operator==(const ScimFacts &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{field("user_name"_L1, &ScimFacts::userName),
                          field("external_id"_L1, &ScimFacts::externalId),
                          field("attributes"_L1, &ScimFacts::attributes)};
    }
};

/// A user whom a directory provisions.
struct ScimUser {
    ScimFacts facts;
    User user;

    static constexpr auto fields()
    {
        return std::tuple{inlined(&ScimUser::facts), inlined(&ScimUser::user)};
    }
};

/// A group of the directory.
struct ScimGroup {
    QString id;
    QString displayName; ///< Never empty; no two groups have the same, in whatever case.
    QString nameKey;     ///< The name in the case in which two are the same.
    QString externalId;  ///< The directory's own id; no two groups have the same. Empty: none.
    EntityStamp stamp;

    bool operator==(const ScimGroup &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("group_id"_L1, &ScimGroup::id), field("display_name"_L1, &ScimGroup::displayName),
            field("name_key"_L1, &ScimGroup::nameKey),
            field("external_id"_L1, &ScimGroup::externalId), inlined(&ScimGroup::stamp)};
    }
};

/// Somebody in a group.
struct ScimMember {
    QString userId;
    QString name; ///< For people.
};

} // namespace delta::store
