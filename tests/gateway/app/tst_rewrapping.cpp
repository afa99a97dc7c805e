// labels: unit db
// services: postgres
// dialects: both
#include "gateway/app/rewrapping.h"
#include "tests/gateway/app/sealing_rig.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::secrets::test::keyLine;

namespace {

const QString oldKey = u"3ba3f5f4"_s;
const QString newKey = u"bdb33976"_s;
constexpr int manyCredentials = 120; // More than two transactions' worth.
constexpr int contents = 60;         // More than one.
constexpr int others = 4 + contents;

/// Ids of calls have different numbers of digits: they are not to be compared as texts.
qint64 callOf(int number)
{
    return number == contents - 1 ? 1LL << 50 : number * 7;
}

} // namespace

class RewrappingTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::SealingRig> m_rig;
    std::unique_ptr<secrets::Envelope> m_before;
    std::unique_ptr<secrets::Envelope> m_both;
    std::unique_ptr<secrets::Envelope> m_after;

    static void check(const Result<void> &done)
    {
        QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().detail));
    }
    void fill(int credentials)
    {
        for (int number = 0; number < credentials; ++number) {
            check(m_rig->addCredential(*m_before, number));
        }
        check(m_rig->addSeed(*m_before, u"ada"_s));
        check(m_rig->addPendingSeed(*m_before, u"bob"_s));
        check(m_rig->addAnswer(*m_before, u"user:ada POST /ui/api/keys"_s, "hash-1"));
        check(m_rig->addAnswer(*m_before, u"user:ada POST /ui/api/keys"_s, "hash-2"));
        for (int number = 0; number < contents; ++number) {
            check(m_rig->addContent(*m_before, callOf(number)));
        }
    }
    [[nodiscard]] QList<AuditEvent> audit()
    {
        QList<AuditEvent> events;
        check(m_rig->store.eachAuditEvent([&](const AuditEvent &event) { events.append(event); }));
        return events;
    }

