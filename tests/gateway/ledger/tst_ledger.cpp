#include "gateway/ledger/ledger.h"
#include "tests/gateway/ledger/dead_holds.h"
#include "tests/gateway/ledger/faulty_disk.h"
#include "tests/gateway/ledger/memory_store.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

// QTRY_COMPARE() narrows its time limit.
QT_WARNING_DISABLE_GCC("-Wconversion")

using namespace delta;
using namespace delta::ledger;
using namespace std::chrono_literals;
using delta::test::FaultyDisk;
using delta::test::MemoryStore;
using delta::test::sampleEntry;

namespace {

constexpr auto patience = 60s;

} // namespace

class LedgerTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MemoryStore> m_store;
    std::unique_ptr<FaultyDisk> m_disk;
    SystemClock m_clock;
    test::DeadHolds m_killed;

    LedgerSettings settings() const
    {
        LedgerSettings settings;
        settings.directory = m_folder->filePath(QStringLiteral("journal"));
        settings.segmentBytes = 64 * 1024;
        settings.syncInterval = 1ms;
        settings.applyInterval = 1ms;
        return settings;
    }
    std::unique_ptr<Ledger> start(const LedgerSettings &settings)
    {
        auto ledger = Ledger::start(settings, {*m_store, *m_disk, m_clock});
        return ledger ? std::move(ledger).value() : nullptr;
    }
    std::unique_ptr<Ledger> start()
    {
        return start(settings());
    }
    static Result<LedgerHold> open(Ledger &ledger, const QByteArray &id)
    {
        return ledger.open({sampleEntry(id, Money::fromNanos(10))});
    }
    /// Opens a call, waiting where the segments of a test are too small for its haste.
    static LedgerHold opened(Ledger &ledger, const QByteArray &id)
    {
        auto hold = open(ledger, id);
        while (!hold) {
            std::this_thread::yield();
            hold = open(ledger, id);
        }
        return std::move(*hold);
    }
    static void call(Ledger &ledger, const QByteArray &id)
    {
        ledger.settle(opened(ledger, id), sampleEntry(id));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<MemoryStore>();
        m_disk = std::make_unique<FaultyDisk>();
    }

    void bringsASettledCallIntoTheStore()
    {
        const auto ledger = start();
        call(*ledger, "a");
        QVERIFY(ledger->flush(patience).has_value());
        const auto entries = m_store->entries();
        QCOMPARE(entries.size(), std::size_t(1));
        QCOMPARE(entries[0].entry, sampleEntry("a"));
        QVERIFY(entries[0].offset < m_store->position().applied);
    }

    void hasNothingToFlushBeforeTheFirstCall()
    {
        const auto ledger = start();
        QVERIFY(ledger->flush(patience).has_value());
        QVERIFY(m_store->entries().empty());
    }

    void bringsItThereWithoutBeingAsked()
    {
        const auto ledger = start();
        call(*ledger, "a");
        QTRY_COMPARE(m_store->entries().size(), std::size_t(1));
        QTRY_COMPARE(ledger->status().lag, 0ms);
    }

    void appliesWhatIsSettledBeforeItStops()
    {
        LedgerSettings slow = settings();
        slow.syncInterval = slow.applyInterval = 1h;
        auto ledger = start(slow);
        for (int i = 0; i < 100; ++i) {
            call(*ledger, QByteArray::number(i));
        }
        ledger.reset();
        QCOMPARE(m_store->entries().size(), std::size_t(100));
    }

    void doesNotApplyAgainWhatWasApplied()
    {
        for (int round = 0; round < 3; ++round) {
            const auto ledger = start();
            call(*ledger, QByteArray::number(round));
        }
        QCOMPARE(m_store->requestIds(), (QByteArrayList{"0", "1", "2"}));
    }

    void keepsTheOldestOpenCallInTheJournal()
    {
        const auto ledger = start();
        auto old = open(*ledger, "old").value();
        for (int i = 0; i < 500; ++i) {
            call(*ledger, QByteArray::number(i));
            if (i % 50 == 0) {
                QVERIFY(ledger->flush(patience).has_value());
            }
        }
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->position().retain, old.offset());
        ledger->settle(std::move(old), sampleEntry("old"));
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->position().retain, m_store->position().applied);
        QCOMPARE(m_store->entries().size(), std::size_t(501));
    }

    void recoversOpenCallsAtTheNextStart()
    {
        {
            const auto ledger = start();
            call(*ledger, "settled");
            m_killed.add(open(*ledger, "open").value());
            auto running = open(*ledger, "running").value();
            ledger->progress(running, {.inputTokens = 1, .outputTokens = 256},
                             Money::fromNanos(333));
            m_killed.add(std::move(running));
        }
        const auto ledger = start();
        QCOMPARE(ledger->status().recoveredCalls, 2U);
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->requestIds(), (QByteArrayList{"open", "running", "settled"}));
        for (const ports::PostedEntry &posted : m_store->entries()) {
            if (posted.entry.requestId != "settled") {
                QCOMPARE(posted.entry.outcome, Outcome::Recovered);
                QCOMPARE(posted.entry.cost.nanos(), posted.entry.requestId == "open" ? 10 : 333);
            }
        }
    }

    void settlesACallWhoseHoldWasForgotten()
    {
        const auto ledger = start();
        {
            const auto hold = open(*ledger, "forgotten");
            QVERIFY(hold.has_value());
            QTest::ignoreMessage(QtCriticalMsg,
                                 QRegularExpression(QStringLiteral(
                                     "dropped without a settlement .* request_id=forgotten")));
        }
        QCOMPARE(ledger->status().abandonedCalls, 1U);
        QCOMPARE(ledger->status().openCalls, 0);
        QVERIFY(ledger->flush(patience).has_value());
        const SpendEntry entry = m_store->entries().at(0).entry;
        QCOMPARE(entry.cost, Money::fromNanos(10));
        QCOMPARE(entry.outcome, Outcome::Failed);
        QCOMPARE(entry.usageSource, UsageSource::Estimated);
    }

    void refusesToSettleACallTwice()
    {
        const auto ledger = start();
        auto hold = open(*ledger, "a").value();
        auto moved = std::move(hold);
        ledger->settle(std::move(moved), sampleEntry("a"));
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(QStringLiteral("settled twice")));
        ledger->settle(std::move(hold), sampleEntry("a"));
        QCOMPARE(ledger->status().misusedHolds, 1U);
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->entries().size(), std::size_t(1));
    }

    void countsOpenAndSettledCalls()
    {
        const auto ledger = start();
        auto first = open(*ledger, "a").value();
        auto second = open(*ledger, "b").value();
        QCOMPARE(ledger->status().openCalls, 2);
        ledger->settle(std::move(first), sampleEntry("a"));
        ledger->settle(std::move(second), sampleEntry("b"));
        QCOMPARE(ledger->status().openCalls, 0);
        QCOMPARE(ledger->status().settledCalls, 2U);
    }

    void takesCallsFromFourThreads()
    {
        LedgerSettings large = settings();
        large.segmentBytes = 1024 * 1024;
        const auto ledger = start(large);
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&ledger, thread] {
                for (int i = 0; i < 2000; ++i) {
                    const QByteArray id = QByteArray::number(thread) + '-' + QByteArray::number(i);
                    auto hold = opened(*ledger, id);
                    ledger->progress(hold, {}, {});
                    ledger->settle(std::move(hold), sampleEntry(id));
                }
            });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        QVERIFY(ledger->flush(patience).has_value());
        const QByteArrayList ids = m_store->requestIds();
        QCOMPARE(ids.size(), 8000);
        QVERIFY(std::ranges::adjacent_find(ids) == ids.end());
    }

    void appliesEverythingOnceAfterTheStoreWasDown()
    {
        const auto ledger = start();
        call(*ledger, "before");
        QVERIFY(ledger->flush(patience).has_value());
        m_store->setDown(true);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the database takes no entries")));
        for (int i = 0; i < 50; ++i) {
            call(*ledger, "during " + QByteArray::number(i));
        }
        QTRY_VERIFY(!ledger->status().lastError.isEmpty());
        QVERIFY(!ledger->flush(10ms));
        QVERIFY(ledger->status().backlogBytes > 0);
        m_store->setDown(false);
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(ledger->status().lastError, QString());
        QCOMPARE(m_store->entries().size(), std::size_t(51));
    }

    void stopsWhileTheStoreIsDownAndAppliesAtTheNextStart()
    {
        auto ledger = start();
        m_store->setDown(true);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the database takes no entries")));
        call(*ledger, "a");
        ledger.reset();
        QVERIFY(!start());
        m_store->setDown(false);
        ledger = start();
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->requestIds(), QByteArrayList{"a"});
    }

    void refusesCallsRatherThanGrowWithoutBounds()
    {
        LedgerSettings small = settings();
        small.maxBacklogBytes = 100'000;
        const auto ledger = start(small);
        m_store->setDown(true);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the database takes no entries")));
        call(*ledger, "x");
        QTRY_VERIFY(m_store->attempts() > 0);
        int taken = 1;
        Result<LedgerHold> hold = open(*ledger, "x");
        // A refusal may also mean that the next segment is not ready yet: only the backlog's one
        // stays.
        while (ledger->status().backlogBytes < 100'000) {
            if (hold) {
                ledger->settle(std::move(*hold), sampleEntry("x"));
                ++taken;
            }
            hold = open(*ledger, "x");
        }
        QVERIFY(!open(*ledger, "x"));
        QCOMPARE(open(*ledger, "x").error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(ledger->status().refusedCalls > 0);
        if (hold) {
            ledger->settle(std::move(*hold), sampleEntry("x"));
            ++taken;
        }
        m_store->setDown(false);
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->entries().size(), static_cast<std::size_t>(taken));
        call(*ledger, "y");
    }

    void settlesOpenCallsAfterASyncErrorAndTakesNoNewOnes()
    {
        {
            const auto ledger = start();
            auto hold = open(*ledger, "a").value();
            m_disk->syncError = EIO;
            QTest::ignoreMessage(QtCriticalMsg,
                                 QRegularExpression(QStringLiteral("the journal failed")));
            ledger->progress(hold, {}, {});
            QTRY_VERIFY(ledger->status().hasFailed);
            m_disk->syncError = 0;
            QCOMPARE(open(*ledger, "b").error().kind, ErrorKind::StoreUnavailable);
            const std::uint64_t offset = ledger->settle(std::move(hold), sampleEntry("a"));
            std::optional<Result<void>> durable;
            ledger->whenDurable(offset,
                                [&durable](const Result<void> &outcome) { durable = outcome; });
            QVERIFY(durable.has_value() && !*durable);
            QVERIFY(!ledger->flush(patience));
            QCOMPARE(ledger->status().unwrittenCalls, 0U);
        }
        QVERIFY(m_store->entries().empty());
        // The process died and the machine did not: the page cache has the settlement.
        const auto ledger = start();
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->requestIds(), QByteArrayList{"a"});
        QCOMPARE(m_store->entries().at(0).entry.outcome, Outcome::Succeeded);
    }

    void settlesEveryOpenCallOnAFullDisk()
    {
        const auto ledger = start();
        m_disk->allocateError = ENOSPC;
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the journal has no room")));
        std::vector<LedgerHold> holds;
        for (auto hold = open(*ledger, "x"); hold; hold = open(*ledger, "x")) {
            holds.push_back(std::move(*hold));
        }
        QVERIFY(holds.size() > 10);
        QTRY_VERIFY(!ledger->status().lastError.isEmpty());
        for (LedgerHold &hold : holds) {
            ledger->progress(hold, {}, {});
            ledger->settle(std::move(hold), sampleEntry("x"));
        }
        QCOMPARE(ledger->status().unwrittenCalls, 0U);
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->entries().size(), holds.size());
        m_disk->allocateError = 0;
        call(*ledger, "y"); // Taken again as soon as there is room.
        QTRY_COMPARE(ledger->status().lastError, QString());
    }

    void saysWhenARecordSurvivesAPowerCut()
    {
        LedgerSettings lazy = settings();
        lazy.syncInterval = 1h; // A waiter does not wait for it.
        const auto ledger = start(lazy);
        std::unique_lock gate(m_disk->syncGate);
        const auto hold = open(*ledger, "a").value();
        std::atomic<bool> isDurable = false;
        std::promise<Result<void>> outcome;
        ledger->whenDurable(hold.offset(), [&](const Result<void> &result) {
            isDurable = true;
            outcome.set_value(result);
        });
        QVERIFY(!isDurable);
        QVERIFY(ledger->status().syncedOffset <= hold.offset());
        gate.unlock();
        QVERIFY(outcome.get_future().get().has_value());
        QVERIFY(ledger->status().syncedOffset > hold.offset());
        // Once it is, the answer comes at once.
        bool isKnown = false;
        ledger->whenDurable(hold.offset(), [&isKnown](const Result<void> &result) {
            isKnown = result.has_value();
        });
        QVERIFY(isKnown);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("dropped without a settlement")));
    }

    void appliesOnlyWhatSurvivesAPowerCut()
    {
        const auto ledger = start();
        {
            const std::scoped_lock gate(m_disk->syncGate);
            call(*ledger, "a");
            const LedgerStatus status = ledger->status();
            QVERIFY(status.writtenOffset > status.syncedOffset);
            QVERIFY(status.appliedOffset <= status.syncedOffset);
            QVERIFY(m_store->entries().empty());
        }
        QTRY_COMPARE(m_store->entries().size(), std::size_t(1));
    }

    void refusesCallsOnceItIsStopped()
    {
        const auto ledger = start();
        auto hold = open(*ledger, "late").value();
        ledger->stop();
        QCOMPARE(open(*ledger, "b").error().kind, ErrorKind::ShuttingDown);
        ledger->settle(std::move(hold), sampleEntry("late"));
        std::optional<Result<void>> durable;
        ledger->whenDurable(ledger->status().writtenOffset - 1,
                            [&durable](const Result<void> &outcome) { durable = outcome; });
        QVERIFY(durable.has_value() && !*durable);
    }

    void appliesALateSettlementAtTheNextStart()
    {
        {
            const auto ledger = start();
            auto hold = open(*ledger, "late").value();
            ledger->stop();
            ledger->settle(std::move(hold), sampleEntry("late"));
        }
        const auto ledger = start();
        QVERIFY(ledger->flush(patience).has_value());
        QCOMPARE(m_store->entries().at(0).entry, sampleEntry("late"));
    }
};

QTEST_GUILESS_MAIN(LedgerTest)
#include "tst_ledger.moc"
