#include "gateway/auth/slot_table.h"

#include <QtTest>

#include <memory>
#include <set>

using delta::auth::SlotTable;

namespace {

/// Spreads over the 64 bits as the table asks for; values of one group of eight collide on purpose.
std::uint64_t hashOf(const int &value)
{
    return static_cast<std::uint64_t>(value / 8) * 0x9e3779b97f4a7c15ULL;
}

using Table = SlotTable<std::shared_ptr<const int>, hashOf>;

const std::shared_ptr<const int> *findIn(const Table &table, int value)
{
    return table.find(hashOf(value),
                      [value](const std::shared_ptr<const int> &each) { return *each == value; });
}

} // namespace

class SlotTableTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyAtFirst()
    {
        const Table table;
        QCOMPARE(table.size(), 0);
        QVERIFY(!findIn(table, 1));
    }

    void findsWhatWasInsertedAcrossGrowth()
    {
        Table table;
        for (int value = 0; value < 5000; ++value) {
            table.insert(std::make_shared<const int>(value));
        }
        QCOMPARE(table.size(), 5000);
        for (int value = 0; value < 5000; ++value) {
            QVERIFY(findIn(table, value));
        }
        QVERIFY(!findIn(table, 5000));
    }

    void exchangesAnElementInItsPlace()
    {
        Table table;
        const auto first = std::make_shared<const int>(1);
        const auto second = std::make_shared<const int>(1);
        table.insert(first);
        QCOMPARE(table.exchange(findIn(table, 1), second), first);
        QCOMPARE(table.size(), 1);
        QCOMPARE(*findIn(table, 1), second);
    }

    void behavesLikeASetUnderAnyMixOfChanges()
    {
        Table table;
        std::set<int> expected;
        std::uint32_t state = 1;
        for (int step = 0; step < 50'000; ++step) {
            state = state * 1664525U + 1013904223U;
            const int value = static_cast<int>((state >> 16) % 700);
            const auto *slot = findIn(table, value);
            QCOMPARE(slot != nullptr, expected.contains(value));
            if (slot != nullptr) {
                table.erase(slot);
                expected.erase(value);
            } else {
                table.insert(std::make_shared<const int>(value));
                expected.insert(value);
            }
            QCOMPARE(table.size(), qsizetype(expected.size()));
        }
    }

    void freesWhatIsErased()
    {
        Table table;
        auto value = std::make_shared<const int>(7);
        const std::weak_ptr<const int> watch = value;
        table.insert(std::move(value));
        table.erase(findIn(table, 7));
        QVERIFY(watch.expired());
    }
};

QTEST_GUILESS_MAIN(SlotTableTest)
#include "tst_slot_table.moc"
