// labels: fault money
// links: gateway/store
#include "tests/gateway/ledger/crash_check.h"
#include "tests/gateway/ledger/crash_child.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <random>
#include <thread>
#include <vector>

using namespace delta;
using namespace delta::test;

namespace {

/// Makes calls on three threads until it is killed.
int runChild(const QString &folder, const QByteArray &run)
{
    SystemClock clock;
    ledger::SystemDisk disk;
    store::Store store(QDir(folder).filePath(QStringLiteral("deltallm.db")), clock);
    auto ledger = ledger::Ledger::start(crashSettings(QDir(folder)), {store, disk, clock});
    if (!ledger) {
        qCritical("%s", qPrintable(ledger.error().message + ledger.error().detail));
        return 1;
    }
    ChildReport *const report = mapReport(QDir(folder).filePath(QString::fromUtf8(run)));
    std::vector<std::thread> threads;
    for (int thread = 0; thread < reportThreads; ++thread) {
        threads.emplace_back([&ledger, report, &run, thread] {
            for (std::int64_t number = 0;; ++number) {
                crashCall(**ledger, report->threads[static_cast<std::size_t>(thread)],
                          crashEntry(run, thread, number), number);
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    return 0;
}

} // namespace

class LedgerKillTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesAndDoublesNothingWhenKilledAtAnyMoment()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        constexpr int rounds = 10; // Each of which takes ten times as long.
#else
        constexpr int rounds = 50;
#endif
        constexpr quint32 seed = 20'240'607;
        QTemporaryDir folder;
        std::mt19937 random(seed);
        qsizetype calls = 0;
        for (int round = 0; round < rounds; ++round) {
            const QByteArray run = "run-" + QByteArray::number(round);
            const QString reportPath = folder.filePath(QString::fromUtf8(run));
            ChildReport *const report = mapReport(reportPath);
            QProcess child;
            child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            child.start(QCoreApplication::applicationFilePath(),
                        {QStringLiteral("--child"), folder.path(), QString::fromUtf8(run)});
            // The moment is chosen by what the child has done, so that slow machines test the same.
            const auto killAfter = static_cast<std::int64_t>(1 + random() % 600);
            while (report->threads[0].settled < killAfter
                   && child.state() != QProcess::NotRunning) {
                child.waitForFinished(1);
            }
            child.kill();
            QVERIFY(child.waitForFinished());
            QCOMPARE(child.exitStatus(), QProcess::CrashExit);
            CrashCheck check(QDir(folder.path()), run);
            const QString problem = check.check(*report);
            QVERIFY2(problem.isEmpty(),
                     qPrintable(QStringLiteral("round %1: ").arg(round) + problem));
            calls += check.count();
        }
        qInfo("%d kills, %lld calls, none lost or doubled", rounds, static_cast<long long>(calls));
    }
};

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--child")) {
        return runChild(arguments.value(2), arguments.value(3).toUtf8());
    }
    LedgerKillTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ledger_kill.moc"
