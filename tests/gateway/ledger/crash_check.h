#pragma once

#include "gateway/ledger/system_disk.h"
#include "tests/gateway/ledger/crash_child.h"

#include <QHash>
#include <QString>

#include <chrono>

namespace delta::test {

/// Starts a ledger where a killed one was, so that it recovers, and checks against the child's
/// report: every settled call is posted once at its cost; a call that was open is posted once, at
/// what was known of it; nothing else is posted. Returns what is wrong; empty if nothing is.
class CrashCheck
{
public:
    CrashCheck(const QDir &folder, const QByteArray &run)
        : m_folder(folder)
        , m_run(run)
        , m_store(folder.filePath(QStringLiteral("deltallm.db")), m_clock)
    {
    }

    [[nodiscard]] QString check(const ChildReport &report)
    {
        if (const QString problem = recover(); !problem.isEmpty()) {
            return problem;
        }
        if (const QString problem = load(); !problem.isEmpty()) {
            return problem;
        }
        for (int thread = 0; thread < reportThreads; ++thread) {
            if (const QString problem = checkThread(
                    report.threads[static_cast<std::size_t>(thread)], thread);
                !problem.isEmpty()) {
                return problem;
            }
        }
        if (!m_posted.isEmpty()) {
            return QStringLiteral("posted, but never begun: ")
                + QString::fromUtf8(m_posted.begin().key());
        }
        const auto verification = m_store.verify();
        if (!verification) {
            return verification.error().detail;
        }
        return verification->isSound() ? QString() : verification->toText();
    }
    /// Returns how many calls were settled or recovered in the run.
    [[nodiscard]] qsizetype count() const
    {
        return m_count;
    }

private:
    QString recover()
    {
        auto ledger = ledger::Ledger::start(crashSettings(m_folder), {m_store, m_disk, m_clock});
        if (!ledger) {
            return QStringLiteral("no start: ") + ledger.error().message + ledger.error().detail;
        }
        const auto flushed = (*ledger)->flush(std::chrono::minutes(2));
        return flushed ? QString() : QStringLiteral("no flush: ") + flushed.error().detail;
    }
    QString load()
    {
        constexpr qint64 pageSize = 1000;
        for (qint64 offset = 0;; offset += pageSize) {
            const auto page = m_store.spendLog({.model = m_run},
                                               {.limit = pageSize, .offset = offset});
            if (!page) {
                return page.error().detail;
            }
            for (const ports::PostedEntry &posted : *page) {
                if (m_posted.contains(posted.entry.requestId)) {
                    return QStringLiteral("posted twice: ")
                        + QString::fromUtf8(posted.entry.requestId);
                }
                m_posted.insert(posted.entry.requestId, posted.entry);
            }
            if (page->size() < static_cast<std::size_t>(pageSize)) {
                m_count = m_posted.size();
                return {};
            }
        }
    }
    QString checkThread(const ThreadReport &report, int thread)
    {
        for (std::int64_t number = 0; number < report.started; ++number) {
            const QByteArray id = crashCallId(m_run, thread, number);
            const auto posted = m_posted.find(id);
            if (posted == m_posted.end()) {
                // A kill inside open() may come before its record.
                if (number < report.opened) {
                    return QStringLiteral("lost: ") + QString::fromUtf8(id);
                }
                continue;
            }
            const Money cost = posted->cost;
            const bool isKnown = number < report.settled ? cost == settledCost(number)
                                                         : cost == settledCost(number)
                    || cost == progressCost(number) || cost == estimatedCost(number);
            if (!isKnown) {
                return QStringLiteral("wrong cost: ") + QString::fromUtf8(id) + u' ' + cost.toUsd();
            }
            m_posted.erase(posted);
        }
        return {};
    }

    const QDir m_folder;
    const QByteArray m_run;
    SystemClock m_clock;
    ledger::SystemDisk m_disk;
    store::Store m_store;
    QHash<QByteArray, SpendEntry> m_posted; ///< Those that are not accounted for yet.
    qsizetype m_count = 0;
};

} // namespace delta::test
