#include "gateway/ledger/call_record.h"
#include "gateway/ledger/payload_writer.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTest>

#include <limits>

using namespace delta;
using namespace delta::ledger;
using delta::test::sampleEntry;

namespace {

RecordView viewOf(RecordType type, QByteArrayView payload)
{
    return {64, type, payload};
}

constexpr qint64 lowest = std::numeric_limits<qint64>::min();
constexpr qint64 highest = std::numeric_limits<qint64>::max();

} // namespace

class CallRecordTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBackEveryMemberOfAnEntry()
    {
        const SpendEntry entry = sampleEntry("req-1");
        const RecordPayload open = RecordPayload::ofOpen(entry);
        QCOMPARE(entryOf(viewOf(RecordType::Open, open.bytes())), entry);
        QCOMPARE(openOffsetOf(viewOf(RecordType::Open, open.bytes())), std::nullopt);

        const RecordPayload settle = RecordPayload::ofSettle(4711, entry);
        QCOMPARE(entryOf(viewOf(RecordType::Settle, settle.bytes())), entry);
        QCOMPARE(openOffsetOf(viewOf(RecordType::Settle, settle.bytes())), 4711U);
    }

    // A journal of the first format, which had no organisations and no tags at its end.
    void readsAnEntryOfTheFirstFormat()
    {
        SpendEntry entry = sampleEntry("req-1");
        entry.organizationId.clear();
        entry.tags.clear();
        const RecordPayload payload = RecordPayload::ofSettle(4711, entry);
        // Two empty texts are a byte each.
        RecordView view = viewOf(RecordType::Settle, payload.bytes().chopped(2));
        QCOMPARE(entryOf(view), std::nullopt);
        view.format = 1;
        QCOMPARE(entryOf(view), entry);
    }

    void readsBackAnEmptyEntry()
    {
        const RecordPayload payload = RecordPayload::ofSettle(0, SpendEntry());
        QCOMPARE(entryOf(viewOf(RecordType::Settle, payload.bytes())), SpendEntry());
    }

    void readsBackTheEndsOfTheNumbers_data()
    {
        QTest::addColumn<qint64>("number");
        for (const qint64 number :
             {lowest, lowest + 1, qint64(-1), qint64(0), qint64(63), qint64(64), highest}) {
            QTest::addRow("%lld", number) << number;
        }
    }
    void readsBackTheEndsOfTheNumbers()
    {
        QFETCH(const qint64, number);
        SpendEntry entry = sampleEntry("req-1", Money::fromNanos(number));
        entry.usage = {number, number, number, number, number, number, number, number};
        entry.latency = entry.timeToFirst = std::chrono::microseconds(number);
        entry.startedAt = WallTime(std::chrono::milliseconds(number));
        const RecordPayload payload = RecordPayload::ofSettle(~0ULL, entry);
        QCOMPARE(entryOf(viewOf(RecordType::Settle, payload.bytes())), entry);
        QCOMPARE(openOffsetOf(viewOf(RecordType::Settle, payload.bytes())), ~0ULL);
    }

    void readsBackProgress()
    {
        const CallProgress progress{sampleEntry("x").usage, Money::fromNanos(99)};
        const RecordPayload payload = RecordPayload::ofProgress(128, progress);
        const auto read = progressOf(viewOf(RecordType::Progress, payload.bytes()));
        QVERIFY(read.has_value());
        QCOMPARE(read->usage, progress.usage);
        QCOMPARE(read->cost, progress.cost);
        QCOMPARE(openOffsetOf(viewOf(RecordType::Progress, payload.bytes())), 128U);
    }

    void cutsLongTextsSoThatEveryRecordFits()
    {
        SpendEntry entry = sampleEntry("");
        for (QByteArray *text :
             {&entry.requestId, &entry.clientRequestId, &entry.operation, &entry.keyId,
              &entry.userId, &entry.teamId, &entry.endUser, &entry.model, &entry.deploymentId,
              &entry.provider, &entry.upstreamModel, &entry.errorCode}) {
            *text = QByteArray(100'000, 'x');
        }
        entry.usage = {lowest, lowest, lowest, lowest, lowest, lowest, lowest, lowest};
        entry.cost = Money::fromNanos(lowest);
        const RecordPayload payload = RecordPayload::ofSettle(~0ULL, entry);
        QVERIFY(payload.bytes().size() <= maxPayloadBytes);
        const auto read = entryOf(viewOf(RecordType::Settle, payload.bytes()));
        QVERIFY(read.has_value());
        QCOMPARE(read->errorCode.size(), maxTextBytes);
        QCOMPARE(read->usage, entry.usage);
    }

    void keepsTextsThatAreNotUtf8()
    {
        SpendEntry entry = sampleEntry(QByteArray("a\0b\xff\xc3", 5));
        const RecordPayload payload = RecordPayload::ofOpen(entry);
        QCOMPARE(entryOf(viewOf(RecordType::Open, payload.bytes())), entry);
    }

    void refusesATruncatedPayload()
    {
        const RecordPayload payload = RecordPayload::ofSettle(64, sampleEntry("req-1"));
        for (qsizetype size = 0; size < payload.bytes().size(); ++size) {
            QCOMPARE(entryOf(viewOf(RecordType::Settle, payload.bytes().first(size))),
                     std::nullopt);
        }
    }

    void refusesAPayloadWithSomethingBehindIt()
    {
        const QByteArray longer = RecordPayload::ofOpen(sampleEntry("req-1")).bytes().toByteArray()
            + 'x';
        QCOMPARE(entryOf(viewOf(RecordType::Open, longer)), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(CallRecordTest)
#include "tst_call_record.moc"
