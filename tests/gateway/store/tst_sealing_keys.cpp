// labels: db
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

class SealingKeysTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_first;
    std::unique_ptr<Store> m_second;

private Q_SLOTS:
    void init()
    {
        m_first.reset();
        m_second.reset();
        m_place = std::make_unique<StorePlace>();
        m_first = std::make_unique<Store>(m_place->address(), m_clock);
        m_second = std::make_unique<Store>(m_place->address(), m_clock);
    }

    void cleanup()
    {
        m_first.reset();
        m_second.reset();
    }

    void isEmptyAtFirst()
    {
        QCOMPARE(m_first->sealingKeys().value(), QStringList());
    }

    void remembersKeysInTheOrderInWhichTheyCame()
    {
        for (const QString &id : {u"ffffffff"_s, u"00000000"_s, u"3ba3f5f4"_s}) {
            const auto added = m_first->addSealingKey(id);
            QVERIFY2(added, added ? "" : qPrintable(added.error().detail));
        }
        QCOMPARE(m_second->sealingKeys().value(),
                 (QStringList{u"ffffffff"_s, u"00000000"_s, u"3ba3f5f4"_s}));
    }

    void takesAKeyOnce()
    {
        QVERIFY(m_first->addSealingKey(u"3ba3f5f4"_s));
        QVERIFY(m_second->addSealingKey(u"3ba3f5f4"_s));
        QCOMPARE(m_first->sealingKeys().value(), QStringList{u"3ba3f5f4"_s});
    }
};

QTEST_GUILESS_MAIN(SealingKeysTest)
#include "tst_sealing_keys.moc"
