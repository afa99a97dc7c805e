#include "gateway/ledger/journal_segment.h"
#include "gateway/ledger/system_disk.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace delta;
using namespace delta::ledger;

namespace {

constexpr std::uint64_t base = 4096;
constexpr qint64 segmentBytes = 4096;

/// Payloads of many sizes, so that records end at every place within a word.
QByteArray payloadOf(int number)
{
    return QByteArray(1 + number * 7 % 45, static_cast<char>('a' + number));
}

std::vector<QByteArray> payloadsIn(const JournalSegment &segment)
{
    std::vector<QByteArray> payloads;
    std::uint64_t offset = segment.firstRecord();
    while (const auto record = segment.recordAt(offset)) {
        payloads.push_back(record->payload.toByteArray());
        offset = record->end();
    }
    return payloads;
}

bool isPrefixOfWhatWasWritten(const std::vector<QByteArray> &payloads)
{
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        if (payloads[i] != payloadOf(static_cast<int>(i))) {
            return false;
        }
    }
    return true;
}

} // namespace

class JournalSegmentTest : public QObject
{
    Q_OBJECT

    static constexpr int recordCount = 12;
    QTemporaryDir m_folder;
    SystemDisk m_disk;
    QByteArray m_image; ///< A segment with recordCount records, as it lies in the file.
    std::vector<std::uint64_t> m_ends;

