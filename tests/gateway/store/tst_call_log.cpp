// labels: db
// services: postgres
// dialects: both
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;

/// 7,000 calls of a team, of which every fortieth failed: more than are looked at for a page.
class CallLogTest : public QObject
{
    Q_OBJECT

    static constexpr int calls = 7'000;
    static constexpr int every = 40;

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;

    static SpendEntry entryOf(int number)
    {
        // 2026-05-28T21:00:00Z
        constexpr WallTime begin(1'780'002'000'000ms);
        SpendEntry entry = sampleEntry("r" + QByteArray::number(number), Money::fromNanos(1'000));
        entry.startedAt = begin + number * 1s;
        entry.teamId = "team";
        entry.status = number % every == 0 ? 502 : 200;
        return entry;
    }
    static CallFilter failed()
    {
        CallFilter filter;
        filter.reach.isAll = true;
        filter.teamId = "team";
        filter.status = 502;
        return filter;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"test"_s);
        QVERIFY(m_store->open());
        std::vector<ports::PostedEntry> posted;
        std::uint64_t offset = m_store->journalPosition().value().applied;
        for (int number = 0; number < calls; ++number) {
            posted.push_back({offset, entryOf(number)});
            offset += 8;
        }
        QVERIFY(m_store->apply(posted, {offset, offset}));
    }

    void findsEachCallOnceOnPagesOfAnySize_data()
    {
        QTest::addColumn<int>("limit");
        for (const int limit : {1, 7, 25, 50, 1'000}) {
            QTest::addRow("%d", limit) << limit;
        }
    }
    void findsEachCallOnceOnPagesOfAnySize()
    {
        QFETCH(const int, limit);
        std::optional<CallPlace> place;
        std::vector<QByteArray> found;
        int pages = 0;
        do {
            const CallPage page = m_store->calls(failed(), place, limit).value();
            QVERIFY(std::ssize(page.calls) <= limit);
            for (const LoggedCall &call : page.calls) {
                found.push_back(call.entry.requestId);
            }
            place = page.next;
            ++pages;
        } while (place && pages < calls);
        QCOMPARE(found.size(), std::size_t(calls / every));
        for (std::size_t i = 0; i < found.size(); ++i) { // The newest first.
            const int number = calls - every * (static_cast<int>(i) + 1);
            QCOMPARE(found[i], "r" + QByteArray::number(number));
        }
    }
    void looksAtNoMoreCallsThanItMayForAPage()
    {
        CallFilter nobody = failed();
        nobody.status = 418;
        const CallPage page = m_store->calls(nobody, std::nullopt, 50).value();
        QVERIFY(page.calls.empty());
        QVERIFY(page.next); // There are 7,000, and 5,000 are looked at.
    }
};

QTEST_GUILESS_MAIN(CallLogTest)
#include "tst_call_log.moc"
