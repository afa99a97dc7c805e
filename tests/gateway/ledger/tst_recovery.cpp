#include "gateway/ledger/call_record.h"
#include "gateway/ledger/journal.h"
#include "gateway/ledger/journal_reader.h"
#include "gateway/ledger/recovery.h"
#include "gateway/ledger/system_disk.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <utility>
#include <vector>

using namespace delta;
using namespace delta::ledger;
using delta::test::sampleEntry;

class RecoveryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemDisk m_disk;

    LedgerSettings settings() const
    {
        LedgerSettings settings;
        settings.directory = m_folder->filePath(QStringLiteral("journal"));
        settings.segmentBytes = 1024 * 1024;
        return settings;
    }
    std::unique_ptr<Journal> open(ports::JournalPosition position = {})
    {
        return Journal::open(settings(), m_disk, position).value();
    }
    static std::uint64_t openCall(Journal &journal, const QByteArray &id, Money estimate)
    {
        return journal.appendOpen(RecordPayload::ofOpen(sampleEntry(id, estimate)).bytes(), 0)
            .value();
    }
    static void progress(Journal &journal, std::uint64_t call, const CallProgress &progress)
    {
        QVERIFY(
            journal
                .append(RecordType::Progress, RecordPayload::ofProgress(call, progress).bytes(), 0)
                .has_value());
    }
    static std::uint64_t settle(Journal &journal, std::uint64_t call, const SpendEntry &entry)
    {
        return journal.append(RecordType::Settle, RecordPayload::ofSettle(call, entry).bytes(), 0)
            .value();
    }
    /// Returns the entries of all Settle records.
    static std::vector<SpendEntry> settledIn(const Journal &journal)
    {
        std::vector<SpendEntry> entries;
        JournalReader reader(journal, 0);
        while (const auto record = reader.next(journal.written())) {
            if (record->type == RecordType::Settle) {
                entries.push_back(entryOf(*record).value());
            }
        }
        return entries;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void doesNothingWhenEveryCallHasEnded()
    {
        const auto journal = open();
        settle(*journal, openCall(*journal, "a", {}), sampleEntry("a"));
        const std::uint64_t before = journal->written();
        const Recovery recovery = recoverCalls(*journal, {}).value();
        QCOMPARE(recovery.charged, 0U);
        QCOMPARE(recovery.voided, 0U);
        QCOMPARE(journal->written(), before);
    }

    void chargesTheEstimateOfACallThatMadeNoProgress()
    {
        const auto journal = open();
        openCall(*journal, "a", Money::fromNanos(77));
        QCOMPARE(recoverCalls(*journal, {}).value().charged, 1U);
        const std::vector<SpendEntry> entries = settledIn(*journal);
        QCOMPARE(entries.size(), std::size_t(1));
        QCOMPARE(entries[0].requestId, QByteArray("a"));
        QCOMPARE(entries[0].keyId, sampleEntry("a").keyId);
        QCOMPARE(entries[0].cost, Money::fromNanos(77));
        QCOMPARE(entries[0].usage, sampleEntry("a").usage);
        QCOMPARE(entries[0].outcome, Outcome::Recovered);
        QCOMPARE(entries[0].usageSource, UsageSource::Recovered);
    }

    void chargesTheLastProgress()
    {
        const auto journal = open();
        const auto call = openCall(*journal, "a", Money::fromNanos(77));
        progress(*journal, call, {{.inputTokens = 5, .outputTokens = 256}, Money::fromNanos(500)});
        progress(*journal, call, {{.inputTokens = 5, .outputTokens = 512}, Money::fromNanos(900)});
        const Recovery recovery = recoverCalls(*journal, {}).value();
        QCOMPARE(recovery.cost, Money::fromNanos(900));
        const SpendEntry entry = settledIn(*journal).front();
        QCOMPARE(entry.cost, Money::fromNanos(900));
        QCOMPARE(entry.usage.outputTokens, 512);
    }

    void settlesEachCallOnceHoweverOftenItIsRepeated()
    {
        for (int round = 0; round < 3; ++round) {
            const auto journal = open();
            if (round == 0) {
                for (int i = 0; i < 20; ++i) {
                    openCall(*journal, QByteArray::number(i), Money::fromNanos(i));
                }
            }
            QCOMPARE(recoverCalls(*journal, {}).value().charged, round == 0 ? 20U : 0U);
            QCOMPARE(settledIn(*journal).size(), std::size_t(20));
            QCOMPARE(journal->synced(), journal->written());
        }
    }

    void ignoresWhatWasOpenedBeforeTheRetainedPosition()
    {
        // As when a power cut brings back a segment that was removed, and not the one after it.
        const auto journal = open();
        openCall(*journal, "settled long ago", {});
        const std::uint64_t retain = journal->written();
        openCall(*journal, "open", {});
        QCOMPARE(recoverCalls(*journal, {retain, retain}).value().charged, 1U);
        QCOMPARE(settledIn(*journal).front().requestId, QByteArray("open"));
    }

    // The settlement was applied to the store before the damage, so charging the call would double
    // it.
    void voidsACallWhoseEndDamageMayHide()
    {
        std::uint64_t applied = 0;
        std::uint64_t settledAt = 0;
        {
            const auto journal = open();
            const auto call = openCall(*journal, "posted", {});
            settledAt = settle(*journal, call, sampleEntry("posted"));
            applied = journal->written();
            openCall(*journal, "unreadable", {});
        }
        damageAt(settledAt + 20);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("a journal file is damaged")));
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral(
                                 "an open call is ended without a charge, .* request_id=posted")));
        const auto journal = open({applied, 0});
        const Recovery recovery = recoverCalls(*journal, {applied, 0}).value();
        QCOMPARE(recovery.voided, 1U);
        QCOMPARE(recovery.charged, 0U);
        QVERIFY(settledIn(*journal).empty());
        QCOMPARE(recoverCalls(*journal, {applied, 0}).value().voided, 0U);
    }

    // The same where the file that held the settlement has no readable beginning any more, or is gone.
    void voidsACallWhoseEndWasInALostFile_data()
    {
        QTest::addColumn<bool>("isRemoved");
        QTest::addColumn<bool>("isLast");
        QTest::newRow("broken header, in the middle") << false << false;
        QTest::newRow("removed, in the middle") << true << false;
        QTest::newRow("broken header, the last") << false << true;
        QTest::newRow("removed, the last") << true << true;
    }
    void voidsACallWhoseEndWasInALostFile()
    {
        QFETCH(const bool, isRemoved);
        QFETCH(const bool, isLast);
        std::uint64_t settledAt = 0;
        std::uint64_t applied = 0;
        {
            const auto journal = open();
            const auto open = openCall(*journal, "still open", {});
            const auto call = openCall(*journal, "posted", Money::fromNanos(7));
            fillSegment(*journal, open);
            settledAt = settle(*journal, call, sampleEntry("posted"));
            for (int i = 0; i < 500; ++i) {
                progress(*journal, open, {});
            }
            if (!isLast) {
                fillSegment(*journal, open);
                progress(*journal, open, {});
            }
            applied = journal->written();
        }
        if (isRemoved) {
            QVERIFY(QFile::remove(fileAt(settledAt)));
        } else {
            damage(fileAt(settledAt), 0);
            QTest::ignoreMessage(QtCriticalMsg,
                                 QRegularExpression(QStringLiteral("is kept aside")));
        }
        QTest::ignoreMessage(
            QtCriticalMsg, QRegularExpression(QStringLiteral("a part of the journal is missing")));
        for (const char *id : {"still open", "posted"}) {
            QTest::ignoreMessage(
                QtCriticalMsg,
                QRegularExpression(QStringLiteral("ended without a charge, .* request_id=%1")
                                       .arg(QLatin1StringView(id))));
        }
        const auto journal = open({applied, 0});
        const Recovery recovery = recoverCalls(*journal, {applied, 0}).value();
        QCOMPARE(recovery.voided, 2U);
        QCOMPARE(recovery.charged, 0U);
        QVERIFY(journal->written() > applied);
    }

    void chargesACallWhoseEndCannotHaveBeenApplied()
    {
        std::uint64_t settledAt = 0;
        std::uint64_t applied = 0;
        {
            const auto journal = open();
            const auto call = openCall(*journal, "lost settlement", Money::fromNanos(5));
            applied = journal->written();
            settledAt = settle(*journal, call, sampleEntry("lost settlement"));
        }
        damageAt(settledAt + 20);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("a journal file is damaged")));
        const auto journal = open({applied, 0});
        QCOMPARE(recoverCalls(*journal, {applied, 0}).value().charged, 1U);
        QCOMPARE(settledIn(*journal).front().cost, Money::fromNanos(5));
    }

    void readsSixtyFourMebibytesAtStart()
    {
        constexpr std::uint64_t wanted = 64ULL * 1024 * 1024;
        {
            const auto journal = open();
            for (int i = 0; journal->written() < wanted; ++i) {
                journal->prepareSegments();
                const auto call = openCall(*journal, QByteArray::number(i), Money::fromNanos(i));
                if (i % 100 != 0) {
                    settle(*journal, call, sampleEntry(QByteArray::number(i)));
                }
            }
        }
        QElapsedTimer timer;
        timer.start();
        const auto journal = open();
        const Recovery recovery = recoverCalls(*journal, {}).value();
        qInfo("recovery of 64 MiB with %llu open calls: %lld ms", recovery.charged,
              timer.elapsed());
        QVERIFY(recovery.charged > 1000);
    }

