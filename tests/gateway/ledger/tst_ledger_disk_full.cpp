// labels: fault money
// links: gateway/store
#include "tests/gateway/ledger/crash_check.h"
#include "tests/gateway/ledger/crash_child.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <vector>

using namespace delta;
using namespace delta::test;

namespace {

constexpr int endedAsPlanned = 17;
const QByteArray run = "run";

/// Lets no file grow any more: what the journal and the database see of a full disk.
void fillDisk()
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1, 1};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// Opens calls until the ledger takes no more, and then settles all of them.
int runChild(const QString &folder)
{
    SystemClock clock;
    ledger::SystemDisk disk;
    store::Store store(QDir(folder).filePath(QStringLiteral("deltallm.db")), clock);
    auto started = ledger::Ledger::start(crashSettings(QDir(folder)), {store, disk, clock});
    if (!started) {
        return 1;
    }
    ledger::Ledger &ledger = **started;
    ChildReport *const reports = mapReport(QDir(folder).filePath(QString::fromUtf8(run)));
    ThreadReport &report = reports->threads[0];
    crashCall(ledger, report, crashEntry(run, 0, 0), 0);
    fillDisk();
    std::vector<ledger::LedgerHold> holds;
    for (auto hold = ledger.open({crashEntry(run, 0, 1)}); hold;
         hold = ledger.open({crashEntry(run, 0, static_cast<std::int64_t>(holds.size()) + 1)})) {
        holds.push_back(std::move(*hold));
        report.started = report.opened = static_cast<std::int64_t>(holds.size()) + 1;
    }
    for (std::size_t i = 0; i < holds.size(); ++i) {
        const auto number = static_cast<std::int64_t>(i) + 1;
        ledger.settle(std::move(holds[i]), crashEntry(run, 0, number));
        report.settled = number + 1;
    }
    const ledger::LedgerStatus status = ledger.status();
    const bool isGood = holds.size() > 10 && status.unwrittenCalls == 0 && status.refusedCalls == 1;
    // The end that a supervisor would make of it.
    ::_exit(isGood ? endedAsPlanned : 2);
}

} // namespace

class LedgerDiskFullTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settlesWhatIsOpenWhenNoFileCanGrow()
    {
        QTemporaryDir folder;
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--child"), folder.path()});
        QVERIFY(child.waitForFinished(-1));
        QCOMPARE(child.exitCode(), endedAsPlanned);
        // Once there is room again, the next start brings all of it into the store.
        CrashCheck check(QDir(folder.path()), run);
        const QString problem = check.check(*mapReport(folder.filePath(QString::fromUtf8(run))));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY(check.count() > 10);
    }
};

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--child")) {
        return runChild(arguments.value(2));
    }
    LedgerDiskFullTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ledger_disk_full.moc"
