// labels: money
// links: gateway/store
#include "gateway/ledger/ledger.h"
#include "gateway/ledger/system_disk.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

using namespace delta;
using namespace std::chrono_literals;
using delta::test::sampleEntry;

/// Prints what the ledger costs. It asserts sums, not times: those are for people to read.
class LedgerSpeedTest : public QObject
{
    Q_OBJECT

    static constexpr int calls = 100'000;

    static std::int64_t timedCall(ledger::Ledger &ledger, SpendEntry &entry, int number)
    {
        entry.requestId = "req_0123456789abcdef" + QByteArray::number(number);
        entry.startedAt += 1ms;
        const auto before = std::chrono::steady_clock::now();
        auto hold = ledger.open({entry});
        if (!hold) {
            return -1;
        }
        ledger.settle(std::move(*hold), entry);
        return (std::chrono::steady_clock::now() - before).count();
    }

private Q_SLOTS:
    void printsTheCostOfACall_data()
    {
        QTest::addColumn<int>("keys");
        QTest::newRow("one key") << 1;
        QTest::newRow("200 keys") << 200;
    }
    void printsTheCostOfACall()
    {
        QFETCH(const int, keys);
        QTemporaryDir folder;
        SystemClock clock;
        ledger::SystemDisk disk;
        store::Store store(folder.filePath(QStringLiteral("deltallm.db")), clock);
        ledger::LedgerSettings settings;
        settings.directory = folder.filePath(QStringLiteral("journal"));
        const auto ledger = ledger::Ledger::start(settings, {store, disk, clock}).value();
        SpendEntry entry = sampleEntry("");
        std::vector<std::int64_t> times;
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < calls; ++i) {
            entry.keyId = "key" + QByteArray::number(i % keys);
            times.push_back(timedCall(*ledger, entry, i));
        }
        const qint64 written = timer.elapsed();
        const auto taken = std::ranges::count_if(times,
                                                 [](std::int64_t time) { return time >= 0; });
        QVERIFY(ledger->flush(5min).has_value());
        const qint64 applied = timer.elapsed();
        std::ranges::sort(times);
        const auto quantile = [&times](double part) {
            return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
        };
        qInfo("open and settle, keys=%d: p50 %lld ns, p99 %lld ns, p99.9 %lld ns, max %lld ns; "
              "%lld calls written in "
              "%lld ms, in the store after %lld ms: %.0f events/s",
              keys, static_cast<long long>(quantile(0.5)), static_cast<long long>(quantile(0.99)),
              static_cast<long long>(quantile(0.999)), static_cast<long long>(times.back()),
              static_cast<long long>(taken), written, applied,
              1000.0 * static_cast<double>(taken) / static_cast<double>(applied));
        QCOMPARE(static_cast<quint64>(taken), ledger->status().settledCalls);
        ledger->stop();
        QCOMPARE(store.spendTotals({}).value().requests, static_cast<qint64>(taken));
    }
};

QTEST_GUILESS_MAIN(LedgerSpeedTest)
#include "tst_ledger_speed.moc"
