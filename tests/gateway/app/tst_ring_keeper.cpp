// labels: unit db
#include "gateway/app/ring_keeper.h"
#include "gateway/app/sealing.h"
#include "gateway/secrets/key_file.h"
#include "tests/gateway/app/sealing_rig.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;

/// A gateway runs, and another process changes its keys.
class RingKeeperTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::SealingRig> m_rig;
    std::unique_ptr<secrets::Envelope> m_envelope;
    std::unique_ptr<app::RingKeeper> m_keeper;
    int m_changes = 0;

    [[nodiscard]] secrets::KeySources sources() const
    {
        return {{}, {}, m_folder->filePath(u"kek"_s)};
    }
    [[nodiscard]] QString newest() const
    {
        return QString::fromLatin1(m_envelope->ring()->newest().id);
    }
    /// Returns the new key.
    QString addKey()
    {
        const auto file = secrets::KeyFile::lock(sources());
        return file && file->addOnTop(m_rig->random)
            ? secrets::KeyRing::open(sources(), secrets::IfNoKey::Fail, m_rig->random)
                  ->ids()
                  .constFirst()
            : QString();
    }

private Q_SLOTS:
    void init()
    {
        m_changes = 0;
        m_folder = std::make_unique<QTemporaryDir>();
        m_rig = std::make_unique<test::SealingRig>();
        auto ring = app::openKeyRing(sources(), m_rig->store, m_rig->random);
        QVERIFY2(ring, ring ? "" : qPrintable(ring.error().message));
        m_envelope = std::make_unique<secrets::Envelope>(*std::move(ring), m_rig->random);
        m_keeper = std::make_unique<app::RingKeeper>(app::RingKeeper::Parts{
            sources(), m_rig->store, *m_envelope, m_rig->random, [this] { ++m_changes; }});
        QVERIFY(m_keeper->refresh());
        QCOMPARE(m_changes, 1);
    }

    void sealsWithANewKeyOnceTheDatabaseHasIt()
    {
        const QString old = newest();
        const QString fresh = addKey();
        QVERIFY(!fresh.isEmpty());
        QVERIFY(m_keeper->refresh());
        QCOMPARE(newest(), old);
        QVERIFY(m_rig->store.addSealingKey(fresh));
        QVERIFY(m_keeper->refresh());
        QCOMPARE(newest(), fresh);
        QCOMPARE(m_changes, 2);
        QVERIFY(m_keeper->refresh());
        QCOMPARE(m_changes, 2);
    }

    void keepsTheKeysThatItHasUntilTheFileHasTheNewOne()
    {
        const QString old = newest();
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"ffffffff, which this gateway"_s));
        QVERIFY(m_rig->store.addSealingKey(u"ffffffff"_s));
        QVERIFY(m_keeper->refresh());
        QVERIFY(m_keeper->refresh());
        QCOMPARE(newest(), old);
        QCOMPARE(m_changes, 1);
    }
};

QTEST_GUILESS_MAIN(RingKeeperTest)
#include "tst_ring_keeper.moc"
