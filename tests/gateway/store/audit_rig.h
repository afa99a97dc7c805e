#pragma once

#include "gateway/store/audit_trail.h"
#include "gateway/store/audit_verification.h"
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/transaction.h"
#include "shared/core/clock.h"
#include "tests/gateway/store/store_place.h"

#include <QByteArray>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace delta::test {

/// Returns the MAC of gateways that have this key.
inline store::AuditMac auditMac(const QByteArray &key)
{
    return [key](QByteArrayView bytes) {
        return QMessageAuthenticationCode::hash(bytes, key, QCryptographicHash::Sha256);
    };
}

/// Returns an event as a handler makes it.
inline AuditEvent auditEvent(const QString &target)
{
    AuditEvent event;
    event.at = WallTime(std::chrono::milliseconds(1'780'000'000'000));
    event.actorKind = AuditActor::User;
    event.actorId = QStringLiteral("u1");
    event.actorName = QStringLiteral("Ann");
    event.authMethod = QStringLiteral("session");
    event.ip = QStringLiteral("192.0.2.7");
    event.userAgent = QStringLiteral("Browser/1.0");
    event.action = QStringLiteral("team.update");
    event.targetKind = QStringLiteral("team");
    event.targetId = target;
    event.organizationId = QStringLiteral("o1");
    event.teamId = target;
    event.before = {{QStringLiteral("name"), QStringLiteral("Sales")}};
    event.after = {{QStringLiteral("name"), QStringLiteral("Sales & Co")}};
    event.requestId = QStringLiteral("req_1");
    event.configVersion = 3;
    return event;
}

/// An audit log in a database of its own, and what somebody can do to it who has all rights there.
class AuditRig
{
public:
    AuditRig()
        : database(openDatabase())
        , trail(*database, auditMac(key))
    {
    }

    /// Opens a further connection.
    [[nodiscard]] std::unique_ptr<store::Database> openDatabase() const
    {
        const SystemClock clock;
        auto opened = store::Database::open(place.address()).value();
        store::migrate(*opened, clock).value();
        return opened;
    }
    AuditEvent append(const AuditEvent &event)
    {
        auto transaction = store::Transaction::begin(*database).value();
        AuditEvent appended = trail.append(event).value();
        transaction.commit().value();
        return appended;
    }
    /// Appends events with the targets t1, t2, …
    void fill(int count)
    {
        for (int number = 1; number <= count; ++number) {
            written.push_back(append(auditEvent(QStringLiteral("t%1").arg(number))));
        }
    }
    [[nodiscard]] bool execute(const QString &statement) const
    {
        return database->execute(statement).has_value();
    }
    /// Returns the names of the columns that are hashed, but for the sequence.
    [[nodiscard]] QStringList columns() const
    {
        static const QRegularExpression name(QStringLiteral("\\w+"));
        const QString text = store::queryText(QLatin1StringView("audit/select_all"))
                                 .section(QStringLiteral("FROM"), 0, 0);
        QStringList names;
        for (auto found = name.globalMatch(text.sliced(6)); found.hasNext();) {
            names.append(found.next().captured());
        }
        names.removeAll(QStringLiteral("sequence"));
        return names.first(store::auditHashedColumns - 1);
    }
    /// Does away with what keeps events from being changed.
    [[nodiscard]] bool dropTriggers() const
    {
        if (StorePlace::isPostgres()) {
            return execute(QStringLiteral("ALTER TABLE audit_events DISABLE TRIGGER USER"))
                && execute(QStringLiteral("ALTER TABLE audit_floor DISABLE TRIGGER USER"));
        }
        return execute(QStringLiteral("DROP TRIGGER audit_events_stay"))
            && execute(QStringLiteral("DROP TRIGGER audit_events_stay_as_they_are"))
            && execute(QStringLiteral("DROP TRIGGER audit_floor_rises"));
    }
    /// Removes all records, as if none had ever been written.
    [[nodiscard]] bool wipe() const
    {
        return execute(QStringLiteral("DELETE FROM audit_events"))
            && execute(QStringLiteral("UPDATE audit_head SET sequence = 0, hash = '%1'")
                           .arg(QString(64, u'0')));
    }
    [[nodiscard]] store::AuditVerification verify(std::vector<store::AuditLink> checkpoints = {})
    {
        std::size_t at = 0;
        const auto next = [&]() -> std::optional<store::AuditLink> {
            return at < checkpoints.size() ? std::optional(checkpoints[at++]) : std::nullopt;
        };
        return store::verifyAudit(*database, auditMac(key), next).value();
    }
    /// Returns the first bad sequence; -1 if there is none.
    [[nodiscard]] qint64 firstBad(std::vector<store::AuditLink> checkpoints = {})
    {
        const auto found = verify(std::move(checkpoints));
        return found.fault ? found.fault->sequence : -1;
    }
    /// Returns what a checkpoint says of one of the events that fill() has written.
    [[nodiscard]] store::AuditLink checkpointOf(std::size_t sequence) const
    {
        return {qint64(sequence), written.at(sequence - 1).hash};
    }

    const QByteArray key = QByteArrayLiteral("the key that gateways share");
    StorePlace place;
    std::unique_ptr<store::Database> database;
    store::AuditTrail trail;
    std::vector<AuditEvent> written;
};

} // namespace delta::test
