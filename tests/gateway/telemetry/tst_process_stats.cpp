#include "gateway/telemetry/process_stats.h"

#include <QFile>
#include <QtTest>

using namespace delta::telemetry;

class ProcessStatsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsPlausibleFigures()
    {
        const ProcessStats stats = readProcessStats();
        QVERIFY(stats.residentBytes > 1'000'000);
        QVERIFY(stats.virtualBytes >= stats.residentBytes);
        QVERIFY(stats.fileLimit >= stats.openFiles);
        QVERIFY(stats.cpu.count() >= 0);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto age = now - stats.startedAt;
        // The kernel rounds the boot time to seconds.
        QVERIFY(age > std::chrono::seconds(-2) && age < std::chrono::hours(1));
    }

    void countsOpenFiles()
    {
        const qint64 before = readProcessStats().openFiles;
        QFile file(QStringLiteral("/proc/self/stat"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(readProcessStats().openFiles, before + 1);
    }
};

QTEST_GUILESS_MAIN(ProcessStatsTest)
#include "tst_process_stats.moc"
