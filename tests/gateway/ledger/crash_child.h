#pragma once

#include "gateway/ledger/journal_disk.h"
#include "gateway/ledger/ledger.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <fcntl.h>
#include <QByteArray>
#include <QDir>
#include <QFile>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace delta::test {

/// What a child process reports of one of its threads. It lies in a mapped file, so that the parent
/// reads it after the child was killed.
struct ThreadReport {
    std::atomic<std::int64_t> started = 0; ///< Calls for which open() was about to be called.
    std::atomic<std::int64_t> opened = 0;  ///< Calls for which open() had returned.
    std::atomic<std::int64_t> settled = 0; ///< Calls for which settle() had returned.
};

inline constexpr int reportThreads = 3;

/// The reports of a child.
struct ChildReport {
    std::array<ThreadReport, reportThreads> threads;
};

/// Maps the report of a child for the rest of the process; makes it empty if it is new.
inline ChildReport *mapReport(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    [[maybe_unused]] const int sized = ::ftruncate(fd, sizeof(ChildReport));
    void *memory = ::mmap(nullptr, sizeof(ChildReport), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return static_cast<ChildReport *>(memory);
}

/// Makes the id of a call: which run, which thread, which of its calls.
inline QByteArray crashCallId(const QByteArray &run, int thread, std::int64_t number)
{
    return run + '/' + QByteArray::number(thread) + '/' + QByteArray::number(number);
}

/// Says what a call costs when it is settled, when it is recovered after progress, and when it is
/// recovered without: three numbers that cannot be mistaken for each other.
inline Money settledCost(std::int64_t number)
{
    return Money::fromNanos(1000 * number + 3);
}
inline Money progressCost(std::int64_t number)
{
    return Money::fromNanos(1000 * number + 2);
}
inline Money estimatedCost(std::int64_t number)
{
    return Money::fromNanos(1000 * number + 1);
}

/// Makes the call of that number; the model is the run, so that the runs can be told apart.
inline SpendEntry crashEntry(const QByteArray &run, int thread, std::int64_t number)
{
    SpendEntry entry = sampleEntry(crashCallId(run, thread, number), settledCost(number));
    entry.model = run;
    entry.keyId = "key-" + QByteArray::number(number % 5);
    return entry;
}

/// Opens, continues and settles one call, and reports each step.
inline void crashCall(ledger::Ledger &ledger, ThreadReport &report, const SpendEntry &entry,
                      std::int64_t number)
{
    SpendEntry facts = entry;
    facts.cost = estimatedCost(number);
    report.started = number + 1;
    auto hold = ledger.open({facts});
    while (!hold) { // The next segment may not be ready yet.
        ::usleep(100);
        hold = ledger.open({facts});
    }
    report.opened = number + 1;
    if (number % 3 == 0) {
        ledger.progress(*hold, facts.usage, progressCost(number));
    }
    ledger.settle(std::move(*hold), entry);
    report.settled = number + 1;
}

/// The settings of a ledger that rolls, syncs and applies as often as it can.
inline ledger::LedgerSettings crashSettings(const QDir &folder)
{
    ledger::LedgerSettings settings;
    settings.directory = folder.filePath(QStringLiteral("journal"));
    settings.segmentBytes = 64 * 1024;
    settings.syncInterval = std::chrono::milliseconds(1);
    settings.applyInterval = std::chrono::milliseconds(1);
    return settings;
}

} // namespace delta::test