private Q_SLOTS:
    void init()
    {
        m_rig.reset();
        m_rig = std::make_unique<test::SealingRig>();
        m_before = m_rig->envelopeOf(keyLine('a'));
        m_both = m_rig->envelopeOf(keyLine('b') + keyLine('a'));
        m_after = m_rig->envelopeOf(keyLine('b'));
        check(m_rig->store.addSealingKey(oldKey));
        check(m_rig->store.addSealingKey(newKey));
    }
    void cleanup()
    {
        m_rig.reset();
    }

    void movesEverythingAndEverythingStillOpens()
    {
        fill(manyCredentials);
        QCOMPARE(m_rig->sealedWith(oldKey), manyCredentials + others);
        const auto done = app::rewrapAll(m_rig->store, *m_both, m_rig->clock);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        QCOMPARE(done->faults, QStringList());
        QCOMPARE(done->moved, manyCredentials + others);
        QCOMPARE(m_rig->sealedWith(oldKey), 0);
        QCOMPARE(m_rig->sealedWith(newKey), manyCredentials + others);
        for (int number = 0; number < manyCredentials; ++number) {
            const auto key = m_rig->keyOf(*m_after, number);
            QVERIFY2(key, key ? "" : qPrintable(key.error().message));
            QCOMPARE(key->reveal(),
                     QByteArray("key-of-cred-")
                         + QByteArray::number(number).rightJustified(3, '0'));
        }
        for (int number = 0; number < contents; ++number) {
            QVERIFY(m_rig->contentOf(*m_after, callOf(number)));
        }
        store::LoginTables *const tables = m_rig->store.logins().value();
        const auto ada = tables->logins.find(u"ada"_s).value();
        const auto bob = tables->logins.find(u"bob"_s).value();
        QVERIFY(m_after->open(ada->mfaSeed, identity::seedContext(u"ada"_s)));
        QVERIFY(m_after->open(bob->mfaPendingSeed, identity::seedContext(u"bob"_s)));
    }

    void writesEachTransactionToTheAuditLog()
    {
        fill(manyCredentials);
        QVERIFY(app::rewrapAll(m_rig->store, *m_both, m_rig->clock));
        qint64 values = 0;
        for (const AuditEvent &event : audit()) {
            QCOMPARE(event.action, u"sealing_key.rewrap"_s);
            QCOMPARE(event.targetId, newKey);
            QVERIFY(event.after[u"values"_s].toInteger() <= 50);
            values += event.after[u"values"_s].toInteger();
        }
        QCOMPARE(values, manyCredentials + others);
    }

    void changesNothingTheSecondTime()
    {
        fill(3);
        QVERIFY(app::rewrapAll(m_rig->store, *m_both, m_rig->clock));
        const auto records = audit().size();
        const auto again = app::rewrapAll(m_rig->store, *m_both, m_rig->clock);
        QVERIFY(again);
        QCOMPARE(again->moved, 0);
        QCOMPARE(audit().size(), records);
    }

    void namesWhatItCannotMoveAndMovesTheRest()
    {
        fill(3);
        check(m_rig->store.change([](store::ControlTables &tables) {
            return tables.models.putSecret(u"cred-001"_s, "no sealed value");
        }));
        const auto done = app::rewrapAll(m_rig->store, *m_both, m_rig->clock);
        QVERIFY(done);
        QCOMPARE(done->moved, 2 + others);
        QCOMPARE(done->faults.size(), 1);
        QVERIFY2(done->faults.constFirst().contains(u"credentials|cred-001|api_key"_s),
                 qPrintable(done->faults.constFirst()));
        QCOMPARE(m_rig->sealedWith({}), 1);
    }

    void leavesWhatOthersPutThereMeanwhile()
    {
        fill(1);
        check(m_rig->store.change([&](store::ControlTables &tables) -> Result<void> {
            TRY(const auto values,
                tables.sealed.notSealedWith(newKey, store::SealedKind::CredentialKey, {}, 10));
            if (values.size() != 1) {
                return failure(ApiError::internal(u"not one value"_s));
            }
            TRY(const QByteArray other,
                m_after->seal(Secret("another"), routing::sealContext(m_rig->credentialOf(0))));
            TRY_VOID(tables.models.putSecret(u"cred-000"_s, other));
            TRY(const bool isReplaced,
                tables.sealed.replace(store::SealedKind::CredentialKey, values.front(), "x"));
            return isReplaced ? failure(ApiError::internal(u"it was replaced"_s)) : Result<void>();
        }));
        QCOMPARE(m_rig->keyOf(*m_after, 0)->reveal(), QByteArray("another"));
    }

    // The database itself holds the line, whatever a gateway believes.
    void nothingIsSealedWithAKeyThatTheDatabaseDoesNotHave()
    {
        const auto stranger = m_rig->envelopeOf(keyLine('c'));
        QVERIFY(!m_rig->addCredential(*stranger, 0));
        QVERIFY(!m_rig->addPendingSeed(*stranger, u"ada"_s));
        QVERIFY(!m_rig->addAnswer(*stranger, u"s"_s, "h"));
        QVERIFY(!m_rig->addContent(*stranger, 1));
        QCOMPARE(m_rig->counts().size(), 0UL);
    }

    void aKeyThatIsNeededIsNotRemoved_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("a provider's key") << 0;
        QTest::newRow("a second factor") << 1;
        QTest::newRow("one that waits") << 2;
        QTest::newRow("a kept answer") << 3;
        QTest::newRow("the content of a call") << 4;
    }
    void aKeyThatIsNeededIsNotRemoved()
    {
        QFETCH(const int, kind);
        check(kind == 0       ? m_rig->addCredential(*m_before, 0)
                  : kind == 1 ? m_rig->addSeed(*m_before, u"ada"_s)
                  : kind == 2 ? m_rig->addPendingSeed(*m_before, u"ada"_s)
                  : kind == 3 ? m_rig->addAnswer(*m_before, u"s"_s, "h")
                              : m_rig->addContent(*m_before, 1));
        const auto remove = [](store::ControlTables &tables) {
            return tables.sealingKeys.remove(oldKey);
        };
        QVERIFY(!m_rig->store.change(remove));
        QVERIFY(app::rewrapAll(m_rig->store, *m_both, m_rig->clock));
        check(m_rig->store.change(remove));
        QCOMPARE(m_rig->store.sealingKeys().value(), QStringList{newKey});
    }
};

QTEST_GUILESS_MAIN(RewrappingTest)
#include "tst_rewrapping.moc"