private:
    /// Writes progress of a call until a new file has begun.
    static void fillSegment(Journal &journal, std::uint64_t call)
    {
        const std::uint64_t limit = journal.segmentAt(journal.written() - 1)->limit();
        while (journal.written() < limit) {
            journal.prepareSegments();
            progress(journal, call, {});
        }
    }
    /// Returns the path of the file that holds a record, and where in it the record begins.
    std::pair<QString, qint64> placeOf(std::uint64_t offset) const
    {
        const QDir folder(settings().directory);
        for (const QString &name : folder.entryList({QStringLiteral("*.journal")}, QDir::Files)) {
            const std::uint64_t base = name.first(16).toULongLong(nullptr, 16);
            const auto size = static_cast<std::uint64_t>(QFileInfo(folder.filePath(name)).size());
            if (offset >= base && offset < base + size) {
                return {folder.filePath(name), static_cast<qint64>(offset - base)};
            }
        }
        return {};
    }
    QString fileAt(std::uint64_t offset) const
    {
        return placeOf(offset).first;
    }
    void damageAt(std::uint64_t offset) const
    {
        const auto [path, place] = placeOf(offset);
        damage(path, place);
    }
    static void damage(const QString &path, qint64 place)
    {
        QFile file(path);
        char byte = 0;
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(place));
        QVERIFY(file.peek(&byte, 1) == 1 && file.putChar(static_cast<char>(byte ^ 1)));
    }
};

QTEST_GUILESS_MAIN(RecoveryTest)
#include "tst_recovery.moc"
