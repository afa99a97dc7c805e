// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;

namespace {

constexpr WallTime begin = std::chrono::sys_days(std::chrono::year(2026) / 5 / 1);

} // namespace

class RetentionTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_store;

    /// Removes until nothing is left to do.
    void removeBefore(WallTime time)
    {
        while (m_store->removeEventsBefore(time).value()) { }
    }
    void verify()
    {
        const Verification verification = m_store->verify().value();
        QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
    }

private Q_SLOTS:
    /// A call a day, of May, June and July.
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, QStringLiteral("journal"));
        std::vector<ports::PostedEntry> entries;
        for (int day = 0; day < 92; ++day) {
            const auto offset = static_cast<std::uint64_t>(day) * 8;
            entries.push_back({offset, sampleEntry("req-" + QByteArray::number(day))});
            entries.back().entry.startedAt = begin + std::chrono::days(day) + 5h;
        }
        QVERIFY(m_store->apply(entries, {736, 736}).has_value());
    }
    void cleanup()
    {
        verify();
    }

    void keepsSumsOfCallsThatAreGone()
    {
        const SpendTotals before = m_store->spendTotals({}).value();
        removeBefore(begin + std::chrono::days(31));
        QCOMPARE(m_store->spendLog({}, {.limit = 1000}).value().size(), std::size_t(61));
        QCOMPARE(m_store->spendTotals({}).value(), before);
        QCOMPARE(m_store->spendTotals({.tag = "blue"}).value(), before);
        QCOMPARE(m_store->spendTotals({.teamId = "team-1"}).value(), before);
    }

    void keepsTheRestOfADayOrOfAMonth()
    {
        removeBefore(begin + std::chrono::days(45) + 12h);
        // SQLite goes by days, and PostgreSQL by months.
        QCOMPARE(m_store->spendLog({}, {.limit = 1000}).value().size(),
                 std::size_t(StorePlace::isPostgres() ? 61 : 47));
    }

    void postsALateCallOfATimeThatIsGone()
    {
        removeBefore(begin + std::chrono::days(31));
        SpendEntry late = sampleEntry("late");
        late.startedAt = begin + std::chrono::days(3);
        QVERIFY(m_store->apply({{736, late}}, {744, 744}).has_value());
        QCOMPARE(m_store->spendTotals({}).value().requests, 93);
        verify();
        removeBefore(begin + std::chrono::days(31));
        QCOMPARE(m_store->spendLog({}, {.limit = 1000}).value().size(), std::size_t(61));
    }

    void removesNothingTwiceAndNothingNew()
    {
        removeBefore(begin + std::chrono::days(31));
        removeBefore(begin);
        removeBefore(begin + std::chrono::days(31));
        QCOMPARE(m_store->spendLog({}, {.limit = 1000}).value().size(), std::size_t(61));
    }

    void removesAPortionAtATime()
    {
        std::vector<ports::PostedEntry> entries;
        for (int i = 0; i < 12'000; ++i) {
            const auto offset = 1'000 + static_cast<std::uint64_t>(i) * 8;
            entries.push_back({offset, sampleEntry("more-" + QByteArray::number(i))});
            entries.back().entry.startedAt = begin + 1h;
        }
        QVERIFY(m_store->apply(entries, {200'000, 200'000}).has_value());
        const bool hasMore = m_store->removeEventsBefore(begin + std::chrono::days(31)).value();
        QCOMPARE(hasMore, !StorePlace::isPostgres());
        verify();
        removeBefore(begin + std::chrono::days(31));
        QCOMPARE(m_store->spendLog({}, {.limit = 1000}).value().size(), std::size_t(61));
    }
};

QTEST_GUILESS_MAIN(RetentionTest)
#include "tst_retention.moc"