    QByteArray path(const char *name) const
    {
        return QFile::encodeName(m_folder.filePath(QLatin1StringView(name)));
    }
    std::shared_ptr<JournalSegment> loadImage(const QByteArray &image) const
    {
        QFile file(m_folder.filePath(QStringLiteral("image.journal")));
        if (!file.open(QIODevice::WriteOnly) || file.write(image) != image.size()) {
            return nullptr;
        }
        file.close();
        auto loaded = JournalSegment::load(path("image.journal"));
        return loaded ? *loaded : nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto segment =
            JournalSegment::create(m_disk, path("first.journal"), base, segmentBytes).value();
        for (int i = 0; i < recordCount; ++i) {
            const QByteArray payload = payloadOf(i);
            QVERIFY(segment->hasRoom(payload.size()));
            segment->append(makeRecordHeader(RecordType::Settle, payload), payload);
            m_ends.push_back(segment->end());
        }
        QFile file(QFile::decodeName(path("first.journal")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_image = file.readAll();
        QCOMPARE(m_image.size(), segmentBytes);
    }

    void readsBackWhatWasWritten()
    {
        const auto segment = loadImage(m_image);
        QVERIFY(segment);
        QCOMPARE(payloadsIn(*segment).size(), std::size_t(recordCount));
        QVERIFY(isPrefixOfWhatWasWritten(payloadsIn(*segment)));
        QCOMPARE(segment->base(), base);
        QCOMPARE(segment->end(), m_ends.back());
        QVERIFY(!segment->isDamaged());
    }

    void takesRecordsUntilItIsFull()
    {
        const auto segment =
            JournalSegment::create(m_disk, path("full.journal"), 0, segmentBytes).value();
        const QByteArray payload(100, 'x');
        int count = 0;
        for (; segment->hasRoom(payload.size()); ++count) {
            segment->append(makeRecordHeader(RecordType::Open, payload), payload);
        }
        QCOMPARE(count, (segmentBytes - JournalSegment::headerBytes) / recordBytes(payload.size()));
        const auto loaded = JournalSegment::load(path("full.journal")).value();
        QCOMPARE(payloadsIn(*loaded).size(), std::size_t(count));
        QVERIFY(!loaded->isDamaged());
    }

    // A file that ends anywhere: what a truncation or a lost tail leaves.
    void keepsTheValidPrefixOfAFileCutAtAnyByte()
    {
        for (qsizetype size = JournalSegment::headerBytes; size < m_image.size(); ++size) {
            const auto segment = loadImage(m_image.first(size));
            QVERIFY(segment);
            const auto payloads = payloadsIn(*segment);
            const auto whole = std::ranges::count_if(m_ends, [size](std::uint64_t end) {
                return end <= base + static_cast<std::uint64_t>(size);
            });
            QCOMPARE(payloads.size(), static_cast<std::size_t>(whole));
            QVERIFY(isPrefixOfWhatWasWritten(payloads));
        }
    }

    // Zeros from any byte on: what a kill leaves in the middle of an append.
    void keepsTheValidPrefixOfARecordTornAtAnyByte()
    {
        for (qsizetype size = JournalSegment::headerBytes; size < m_image.size(); ++size) {
            QByteArray image = m_image;
            std::fill(image.begin() + size, image.end(), '\0');
            const auto segment = loadImage(image);
            QVERIFY(segment);
            const auto payloads = payloadsIn(*segment);
            QVERIFY(isPrefixOfWhatWasWritten(payloads));
            // The last bytes of a record may be padding, and payloads hold no zeros: no byte counts
            // as lost early.
            const auto surely = std::ranges::count_if(m_ends, [size](std::uint64_t end) {
                return end <= base + static_cast<std::uint64_t>(size);
            });
            QVERIFY(payloads.size() >= static_cast<std::size_t>(surely));
            QVERIFY(payloads.size() <= static_cast<std::size_t>(surely) + 1);
        }
    }

    void keepsTheValidPrefixWhenAnyBitIsFlipped()
    {
        const qsizetype used = static_cast<qsizetype>(m_ends.back() - base);
        for (qsizetype bit = JournalSegment::headerBytes * 8; bit < used * 8; ++bit) {
            QByteArray image = m_image;
            image[bit / 8] = static_cast<char>(image[bit / 8] ^ (1 << (bit % 8)));
            const auto segment = loadImage(image);
            QVERIFY(segment);
            const auto payloads = payloadsIn(*segment);
            QVERIFY(isPrefixOfWhatWasWritten(payloads));
            const auto before = std::ranges::count_if(m_ends, [bit](std::uint64_t end) {
                return end <= base + static_cast<std::uint64_t>(bit / 8);
            });
            QVERIFY(payloads.size() >= static_cast<std::size_t>(before));
            // A flip in the padding behind a payload changes nothing, and one that makes the last length
            // zero looks like a writer's death; any other one is noticed.
            const qsizetype last = static_cast<qsizetype>(m_ends[recordCount - 2] - base);
            const bool isUnfinished = image.sliced(last, 4) == QByteArray(4, '\0');
            QVERIFY(payloads.size() == std::size_t(recordCount) || isUnfinished
                    || segment->isDamaged());
        }
    }

    // The length is written last, so that of a record whose writer was killed it is missing.
    void takesARecordThatWasNeverFinishedForNoDamage()
    {
        for (int record = 0; record < recordCount; ++record) {
            const auto begin = record == 0 ? qsizetype(JournalSegment::headerBytes)
                                           : static_cast<qsizetype>(m_ends[record - 1] - base);
            QByteArray image = m_image;
            image.replace(begin, 4, QByteArray(4, '\0'));
            const auto segment = loadImage(image);
            QCOMPARE(payloadsIn(*segment).size(), static_cast<std::size_t>(record));
            // But where records follow it, it was finished once.
            QCOMPARE(segment->isDamaged(), record + 1 < recordCount);
        }
    }

    void noticesWhatFollowsTheLastRecord()
    {
        QByteArray image = m_image;
        image[image.size() - 1] = 'x';
        QVERIFY(loadImage(image)->isDamaged());
    }

    void doesNotBelieveARecordAtAnotherPlace()
    {
        // The second record, valid as it is, where the first one was.
        QByteArray image = m_image;
        const auto first = JournalSegment::headerBytes;
        const auto second = static_cast<qsizetype>(m_ends[0] - base);
        const auto third = static_cast<qsizetype>(m_ends[1] - base);
        image.replace(first, third - second, m_image.sliced(second, third - second));
        QCOMPARE(payloadsIn(*loadImage(image)).size(), std::size_t(0));
    }

    void refusesAFileWithAnotherHeader_data()
    {
        QTest::addColumn<qsizetype>("byte");
        QTest::newRow("magic") << qsizetype(0);
        QTest::newRow("base") << qsizetype(17);
        QTest::newRow("checksum") << qsizetype(24);
    }
    void refusesAFileWithAnotherHeader()
    {
        QFETCH(const qsizetype, byte);
        QByteArray image = m_image;
        image[byte] = static_cast<char>(image[byte] ^ 1);
        QVERIFY(!loadImage(image));
        QVERIFY(!loadImage(m_image.first(JournalSegment::headerBytes - 1)));
    }

    void leavesNoFileWhenTheDiskIsFull()
    {
        // A file of a size that no disk has.
        const auto made = JournalSegment::create(m_disk, path("huge.journal"), 0, qint64(1) << 60);
        QVERIFY(!made);
        QCOMPARE(made.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(!QFile::exists(QFile::decodeName(path("huge.journal"))));
        QVERIFY(!QFile::exists(QFile::decodeName(path("huge.journal.tmp"))));
    }
};

QTEST_GUILESS_MAIN(JournalSegmentTest)
#include "tst_journal_segment.moc"
