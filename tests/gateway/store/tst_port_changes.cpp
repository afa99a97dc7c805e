// labels: db hostile
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using store::Store;

namespace {

ports::StoredKey keyNamed(const QString &id, const QString &alias)
{
    ports::StoredKey stored;
    stored.key.id = id;
    stored.key.alias = alias;
    stored.key.hint = u"abcd"_s;
    stored.key.teamId = u"t1"_s;
    stored.mac = QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256);
    return stored;
}

Budget budgetOf(const QString &team, qint64 nanos)
{
    Budget budget;
    budget.id = u"b1"_s;
    budget.scope = BudgetScope::Team;
    budget.scopeId = team;
    budget.maxBudget = Money::fromNanos(nanos);
    return budget;
}

RateLimit limitOf(const QString &model, int rpm)
{
    RateLimit limit;
    limit.subject = {RateScope::Team, u"t1"_s, {}, model};
    limit.limits.requestsPerMinute = rpm;
    return limit;
}

} // namespace

/// What the ports of the store change is in the audit log, whoever does it.
class PortChangesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<delta::test::StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"journal"_s);
        m_store->useAuditMac([](QByteArrayView bytes) {
            return QMessageAuthenticationCode::hash(bytes, "audit key", QCryptographicHash::Sha256);
        });
    }
    void cleanup()
    {
        m_store.reset();
    }

    void recordsWhatBecomesOfAKey()
    {
        QVERIFY(m_store->insertKey(keyNamed(u"k1"_s, u"ann"_s)).has_value());
        QVERIFY(m_store->removeKey(u"k1"_s).value());
        QVERIFY(!m_store->removeKey(u"k1"_s).value());
        const auto events = recorded();
        QCOMPARE(actionsOf(events), QStringList({u"key.create"_s, u"key.delete"_s}));
        QCOMPARE(events[0].after[u"key_alias"_s].toString(), u"ann"_s);
        QVERIFY(events[0].before.isEmpty());
        QCOMPARE(events[1].before[u"key_alias"_s].toString(), u"ann"_s);
        QVERIFY(events[1].after.isEmpty());
        QCOMPARE(events[1].targetId, u"k1"_s);
        QCOMPARE(events[1].teamId, u"t1"_s);
    }

    void recordsNothingOfAChangeThatFailed()
    {
        QVERIFY(m_store->insertKey(keyNamed(u"k1"_s, u"ann"_s)).has_value());
        QVERIFY(!m_store->insertKey(keyNamed(u"k2"_s, u"ann"_s)).has_value());
        QVERIFY(!m_store->updateBudget(budgetOf(u"t1"_s, 5)).value());
        QVERIFY(!m_store->removeBudget(u"b1"_s).value());
        QVERIFY(!m_store->resetBudget({u"b1"_s, m_clock.wall(), u"ann"_s, {}}).value());
        QVERIFY(!m_store->removeRateLimit(limitOf({}, 1).subject).value());
        QVERIFY(!m_store->removeRateLimitsOf(RateScope::Team, u"t1"_s).value());
        QCOMPARE(actionsOf(recorded()), QStringList(u"key.create"_s));
        QVERIFY(m_store->insertKey(keyNamed(u"k2"_s, u"bob"_s)).has_value());
    }

    void changesNothingThatCannotBeRecorded()
    {
        QVERIFY(m_store->insertBudget(budgetOf(u"t1"_s, 5)).has_value());
        const auto broken = store::Database::open(m_place->address()).value();
        QVERIFY(broken->execute(u"ALTER TABLE audit_events RENAME TO elsewhere"_s).has_value());
        QVERIFY(!m_store->updateBudget(budgetOf(u"t1"_s, 6)).has_value());
        QCOMPARE(m_store->loadBudgets().value().front().maxBudget, Money::fromNanos(5));
    }

    void recordsHowABudgetWasAndIs()
    {
        QVERIFY(m_store->insertBudget(budgetOf(u"t1"_s, 1'000'000'000)).has_value());
        QVERIFY(m_store->updateBudget(budgetOf(u"t1"_s, 2'000'000'000)).value());
        QVERIFY(m_store->resetBudget({u"b1"_s, m_clock.wall(), u"ann"_s, u"refund"_s}).value());
        QVERIFY(m_store->removeBudget(u"b1"_s).value());
        const auto events = recorded();
        QCOMPARE(actionsOf(events),
                 QStringList({u"budget.create"_s, u"budget.update"_s, u"budget.reset"_s,
                              u"budget.delete"_s}));
        QCOMPARE(events[1].before[u"max_budget"_s].toDouble(), 1.0);
        QCOMPARE(events[1].after[u"max_budget"_s].toDouble(), 2.0);
        QCOMPARE(events[1].teamId, u"t1"_s);
        QCOMPARE(events[2].reason, u"refund"_s);
    }

    void recordsEachRateLimitOfAnObject()
    {
        QVERIFY(m_store->putRateLimit(limitOf({}, 5)).has_value());
        QVERIFY(m_store->putRateLimit(limitOf(u"gpt"_s, 6)).has_value());
        QVERIFY(m_store->putRateLimit(limitOf({}, 7)).has_value());
        QVERIFY(m_store->removeRateLimitsOf(RateScope::Team, u"t1"_s).value());
        const auto events = recorded();
        QCOMPARE(
            actionsOf(events),
            QStringList({u"rate_limit.create"_s, u"rate_limit.create"_s, u"rate_limit.update"_s,
                         u"rate_limit.delete"_s, u"rate_limit.delete"_s}));
        QCOMPARE(events[1].targetId, u"team t1 gpt"_s);
        QCOMPARE(events[2].before[u"rpm_limit"_s].toInt(), 5);
        QCOMPARE(events[2].after[u"rpm_limit"_s].toInt(), 7);
    }

    void saysWhoSatInTheSeat()
    {
        AuditEvent ann;
        ann.actorKind = AuditActor::MasterKey;
        ann.actorName = u"master key"_s;
        ann.ip = u"192.0.2.7"_s;
        ann.requestId = u"req_1"_s;
        ann.action = u"forged"_s;
        {
            const ports::Seated seated(*m_store, ann);
            QVERIFY(m_store->insertKey(keyNamed(u"k1"_s, u"ann"_s)).has_value());
        }
        QVERIFY(m_store->removeKey(u"k1"_s).value());
        const auto events = recorded();
        QCOMPARE(events[0].actorKind, AuditActor::MasterKey);
        QCOMPARE(events[0].ip, u"192.0.2.7"_s);
        QCOMPARE(events[0].requestId, u"req_1"_s);
        QCOMPARE(events[0].action, u"key.create"_s);
        QCOMPARE(events[1].actorKind, AuditActor::System);
        QVERIFY(events[1].actorName.isEmpty());
    }

private:
    SystemClock m_clock;
    std::unique_ptr<delta::test::StorePlace> m_place;
    std::unique_ptr<Store> m_store;

    std::vector<AuditEvent> recorded()
    {
        std::vector<AuditEvent> events;
        if (!m_store->eachAuditEvent([&](const AuditEvent &event) { events.push_back(event); })) {
            qFatal("the audit log cannot be read");
        }
        return events;
    }
    static QStringList actionsOf(const std::vector<AuditEvent> &events)
    {
        QStringList actions;
        for (const AuditEvent &event : events) {
            actions.append(event.action);
        }
        return actions;
    }
};

QTEST_GUILESS_MAIN(PortChangesTest)
#include "tst_port_changes.moc"
