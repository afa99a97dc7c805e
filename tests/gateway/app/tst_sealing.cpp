// labels: unit db
#include "gateway/app/sealing.h"
#include "tests/gateway/store/store_place.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::test::StorePlace;

/// Several gateways are several state folders with one database.
class SealingTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QString file(const QString &gateway) const
    {
        return m_folder->filePath(gateway);
    }
    [[nodiscard]] Result<secrets::KeyRing> open(const QString &gateway)
    {
        return app::openKeyRing({{}, {}, file(gateway)}, *m_store, m_random);
    }
    /// Puts a new key on top of a gateway's.
    void addKey(const QString &gateway, char byte) const
    {
        QFile keys(file(gateway));
        QVERIFY(keys.open(QIODevice::ReadWrite));
        const QByteArray older = keys.readAll();
        QVERIFY(keys.seek(0));
        QVERIFY(keys.write(QByteArray(32, byte).toHex() + '\n' + older) > 0);
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<store::Store>(m_place->address(), m_clock);
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void makesAKeyForANewDatabaseAndFindsItAgain()
    {
        const auto first = open(u"a"_s);
        QVERIFY2(first, first ? "" : qPrintable(first.error().message));
        QCOMPARE(m_store->sealingKeys().value(), first->ids());
        const auto again = open(u"a"_s);
        QVERIFY(again);
        QCOMPARE(again->ids(), first->ids());
        QCOMPARE(m_store->sealingKeys().value(), first->ids());
    }

    void neverMakesASecondKeyForADatabase()
    {
        QVERIFY(open(u"a"_s));
        const auto second = open(u"b"_s);
        QVERIFY(!second);
        QCOMPARE(second.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY2(second.error().message.contains(u"is missing"_s),
                 qPrintable(second.error().message));
        QVERIFY(!QFile::exists(file(u"b"_s)));
    }

    void refusesTheKeyOfAnotherDatabase()
    {
        const QString first = open(u"a"_s)->ids().constFirst();
        QVERIFY(QFile::remove(file(u"a"_s)));
        addKey(u"a"_s, 'x');
        QVERIFY(QFile::setPermissions(file(u"a"_s), QFile::ReadOwner));
        const auto other = open(u"a"_s);
        QVERIFY(!other);
        QVERIFY2(other.error().message.startsWith(
                     u"Secrets of the database are sealed with the key %1, which"_s.arg(first)),
                 qPrintable(other.error().message));
        QCOMPARE(m_store->sealingKeys().value(), QStringList{first});
    }

    void takesANewKeyBesideTheOldOneAndThenNeedsBoth()
    {
        const QString old = open(u"a"_s)->ids().constFirst();
        QVERIFY(QFile::copy(file(u"a"_s), file(u"b"_s)));
        QVERIFY(open(u"b"_s));
        addKey(u"a"_s, 'x');
        const auto both = open(u"a"_s);
        QVERIFY2(both, both ? "" : qPrintable(both.error().message));
        const QString fresh = both->ids().constFirst();
        QCOMPARE(m_store->sealingKeys().value(), (QStringList{old, fresh}));
        const auto lacking = open(u"b"_s);
        QVERIFY(!lacking);
        QVERIFY2(lacking.error().message.contains(fresh), qPrintable(lacking.error().message));
        addKey(u"b"_s, 'x');
        QVERIFY(open(u"b"_s));
    }
};

QTEST_GUILESS_MAIN(SealingTest)
#include "tst_sealing.moc"
