#include "gateway/telemetry/process_stats.h"

#include <QByteArrayList>
#include <QFile>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace delta::telemetry {

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::chrono::microseconds fromTicks(qint64 ticks)
{
    return std::chrono::microseconds(ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

/// Returns when the machine started, from the line `btime` of /proc/stat.
std::chrono::seconds bootTime()
{
    const QByteArray text = contentOf(QStringLiteral("/proc/stat"));
    const qsizetype line = text.indexOf("\nbtime ");
    return std::chrono::seconds(
        line < 0 ? 0 : text.sliced(line + 7, text.indexOf('\n', line + 1) - line - 7).toLongLong());
}

/// Counts the entries of /proc/self/fd but for the descriptor that this itself opens.
qint64 openFileCount()
{
    std::error_code error;
    qint64 count = -1;
    std::filesystem::directory_iterator entry("/proc/self/fd", error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        ++count;
    }
    return std::max<qint64>(count, 0);
}

} // namespace

ProcessStats readProcessStats()
{
    const QByteArray text = contentOf(QStringLiteral("/proc/self/stat"));
    // The second field is the program's name in parentheses and may hold blanks; count from behind
    // it.
    const QByteArrayList fields = text.sliced(text.lastIndexOf(')') + 1).simplified().split(' ');
    const auto field = [&fields](qsizetype number) {
        return fields.value(number - 3).toLongLong();
    };

    ProcessStats stats;
    stats.cpu = fromTicks(field(14) + field(15));
    stats.startedAt = bootTime() + fromTicks(field(22));
    stats.virtualBytes = field(23);
    stats.residentBytes = field(24) * ::sysconf(_SC_PAGESIZE);
    stats.openFiles = openFileCount();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        stats.fileLimit = static_cast<qint64>(limit.rlim_cur);
    }
    return stats;
}

} // namespace delta::telemetry
