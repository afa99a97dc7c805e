#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"
#include "shared/models/roles.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <array>
#include <tuple>

namespace delta {

/// Who keeps what a user is called and belongs to.
enum class UserOrigin {
    Local, ///< Admins of this gateway.
    Sso,   ///< The provider of single sign-on, at each login.
    Scim,  ///< A directory that provisions by SCIM.
};

constexpr auto enumNames(UserOrigin)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{UserOrigin::Local, "local"_L1},
        EnumName{UserOrigin::Sso, "sso"_L1},
        EnumName{UserOrigin::Scim, "scim"_L1},
    };
}

/// A person: who owns keys, and may log in to the consoles.
struct User {
    QString id;
    QString email; ///< In lower case; no two users have the same. Empty: none is known.
    QString name;
    PlatformRole role = PlatformRole::None;
    QStringList models;   ///< Public model names that their keys may call at most; empty means all.
    QJsonObject metadata; ///< The client's own; never read.
    UserOrigin origin = UserOrigin::Local;
    Block block; ///< Blocked: their keys stop working, and their sessions end.
    EntityStamp stamp;

    bool operator==(const User &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("user_id"_L1, &User::id),
            field<Text>("email"_L1, &User::email),
            field<Text>("name"_L1, &User::name),
            field("role"_L1, &User::role),
            field("models"_L1, &User::models),
            field("metadata"_L1, &User::metadata),
            field("origin"_L1, &User::origin, Access::ReadOnly),
            inlined(&User::block),
            inlined(&User::stamp),
        };
    }
};

} // namespace delta
