#include "gateway/admin/scim/scim_reply.h"

#include <QByteArrayList>
#include <QDateTime>
#include <QJsonDocument>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

constexpr QByteArrayView weak = "W/";

/// Says whether a list of tags, such as `"7", W/"8"`, has a version.
bool holds(QByteArrayView tags, qint64 revision)
{
    const QByteArray wanted = versionOf(revision).sliced(weak.size());
    const QByteArrayList list = tags.toByteArray().split(',');
    return std::ranges::any_of(list, [&wanted](const QByteArray &each) {
        const QByteArray tag = each.trimmed();
        return tag == "*" || (tag.startsWith(weak) ? tag.sliced(weak.size()) : tag) == wanted;
    });
}

QString timeText(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), QTimeZone::UTC)
        .toString(Qt::ISODateWithMs);
}

} // namespace

QByteArray versionOf(qint64 revision)
{
    return weak.toByteArray() + '"' + QByteArray::number(revision) + '"';
}

Result<void> checkVersion(const ports::HttpRequest &request, qint64 revision)
{
    const auto wanted = request.header("if-match");
    if (!wanted || holds(*wanted, revision)) {
        return {};
    }
    return failure(ApiError::preconditionFailed(
        u"It was changed since you read it: its version is %1 now. Read it again and decide."_s.arg(
            QString::fromLatin1(versionOf(revision)))));
}

bool isKnownVersion(const ports::HttpRequest &request, qint64 revision)
{
    const auto known = request.header("if-none-match");
    return known && holds(*known, revision);
}

QString locationOf(const ResourceType &type, const QString &id)
{
    return u"/scim/v2"_s + type.endpoint + u'/' + id;
}

QJsonObject metaOf(const ResourceType &type, const QString &id, const EntityStamp &stamp)
{
    return {{"resourceType"_L1, QString(type.name)},
            {"created"_L1, timeText(stamp.createdAt)},
            {"lastModified"_L1, timeText(stamp.updatedAt)},
            {"location"_L1, locationOf(type, id)},
            {"version"_L1, QString::fromLatin1(versionOf(stamp.revision))}};
}

Answer scimAnswer(const QJsonObject &body, int status)
{
    return {status,
            {{"content-type"_ba, "application/scim+json"_ba}, {"cache-control"_ba, "no-store"_ba}},
            QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

Answer resourceAnswer(const QJsonObject &resource, int status)
{
    Answer answer = scimAnswer(resource, status);
    const QJsonValue meta = resource.value("meta"_L1);
    answer.headers.emplace_back("etag"_ba, meta["version"_L1].toString().toLatin1());
    if (status == 201) {
        answer.headers.emplace_back("location"_ba, meta["location"_L1].toString().toUtf8());
    }
    return answer;
}

} // namespace delta::admin::scim
