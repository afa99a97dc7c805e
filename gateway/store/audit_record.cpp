#include "gateway/store/audit_record.h"

#include "gateway/store/clean_text.h"
#include "gateway/store/column_values.h"
#include "shared/json/redacted.h"

#include <QJsonDocument>
#include <QtEndian>

#include <array>
#include <chrono>
#include <span>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxObjectBytes = 64 * 1024;

/// The texts of an event that stand in the table as they are.
constexpr std::array plainTexts{
    &AuditEvent::actorId,    &AuditEvent::actorName,      &AuditEvent::authMethod,
    &AuditEvent::ip,         &AuditEvent::userAgent,      &AuditEvent::action,
    &AuditEvent::targetKind, &AuditEvent::targetId,       &AuditEvent::targetName,
    &AuditEvent::reason,     &AuditEvent::organizationId, &AuditEvent::teamId,
    &AuditEvent::requestId,
};

QByteArray jsonOf(const QJsonObject &object)
{
    return object.isEmpty() ? QByteArray() : QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject storableObject(const QJsonObject &object)
{
    const QJsonObject clean = redacted(object);
    const QByteArray json = jsonOf(clean);
    if (json.size() <= maxObjectBytes) {
        // As it is read back: what UTF-8 cannot hold is replaced now.
        return QJsonDocument::fromJson(json).object();
    }
    const QByteArray digest = QCryptographicHash::hash(json, QCryptographicHash::Sha256).toHex();
    return {{u"omitted_bytes"_s, json.size()}, {u"omitted_sha256"_s, QString::fromLatin1(digest)}};
}

QString textOf(const QJsonObject &object)
{
    return present(QString::fromUtf8(jsonOf(object)));
}

QJsonObject objectOf(const QString &json)
{
    return QJsonDocument::fromJson(json.toUtf8()).object();
}

/// Returns the columns that are hashed.
QVariantList hashedColumns(const AuditEvent &event)
{
    return {auditFormat,
            event.sequence,
            qint64(event.at.time_since_epoch().count()),
            event.configVersion,
            QString(enumName(event.actorKind)),
            present(event.actorId),
            present(event.actorName),
            present(event.authMethod),
            present(event.ip),
            present(event.userAgent),
            present(event.action),
            present(event.targetKind),
            present(event.targetId),
            present(event.targetName),
            present(event.organizationId),
            present(event.teamId),
            textOf(event.before),
            textOf(event.after),
            QString(enumName(event.outcome)),
            present(event.reason),
            present(event.requestId)};
}

} // namespace

AuditHash::AuditHash(QByteArrayView previous)
{
    m_hash.addData(QByteArray::fromHex(previous.toByteArray()));
    m_hash.addData("deltallm-audit");
}

void AuditHash::number(qint64 value)
{
    std::array<char, sizeof value> bytes{};
    qToBigEndian(value, bytes.data());
    m_hash.addData(QByteArrayView(bytes.data(), bytes.size()));
}

void AuditHash::text(QByteArrayView utf8)
{
    number(utf8.size());
    m_hash.addData(utf8);
}

QByteArray AuditHash::result() const
{
    return m_hash.result().toHex();
}

AuditEvent storable(AuditEvent event)
{
    for (QString AuditEvent::*const text : plainTexts) {
        event.*text = QString::fromUtf8(cleanText((event.*text).toUtf8()));
    }
    event.before = storableObject(event.before);
    event.after = storableObject(event.after);
    return event;
}

QVariantList chained(AuditEvent &event, const AuditLink &previous, const AuditMac &mac)
{
    event.sequence = previous.sequence + 1;
    QVariantList columns = hashedColumns(event);
    AuditHash hash(previous.hash);
    for (int column = 0; column < auditHashedColumns; ++column) {
        if (column < auditNumbers) {
            hash.number(columns[column].toLongLong());
        } else {
            hash.text(columns[column].toString().toUtf8());
        }
    }
    event.hash = hash.result();
    event.mac = recordMac(mac, event.hash);
    columns << QString::fromLatin1(event.hash) << QString::fromLatin1(event.mac);
    return columns;
}

QByteArray recordMac(const AuditMac &mac, const QByteArray &hash)
{
    return mac(QByteArray::fromHex(hash)).toHex();
}

QByteArray floorMac(const AuditMac &mac, const AuditLink &floor)
{
    // Longer than a hash, so that no record's MAC is a floor's.
    return mac("deltallm-audit-floor " + QByteArray::number(floor.sequence) + ' ' + floor.hash)
        .toHex();
}

AuditEvent auditEventOf(const QSqlQuery &row)
{
    AuditEvent event;
    int column = 1; // After the format.
    const auto number = [&row, &column] { return row.value(column++).toLongLong(); };
    const auto text = [&row, &column] { return row.value(column++).toString(); };
    event.sequence = number();
    event.at = WallTime(std::chrono::milliseconds(number()));
    event.configVersion = number();
    event.actorKind = enumValue<AuditActor>(text()).value_or(AuditActor::System);
    event.actorId = text();
    event.actorName = text();
    event.authMethod = text();
    event.ip = text();
    event.userAgent = text();
    event.action = text();
    event.targetKind = text();
    event.targetId = text();
    event.targetName = text();
    event.organizationId = text();
    event.teamId = text();
    event.before = objectOf(text());
    event.after = objectOf(text());
    event.outcome = enumValue<AuditOutcome>(text()).value_or(AuditOutcome::Failed);
    event.reason = text();
    event.requestId = text();
    event.hash = text().toLatin1();
    event.mac = text().toLatin1();
    return event;
}

} // namespace delta::store
