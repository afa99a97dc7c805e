#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QtTypes>

#include <array>
#include <tuple>

namespace delta {

/// What kind of somebody did it.
enum class AuditActor {
    MasterKey,      ///< Whoever has the master key.
    User,           ///< A person who logged in.
    ServiceAccount, ///< A program of a team, by a key of its own.
    Key,            ///< A virtual key that belongs to no user.
    System,         ///< The gateway by itself.
    Scim,           ///< The directory of users, by SCIM.
    Sso,            ///< A login through an identity provider.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(AuditActor)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{AuditActor::MasterKey, "master_key"_L1},
        EnumName{AuditActor::User, "user"_L1},
        EnumName{AuditActor::ServiceAccount, "service_account"_L1},
        EnumName{AuditActor::Key, "key"_L1},
        EnumName{AuditActor::System, "system"_L1},
        EnumName{AuditActor::Scim, "scim"_L1},
        EnumName{AuditActor::Sso, "sso"_L1},
    };
}

/// What became of it.
enum class AuditOutcome {
    Succeeded,
    Denied, ///< The actor may not do that.
    Failed, ///< They may, and it did not work.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(AuditOutcome)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{AuditOutcome::Succeeded, "succeeded"_L1},
        EnumName{AuditOutcome::Denied, "denied"_L1},
        EnumName{AuditOutcome::Failed, "failed"_L1},
    };
}

/// One record of the audit log: who did what to what, and how it was before and after. Never changed once it is
/// written. Holds no secret. Empty texts mean that there is none, or that it is not known.
struct AuditEvent {
    qint64 sequence = 0; ///< From 1 on, without gaps; zero: not written yet.
    WallTime at{};
    AuditActor actorKind = AuditActor::System;
    QString actorId;
    QString actorName;  ///< As it was then: for people.
    QString authMethod; ///< How the actor proved who they are: "master_key", "session", "key".
    QString ip;         ///< Of the client, as trusted proxies tell it.
    QString userAgent;  ///< At most 256 bytes.
    QString action;     ///< "team.update"; never empty.
    QString targetKind; ///< "team"
    QString targetId;
    QString targetName;     ///< As it was then: for people.
    QString organizationId; ///< Whose administrators may read it; empty: none of them.
    QString teamId;         ///< Likewise.
    QJsonObject before;     ///< Redacted. Empty: it was not there.
    QJsonObject after;      ///< Redacted. Empty: it is gone, or as it was.
    AuditOutcome outcome = AuditOutcome::Succeeded;
    QString reason; ///< Why it was done, or why it was denied or failed.
    QString requestId;
    qint64 configVersion = 0; ///< Of the configuration in force; zero: not known.
    QByteArray hash;          ///< SHA-256 over the one before and this record, in hex.
    QByteArray mac;           ///< HMAC-SHA-256 of the hash by the audit key, in hex.

    bool operator==(const AuditEvent &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        using Object = NullWhenEmpty<QJsonObject>;
        return std::tuple{
            field("sequence"_L1, &AuditEvent::sequence),
            field("at"_L1, &AuditEvent::at),
            field("actor_kind"_L1, &AuditEvent::actorKind),
            field<Text>("actor_id"_L1, &AuditEvent::actorId),
            field<Text>("actor_name"_L1, &AuditEvent::actorName),
            field<Text>("auth_method"_L1, &AuditEvent::authMethod),
            field<Text>("ip"_L1, &AuditEvent::ip),
            field<Text>("user_agent"_L1, &AuditEvent::userAgent),
            field("action"_L1, &AuditEvent::action),
            field<Text>("target_kind"_L1, &AuditEvent::targetKind),
            field<Text>("target_id"_L1, &AuditEvent::targetId),
            field<Text>("target_name"_L1, &AuditEvent::targetName),
            field<Text>("organization_id"_L1, &AuditEvent::organizationId),
            field<Text>("team_id"_L1, &AuditEvent::teamId),
            field<Object>("before"_L1, &AuditEvent::before),
            field<Object>("after"_L1, &AuditEvent::after),
            field("outcome"_L1, &AuditEvent::outcome),
            field<Text>("reason"_L1, &AuditEvent::reason),
            field<Text>("request_id"_L1, &AuditEvent::requestId),
            field("config_version"_L1, &AuditEvent::configVersion),
            field("hash"_L1, &AuditEvent::hash),
            field("mac"_L1, &AuditEvent::mac),
        };
    }
};

} // namespace delta
