// labels: fault money
// links: gateway/store SQLite::SQLite3
#include "tests/gateway/ledger/crash_check.h"
#include "tests/gateway/ledger/crash_child.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <tuple>
#include <type_traits>

using namespace delta;
using namespace delta::test;

namespace {

constexpr int diedAsAsked = 86; ///< Exit code of a child that reached its crash point.
const QByteArray run = "run";

/// Counts the points that a child passes, and ends it at the one it was told. All threads pass the
/// same counter: which call of which thread is the n-th may differ from run to run, but every n is
/// tried.
class CrashPoints
{
public:
    explicit CrashPoints(int deadly)
        : m_left(deadly)
    {
    }
    void pass()
    {
        if (--m_left == 0) {
            ::_exit(diedAsAsked);
        }
    }

private:
    std::atomic<int> m_left;
};

/// The real disk, with a crash point before and after every call.
class DeadlyDisk final : public ledger::JournalDisk
{
public:
    explicit DeadlyDisk(CrashPoints &points)
        : m_points(points)
    {
    }
    std::expected<int, std::error_code> create(const QByteArray &path) override
    {
        return around([&] { return m_disk.create(path); });
    }
    std::error_code allocate(int fd, qint64 bytes) override
    {
        return around([&] { return m_disk.allocate(fd, bytes); });
    }
    std::error_code sync(int fd) override
    {
        return around([&] { return m_disk.sync(fd); });
    }
    std::error_code syncDirectory(const QByteArray &path) override
    {
        return around([&] { return m_disk.syncDirectory(path); });
    }
    std::error_code rename(const QByteArray &from, const QByteArray &to) override
    {
        return around([&] { return m_disk.rename(from, to); });
    }
    std::error_code truncate(const QByteArray &path, qint64 bytes) override
    {
        return around([&] { return m_disk.truncate(path, bytes); });
    }
    std::error_code remove(const QByteArray &path) override
    {
        return around([&] { return m_disk.remove(path); });
    }

private:
    template <typename Call>
    std::invoke_result_t<Call> around(Call call)
    {
        m_points.pass();
        auto result = call();
        m_points.pass();
        return result;
    }

    ledger::SystemDisk m_disk;
    CrashPoints &m_points;
};

CrashPoints *statementPoints = nullptr; ///< SQLite's hook for new connections takes no context.

int passStatement(unsigned, void *, void *, void *)
{
    statementPoints->pass();
    return 0;
}

int watchStatements(sqlite3 *database, const char **, const void *)
{
    return ::sqlite3_trace_v2(database, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, passStatement,
                              nullptr);
}

/// Makes calls on one thread, enough to fill some segments, and ends in good order.
int runChild(const QString &folder, const QString &kind, int deadly)
{
    CrashPoints diskPoints(kind == QStringLiteral("disk") ? deadly : 0);
    CrashPoints sqlPoints(kind == QStringLiteral("sql") ? deadly : 0);
    statementPoints = &sqlPoints;
    ::sqlite3_auto_extension(reinterpret_cast<void (*)()>(watchStatements));
    SystemClock clock;
    DeadlyDisk disk(diskPoints);
    store::Store store(QDir(folder).filePath(QStringLiteral("deltallm.db")), clock);
    ChildReport *const report = mapReport(QDir(folder).filePath(QString::fromUtf8(run)));
    auto ledger = ledger::Ledger::start(crashSettings(QDir(folder)), {store, disk, clock});
    if (!ledger) {
        qCritical("%s", qPrintable(ledger.error().message + ledger.error().detail));
        return 1;
    }
    constexpr std::int64_t calls = 400;
    for (std::int64_t number = 0; number < calls; ++number) {
        crashCall(**ledger, report->threads[0], crashEntry(run, 0, number), number);
        if (number % (calls / 4) == 0) {
            std::ignore = (*ledger)->flush(std::chrono::minutes(2));
        }
    }
    return 0;
}

int runProcess(const QString &folder, const QString &kind, int deadly)
{
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--child"), folder, kind, QString::number(deadly)});
    child.waitForFinished(-1);
    return child.exitStatus() == QProcess::NormalExit ? child.exitCode() : -1;
}

} // namespace

class LedgerCrashPointsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesAndDoublesNothingWhenItDiesAtAnyPoint_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("each system call of the journal") << QStringLiteral("disk");
        QTest::newRow("each SQL statement") << QStringLiteral("sql");
    }
    void losesAndDoublesNothingWhenItDiesAtAnyPoint()
    {
        QFETCH(const QString, kind);
        int point = 1;
        for (int exitCode = diedAsAsked; exitCode == diedAsAsked; point += step(point)) {
            QTemporaryDir folder;
            exitCode = runProcess(folder.path(), kind, point);
            QVERIFY2(exitCode == diedAsAsked || exitCode == 0,
                     qPrintable(QString::number(exitCode)));
            CrashCheck check(QDir(folder.path()), run);
            const QString problem = check.check(
                *mapReport(folder.filePath(QString::fromUtf8(run))));
            QVERIFY2(problem.isEmpty(),
                     qPrintable(QStringLiteral("point %1: ").arg(point) + problem));
        }
        qInfo("%s: %d crash points reached", qPrintable(kind), point - 1);
        QVERIFY(point > 40);
    }

private:
    /// Tries every early point, where the start and the migrations are, and then samples.
    static int step(int point)
    {
        return point < 40 ? 1 : 11;
    }
};

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--child")) {
        return runChild(arguments.value(2), arguments.value(3), arguments.value(4).toInt());
    }
    LedgerCrashPointsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ledger_crash_points.moc"
