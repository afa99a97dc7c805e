#include "gateway/ledger/journal.h"
#include "gateway/ledger/journal_reader.h"
#include "tests/gateway/ledger/faulty_disk.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

using namespace delta;
using namespace delta::ledger;
using delta::test::FaultyDisk;

namespace {

constexpr qsizetype segmentBytes = 64 * 1024; ///< The smallest there is.
constexpr qsizetype promise = 1024;

/// Returns the payloads that a new reader finds.
QByteArrayList payloadsIn(const Journal &journal, std::uint64_t from = 0)
{
    QByteArrayList payloads;
    JournalReader reader(journal, from);
    while (const auto record = reader.next(journal.written())) {
        payloads.append(record->payload.toByteArray());
    }
    return payloads;
}

} // namespace

class JournalTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    FaultyDisk m_disk;

    LedgerSettings settings() const
    {
        LedgerSettings settings;
        settings.directory = m_folder->filePath(QStringLiteral("journal"));
        settings.segmentBytes = segmentBytes;
        return settings;
    }
    std::unique_ptr<Journal> open(ports::JournalPosition position = {})
    {
        return Journal::open(settings(), m_disk, position).value();
    }
    QStringList files(const QString &pattern) const
    {
        return QDir(settings().directory).entryList({pattern}, QDir::Files, QDir::Name);
    }
    /// Appends records of about a kilobyte; returns how many were taken.
    static int appendMany(Journal &journal, int count, RecordType type = RecordType::Settle)
    {
        for (int i = 0; i < count; ++i) {
            const QByteArray payload = QByteArray::number(i).leftJustified(1000, '.');
            const auto offset = type == RecordType::Open ? journal.appendOpen(payload, promise)
                                                         : journal.append(type, payload, 0);
            if (!offset) {
                return i;
            }
        }
        return count;
    }
    /// Corrupts one byte of a file of the journal.
    void damage(const QString &name, qint64 at) const
    {
        QFile file(QDir(settings().directory).filePath(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(at));
        char byte = 0;
        QVERIFY(file.peek(&byte, 1) == 1);
        QVERIFY(file.putChar(static_cast<char>(byte ^ 0x40)));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_disk.allocateError = 0;
        m_disk.syncError = 0;
        m_disk.syncs = 0;
    }

    void readsAcrossSegmentsAndRestarts()
    {
        {
            const auto journal = open();
            for (int i = 0; i < 10; ++i) {
                QCOMPARE(appendMany(*journal, 30), 30);
                QVERIFY(journal->prepareSegments());
            }
            QCOMPARE(payloadsIn(*journal).size(), 300);
        }
        QVERIFY(files(QStringLiteral("*.journal")).size() > 4);
        const auto journal = open();
        const QByteArrayList payloads = payloadsIn(*journal);
        QCOMPARE(payloads.size(), 300);
        for (int i = 0; i < 300; ++i) {
            QVERIFY(payloads[i].startsWith(QByteArray::number(i % 30) + '.'));
        }
    }

    void givesEveryRecordAnOffsetOfItsOwnForEver()
    {
        std::set<std::uint64_t> offsets;
        std::uint64_t last = 0;
        for (int round = 0; round < 4; ++round) {
            const auto journal = open();
            for (int i = 0; i < 70; ++i) {
                const auto offset = journal->append(RecordType::Settle, QByteArray(900, 'x'), 0);
                QVERIFY(offset.has_value());
                QVERIFY(*offset > last);
                last = *offset;
                offsets.insert(last);
                journal->prepareSegments();
            }
        }
        QCOMPARE(offsets.size(), std::size_t(4 * 70));
    }

    void continuesBehindWhatTheStoreHasApplied()
    {
        // As after the journal was lost and the database was not.
        const auto journal = open({.applied = 123'456'789, .retain = 123'456'000});
        QVERIFY(journal->append(RecordType::Settle, "x", 0).value() >= 123'456'789);
    }

    void startsReadingAtTheSegmentThatHoldsThePosition()
    {
        const auto journal = open();
        QCOMPARE(appendMany(*journal, 150), 150);
        const QByteArrayList all = payloadsIn(*journal);
        const QByteArrayList late = payloadsIn(*journal, journal->written() - 1);
        QVERIFY(!late.isEmpty());
        QVERIFY(late.size() < all.size());
        QCOMPARE(late, all.last(late.size()));
    }

    void takesAppendsFromFourThreads()
    {
        constexpr int perThread = 20'000;
        LedgerSettings large = settings();
        large.segmentBytes = 16 * 1024 * 1024;
        const auto journal = Journal::open(large, m_disk, {}).value();
        std::vector<std::thread> threads;
        std::atomic<int> refused = 0;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&journal, &refused, thread] {
                for (int i = 0; i < perThread; ++i) {
                    const QByteArray payload = QByteArray::number(thread) + ' '
                        + QByteArray::number(i);
                    refused += journal->append(RecordType::Settle, payload, 0) ? 0 : 1;
                }
            });
        }
        // A reader and a syncer at work meanwhile see nothing but whole records.
        JournalReader reader(*journal, 0);
        std::map<QByteArray, int> next;
        int read = 0;
        while (read + refused < 4 * perThread) {
            QVERIFY(journal->sync().has_value());
            while (const auto record = reader.next(journal->synced())) {
                const QByteArrayList words = record->payload.toByteArray().split(' ');
                QCOMPARE(words.size(), 2);
                QCOMPARE(words[1].toInt(), next[words[0]]++);
                ++read;
            }
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        QCOMPARE(refused.load(), 0);
        QCOMPARE(next.size(), std::size_t(4));
    }

    void tellsTheListenerOnceForEachGroup()
    {
        const auto journal = open();
        int told = 0;
        journal->setDirtyListener([&told] { ++told; });
        QCOMPARE(appendMany(*journal, 10), 10);
        QCOMPARE(told, 1);
        QVERIFY(journal->sync().has_value());
        QCOMPARE(appendMany(*journal, 10), 10);
        QCOMPARE(told, 2);
    }

    void syncsOnlyWhatIsNew()
    {
        const auto journal = open();
        QCOMPARE(appendMany(*journal, 100), 100);
        m_disk.syncs = 0;
        QVERIFY(journal->sync().has_value());
        QCOMPARE(m_disk.syncs.load(), 2); // The records lie in two segments.
        QCOMPARE(journal->synced(), journal->written());
        QVERIFY(journal->sync().has_value());
        QCOMPARE(m_disk.syncs.load(), 2);
    }

    void failsForGoodAtTheFirstSyncError()
    {
        const auto journal = open();
        QCOMPARE(appendMany(*journal, 1), 1);
        m_disk.syncError = EIO;
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the journal failed")));
        QVERIFY(!journal->sync());
        m_disk.syncError = 0;
        m_disk.syncs = 0;
        QVERIFY(!journal->sync());
        // A second attempt would seem to succeed and prove nothing.
        QCOMPARE(m_disk.syncs.load(), 0);
        QVERIFY(journal->hasFailed());
        QVERIFY(journal->synced() < journal->written());

        const auto refused = journal->appendOpen("x", promise);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(journal->append(RecordType::Settle, "x", 0).has_value());
    }

    void settlesWhatIsOpenWhenTheDiskIsFull()
    {
        const auto journal = open();
        m_disk.allocateError = ENOSPC;
        int opened = 0;
        while (journal->appendOpen(QByteArray(200, 'o'), promise)) {
            ++opened;
            std::ignore = journal->append(RecordType::Progress, QByteArray(100, 'p'), 0);
        }
        QVERIFY(opened > 30);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("the journal has no room")));
        QVERIFY(!journal->prepareSegments());
        QVERIFY(!journal->trouble().isEmpty());
        for (int i = 0; i < opened; ++i) {
            QVERIFY(journal->append(RecordType::Settle, QByteArray(promise - 12, 's'), promise)
                        .has_value());
        }
        m_disk.allocateError = 0;
        QVERIFY(journal->prepareSegments());
        QCOMPARE(journal->trouble(), QString());
        QVERIFY(journal->appendOpen("o", promise).has_value());
    }

    void keepsReadyMoreSegmentsForMoreOpenCalls()
    {
        const auto journal = open();
        const auto before = files(QStringLiteral("*.journal")).size();
        for (int i = 0; i < 50; ++i) {
            QVERIFY(journal->appendOpen("o", promise).has_value());
        }
        QVERIFY(journal->prepareSegments());
        QCOMPARE(files(QStringLiteral("*.journal")).size(), before);
        for (int i = 0; i < 50; ++i) {
            journal->prepareSegments();
            QVERIFY(journal->appendOpen("o", 4096).has_value());
        }
        QVERIFY(files(QStringLiteral("*.journal")).size() > before);
    }

    void refusesNewCallsWhenTheStoreIsTooFarBehind()
    {
        LedgerSettings small = settings();
        small.maxBacklogBytes = 50'000;
        const auto journal = Journal::open(small, m_disk, {}).value();
        const int taken = appendMany(*journal, 100, RecordType::Open);
        QVERIFY(taken > 30 && taken < 60);
        QVERIFY(journal->append(RecordType::Settle, "x", 0).has_value());
        journal->release({journal->written(), journal->written()});
        QVERIFY(journal->appendOpen("o", promise).has_value());
    }

    void removesSegmentsThatAreAppliedAndNotRetained()
    {
        const auto journal = open();
        QCOMPARE(appendMany(*journal, 120), 120); // More than a segment holds.
        const std::uint64_t early = journal->written();
        for (int i = 0; i < 5; ++i) {
            journal->prepareSegments();
            QCOMPARE(appendMany(*journal, 60), 60);
        }
        const auto all = files(QStringLiteral("*.journal")).size();
        journal->release({journal->written(), 0});
        QCOMPARE(files(QStringLiteral("*.journal")).size(), all);
        journal->release({journal->written(), early});
        const auto some = files(QStringLiteral("*.journal")).size();
        QVERIFY(some < all);
        QVERIFY(!payloadsIn(*journal, early).isEmpty());
        journal->release({journal->written(), journal->written()});
        QVERIFY(files(QStringLiteral("*.journal")).size() < some);
        QVERIFY(journal->append(RecordType::Settle, "x", 0).has_value());
    }

    void letsAReaderFinishASegmentThatIsRemoved()
    {
        const auto journal = open();
        QCOMPARE(appendMany(*journal, 60), 60);
        JournalReader reader(*journal, 0);
        QVERIFY(reader.next(journal->written()).has_value());
        QCOMPARE(appendMany(*journal, 60), 60);
        journal->release({journal->written(), journal->written()});
        int count = 1;
        while (reader.next(journal->written())) {
            ++count;
        }
        QVERIFY(count > 60);
    }

    void belongsToOneProcess()
    {
        const auto journal = open();
        const auto second = Journal::open(settings(), m_disk, {});
        QVERIFY(!second);
        QCOMPARE(second.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(second.error().detail.contains(QLatin1StringView("another process")));
    }

    void isReadableByItsOwnerAlone()
    {
        const auto journal = open();
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther
            | QFile::WriteOther;
        QVERIFY(!(QFileInfo(settings().directory).permissions() & others));
        for (const QString &name : files(QStringLiteral("*"))) {
            QVERIFY(!(QFileInfo(QDir(settings().directory).filePath(name)).permissions() & others));
        }
    }

    void tidiesUpWhatAKilledProcessLeft()
    {
        {
            const auto journal = open();
            QCOMPARE(appendMany(*journal, 3), 3);
        }
        QFile draft(
            QDir(settings().directory).filePath(QStringLiteral("0000000000ffffff.journal.tmp")));
        QVERIFY(draft.open(QIODevice::WriteOnly));
        draft.close();
        const auto journal = open();
        QVERIFY(files(QStringLiteral("*.tmp")).isEmpty());
        // The used part of the old segment, the new one, and its two spares.
        const QStringList names = files(QStringLiteral("*.journal"));
        QCOMPARE(names.size(), 4);
        QVERIFY(QFileInfo(QDir(settings().directory).filePath(names.first())).size() < 4096);
        QCOMPARE(payloadsIn(*journal).size(), 3);
    }

    void goesOnBehindDamageAndSetsTheFileAside()
    {
        QString first;
        {
            const auto journal = open();
            QCOMPARE(appendMany(*journal, 100), 100);
            first = files(QStringLiteral("*.journal")).first();
        }
        damage(first, 64 + 10 * 1016);
        QTest::ignoreMessage(QtCriticalMsg,
                             QRegularExpression(QStringLiteral("a journal file is damaged")));
        const auto journal = open();
        const QByteArrayList payloads = payloadsIn(*journal);
        QVERIFY(payloads.size() > 10 && payloads.size() < 100);
        QVERIFY(payloads[9].startsWith("9."));
        QVERIFY(!payloads[10].startsWith("10."));
        QVERIFY(payloads.last().startsWith("99."));
        QCOMPARE(journal->damages().size(), std::size_t(1));

        QTest::ignoreMessage(
            QtCriticalMsg,
            QRegularExpression(QStringLiteral("a damaged journal file is kept aside")));
        journal->release({journal->written(), journal->written()});
        QCOMPARE(files(QStringLiteral("*.damaged")).size(), 1);
        QVERIFY(!files(QStringLiteral("*.journal")).contains(first));
    }

    void setsAsideAFileWhoseHeaderIsDamaged()
    {
        QString first;
        {
            const auto journal = open();
            QCOMPARE(appendMany(*journal, 3), 3);
            first = files(QStringLiteral("*.journal")).first();
        }
        damage(first, 0);
        QTest::ignoreMessage(
            QtCriticalMsg,
            QRegularExpression(QStringLiteral("a damaged journal file is kept aside")));
        const auto journal = open();
        QCOMPARE(files(QStringLiteral("*.damaged")).size(), 1);
        QVERIFY(journal->append(RecordType::Settle, "x", 0).has_value());
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
