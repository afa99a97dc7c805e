#include "gateway/auth/hook/hook_cache.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace std::chrono_literals;

class HookCacheTest final : public QObject
{
    Q_OBJECT

    const SteadyTime m_now{1h};
    const HookCache::Facts m_facts = std::make_shared<const KeyFacts>();

private Q_SLOTS:
    void remembersUntilTheEnd()
    {
        HookCache cache;
        cache.insert("a", m_facts, m_now + 10s);
        QCOMPARE(cache.find("a", m_now + 10s - 1ns).value(), m_facts);
        QVERIFY(!cache.find("a", m_now + 10s));
        QVERIFY(!cache.find("a", m_now)); // It was forgotten then.
    }

    void tellsARefusalFromNothing()
    {
        HookCache cache;
        cache.insert("a", nullptr, m_now + 10s);
        QVERIFY(cache.find("a", m_now).has_value());
        QCOMPARE(*cache.find("a", m_now), nullptr);
        QVERIFY(!cache.find("b", m_now));
    }

    void takesTheNewestWord()
    {
        HookCache cache;
        cache.insert("a", m_facts, m_now + 10s);
        cache.insert("a", nullptr, m_now + 10s);
        QCOMPARE(*cache.find("a", m_now), nullptr);
    }

    void forgetsFirstWhatWasNotUsedForLong()
    {
        HookCache cache(10);
        cache.insert("used", m_facts, m_now + 10s);
        cache.insert("unused", m_facts, m_now + 10s);
        for (int number = 0; number < 25; ++number) {
            cache.insert(QByteArray::number(number), nullptr, m_now + 10s);
            QVERIFY(cache.find("used", m_now));
            QVERIFY(cache.size() <= 21);
        }
        QVERIFY(!cache.find("unused", m_now));
    }
};

QTEST_GUILESS_MAIN(HookCacheTest)
#include "tst_hook_cache.moc"
