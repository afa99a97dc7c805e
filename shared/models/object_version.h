#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QJsonObject>
#include <QString>
#include <QtTypes>

#include <tuple>

namespace delta {

/// What an object was at one of its revisions. Kept for kinds whose past can be restored.
struct ObjectVersion {
    QString id;   ///< Of this state: versionId().
    QString kind; ///< "guardrail"
    QString objectId;
    qint64 version = 0; ///< The object's revision; from 1 on.
    WallTime writtenAt{};
    QString writtenBy; ///< Who did it, for people.
    QJsonObject object;

    bool operator==(const ObjectVersion &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("version_id"_L1, &ObjectVersion::id),
            field("kind"_L1, &ObjectVersion::kind),
            field("object_id"_L1, &ObjectVersion::objectId),
            field("version"_L1, &ObjectVersion::version),
            field("written_at"_L1, &ObjectVersion::writtenAt),
            field("written_by"_L1, &ObjectVersion::writtenBy),
            field("object"_L1, &ObjectVersion::object),
        };
    }
};

/// Returns the id of an object's state, by which all of one object are sorted from the first to the last.
[[nodiscard]] inline QString versionId(const QString &kind, const QString &objectId, qint64 version)
{
    constexpr int digits = 12;
    constexpr int base = 10;
    return QStringLiteral("%1/%2/%3").arg(kind, objectId).arg(version, digits, base, QChar(u'0'));
}

} // namespace delta
