#pragma once

#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>
#include <QtTypes>

#include <optional>

namespace delta::store {

/// What lets a user log in.
struct LoginRow {
    QString userId{};
    QByteArray passwordHash{}; ///< In PHC form; empty: no password does.
    bool mustChange = false;   ///< Whether the password is to be changed before all else.
    WallTime passwordAt{};     ///< When it was set.
    std::optional<WallTime> lastLoginAt{};  ///< Absent: never.
    QByteArray mfaSeed{};                   ///< Sealed; empty: there is no second factor.
    QByteArray mfaPendingSeed{};            ///< Sealed, of one that is not proven yet; empty: none.
    std::optional<WallTime> mfaEnabledAt{}; ///< Absent: no code is asked for.
    qint64 mfaLastStep = 0;                 ///< The newest step whose code was taken.

    bool operator==(const LoginRow &) const = default;
};

/// A password that a user is given.
struct NewPassword {
    QString userId{};
    QByteArray hash{}; ///< In PHC form; empty: the one they have is taken away.
    bool mustChange = false;
    WallTime at{};
};

/// A second factor whose first code was right.
struct ProvenFactor {
    QString userId{};
    QByteArray pendingSeed{}; ///< As it was read.
    WallTime at{};
    qint64 step = 0; ///< Of that code.
};

/// A session that was not ended. Whether it is too old is for others to say.
struct SessionRow {
    QString id{};     ///< Names it for people; opens nothing.
    QByteArray mac{}; ///< Of its token; 32 bytes.
    QString userId{};
    QString role{}; ///< Of the user when it began; empty: none.
    WallTime createdAt{};
    WallTime lastSeenAt{}; ///< May lag behind by a minute.
    WallTime verifiedAt{}; ///< When a password or a code was given last.
    QString ip{};
    QString userAgent{};

    bool operator==(const SessionRow &) const = default;
};

/// From when on sessions count.
struct SessionBounds {
    WallTime seenSince{};
    WallTime createdSince{};
};

/// Another token for a session.
struct Rotation {
    QString sessionId{};
    QByteArray from{}; ///< The MAC as it was read.
    QByteArray to{};
};

/// What a link holds that lets somebody choose a password.
struct LoginTokenRow {
    QByteArray mac{};  ///< 32 bytes.
    QString purpose{}; ///< "invitation" or "reset".
    QString userId{};
    QString createdBy{}; ///< Who had it made, for people; empty: the user.
    WallTime createdAt{};
    WallTime expiresAt{};

    bool operator==(const LoginTokenRow &) const = default;
};

/// Who a user is for somebody else who lets them log in.
struct IdentityRow {
    QString issuer{};
    QString subject{}; ///< Means something with the issuer only.
    QString userId{};
    WallTime createdAt{};

    bool operator==(const IdentityRow &) const = default;
};

} // namespace delta::store
