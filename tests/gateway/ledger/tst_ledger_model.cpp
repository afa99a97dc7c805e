// labels: money db
// links: gateway/store
#include "gateway/ledger/ledger.h"
#include "gateway/ledger/system_disk.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/dead_holds.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <random>

using namespace delta;
using namespace std::chrono_literals;
using delta::test::sampleEntry;

namespace {

constexpr auto patience = 120s;

/// The ledger as one would explain it: what each call was last known to cost, and what was posted.
class ReferenceLedger
{
public:
    void open(int call, const QByteArray &key, Money estimate)
    {
        m_open[call] = {key, estimate};
    }
    void progress(int call, Money cost)
    {
        m_open.at(call).cost = cost;
    }
    void settle(int call, Money cost)
    {
        post(m_open.at(call).key, cost);
        m_open.erase(call);
    }
    /// Posts what is left open at what it was last known to cost.
    void recover()
    {
        for (const auto &[call, state] : m_open) {
            post(state.key, state.cost);
        }
        m_open.clear();
    }

    std::map<QByteArray, Money> spendOfKeys;
    qint64 posted = 0;
    Money total;

private:
    struct State {
        QByteArray key;
        Money cost;
    };
    void post(const QByteArray &key, Money cost)
    {
        spendOfKeys[key] += cost;
        total += cost;
        ++posted;
    }

    std::map<int, State> m_open;
};

} // namespace

class LedgerModelTest : public QObject
{
    Q_OBJECT

    /// One run of random operations against both ledgers.
    struct Run {
        explicit Run(quint32 seed)
            : random(seed)
        {
            settings.directory = folder.filePath(QStringLiteral("journal"));
            settings.segmentBytes = 256 * 1024;
            settings.syncInterval = 1ms;
            settings.applyInterval = 5ms;
        }

        QTemporaryDir folder;
        SystemClock clock;
        ledger::SystemDisk disk;
        store::Store store{folder.filePath(QStringLiteral("deltallm.db")), clock};
        ledger::LedgerSettings settings;
        std::unique_ptr<ledger::Ledger> ledger;
        std::map<int, ledger::LedgerHold> holds;
        delta::test::DeadHolds dead;
        ReferenceLedger reference;
        std::mt19937 random;
        int calls = 0;

        int pick(int below)
        {
            return static_cast<int>(random() % static_cast<quint32>(below));
        }
        Money money()
        {
            // Mostly small, sometimes so large that a double would lose nanos.
            return Money::fromNanos(pick(20) == 0 ? 9'007'199'254'740'993LL / (1 + pick(100))
                                                  : pick(5'000'000));
        }
        SpendEntry entry(int call, Money cost)
        {
            SpendEntry made = sampleEntry("call-" + QByteArray::number(call), cost);
            made.keyId = "key-" + QByteArray::number(call % 17);
            made.model = "model-" + QByteArray::number(call % 5);
            made.startedAt += std::chrono::minutes(call % 500);
            made.status = call % 3 == 0 ? 502 : 200;
            return made;
        }
        std::map<int, ledger::LedgerHold>::iterator someHold()
        {
            return std::next(holds.begin(), pick(static_cast<int>(holds.size())));
        }
        void start()
        {
            ledger = ledger::Ledger::start(settings, {store, disk, clock}).value();
            reference.recover();
        }
        void open()
        {
            const int call = calls++;
            const SpendEntry facts = entry(call, money());
            auto hold = ledger->open({facts});
            // Refused for a moment if the next segment is not ready: then there is no call.
            if (hold) {
                holds.emplace(call, std::move(*hold));
                reference.open(call, facts.keyId, facts.cost);
            }
        }
        void progress()
        {
            const auto hold = someHold();
            const Money cost = money();
            ledger->progress(hold->second, {.outputTokens = 256}, cost);
            reference.progress(hold->first, cost);
        }
        void settle()
        {
            const auto hold = someHold();
            const SpendEntry final = entry(hold->first, money());
            ledger->settle(std::move(hold->second), final);
            reference.settle(hold->first, final.cost);
            holds.erase(hold);
        }
        /// Stops the ledger as if the process had died with its calls.
        void restart()
        {
            for (auto &[call, hold] : holds) {
                dead.add(std::move(hold));
            }
            holds.clear();
            ledger.reset();
            start();
        }
        void step()
        {
            const int dice = pick(1000);
            if (dice == 0) {
                restart();
            } else if (dice < 340 || holds.empty()) {
                open();
            } else if (dice < 640) {
                progress();
            } else {
                settle();
            }
        }
    };

private Q_SLOTS:
    void agreesWithTheReferenceToTheNano_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 5; ++seed) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }
    void agreesWithTheReferenceToTheNano()
    {
        QFETCH(const quint32, seed);
        Run run(seed);
        run.start();
        for (int i = 0; i < 20'000; ++i) {
            run.step();
        }
        run.restart();
        QVERIFY(run.ledger->flush(patience).has_value());
        QCOMPARE(run.ledger->status().abandonedCalls, 0U);
        run.ledger.reset();

        const store::SpendTotals totals = run.store.spendTotals({}).value();
        QCOMPARE(totals.requests, run.reference.posted);
        QCOMPARE(totals.spend, run.reference.total);
        for (const auto &[key, spend] : run.reference.spendOfKeys) {
            QCOMPARE(run.store.spendTotals({.keyId = key}).value().spend, spend);
        }
        const store::Verification verification = run.store.verify().value();
        QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
        QCOMPARE(verification.events.spend, run.reference.total);
    }
};

QTEST_GUILESS_MAIN(LedgerModelTest)
#include "tst_ledger_model.moc"
