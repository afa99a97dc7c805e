#include "gateway/telemetry/log_writer.h"
#include "gateway/telemetry/stream_target.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QElapsedTimer>
#include <QtTest>
#include <unistd.h>

#include <semaphore>

using namespace delta;
using namespace delta::telemetry;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

LogRecord recordOf(const QByteArray &message)
{
    LogRecord record;
    record.message = message;
    return record;
}

/// A target that waits for a permission before each write, and loses what it is told to lose.
class GatedTarget final : public LogTarget
{
public:
    GatedTarget(std::counting_semaphore<> &gate, std::size_t lostPerWrite)
        : m_gate(gate)
        , m_lostPerWrite(lostPerWrite)
    {
    }
    [[nodiscard]] std::size_t write(std::span<const LogRecord>) override
    {
        m_gate.acquire();
        return m_lostPerWrite;
    }

private:
    std::counting_semaphore<> &m_gate;
    const std::size_t m_lostPerWrite;
};

/// A pipe whose ends close with it.
struct Pipe {
    Pipe()
    {
        if (::pipe(ends) != 0) {
            qFatal("no pipe");
        }
    }
    ~Pipe()
    {
        for (const int end : ends) {
            if (end >= 0) {
                ::close(end);
            }
        }
    }
    Q_DISABLE_COPY_MOVE(Pipe)

    int ends[2] = {-1, -1};
};

} // namespace

class LogWriterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesLinesInOrder()
    {
        test::Lines lines;
        LogWriter writer(std::make_unique<test::LinesTarget>(lines));
        for (int index = 0; index < 1000; ++index) {
            QVERIFY(writer.post(recordOf(QByteArray::number(index))));
        }
        QVERIFY(writer.flush(patience));
        const QByteArrayList all = lines.all();
        QCOMPARE(all.size(), 1000);
        for (int index = 0; index < 1000; ++index) {
            QVERIFY(all[index].contains("\"message\":\"" + QByteArray::number(index) + '"'));
        }
        QCOMPARE(writer.dropped(), 0);
    }

    void writesWhatIsQueuedBeforeItEnds()
    {
        test::Lines lines;
        {
            LogWriter writer(std::make_unique<test::LinesTarget>(lines));
            for (int index = 0; index < 100; ++index) {
                writer.post(recordOf("line"));
            }
        }
        QCOMPARE(lines.all().size(), 100);
    }

    void writesWithoutBeingAsked()
    {
        test::Lines lines;
        LogWriter writer(std::make_unique<test::LinesTarget>(lines));
        writer.post(recordOf("one"));
        QVERIFY(QTest::qWaitFor([&lines] { return lines.all().size() == 1; }, 20'000));
    }

    void makesLinesOfCalls()
    {
        test::Lines lines;
        LogWriter writer(std::make_unique<test::LinesTarget>(lines));
        writer.post(test::goodCall());
        QVERIFY(writer.flush(patience));
        QVERIFY(lines.all().value(0).contains("\"request_id\":\"req_1\""));
    }

    void dropsAndCountsWhatExceedsTheQueue()
    {
        std::counting_semaphore<> gate(0);
        LogWriter writer(std::make_unique<GatedTarget>(gate, 0), 10);
        int taken = 0;
        for (int index = 0; index < 100; ++index) {
            taken += writer.post(recordOf("line")) ? 1 : 0;
        }
        // One batch of at most ten may be with the target, and ten are queued.
        QVERIFY(taken >= 10 && taken <= 20);
        QCOMPARE(writer.dropped(), 100 - taken);
        QVERIFY(!writer.flush(0ms));
        gate.release(100);
        QVERIFY(writer.flush(patience));
        QVERIFY(writer.post(recordOf("line")));
    }

    void countsWhatTheTargetLoses()
    {
        std::counting_semaphore<> gate(100);
        LogWriter writer(std::make_unique<GatedTarget>(gate, 1));
        writer.post(recordOf("line"));
        QVERIFY(writer.flush(patience));
        QCOMPARE(writer.dropped(), 1);
    }

    void neverWaitsForABlockedPipe()
    {
        Pipe pipe;
        QElapsedTimer timer;
        {
            LogWriter writer(std::make_unique<StreamTarget>(pipe.ends[1], &jsonLine), 64);
            // Nobody reads: 64 KiB fill the pipe, and then the queue. Before that, a full queue may be
            // taken once more.
            int refused = 0;
            int refusedInARow = 0;
            for (int index = 0; refusedInARow < 1000 && index < 1'000'000; ++index) {
                const bool isTaken = writer.post(recordOf(QByteArray(1000, 'x')));
                refusedInARow = isTaken ? 0 : refusedInARow + 1;
                refused += isTaken ? 0 : 1;
            }
            QCOMPARE(refusedInARow, 1000);
            QCOMPARE(writer.dropped(), refused);
            timer.start();
        }
        // Two seconds of patience at the end, then the stuck thread is left behind.
        QVERIFY2(timer.elapsed() < 30'000, "the end waits for the pipe");
        // That thread may still write: another file must not get the number of its descriptor.
        pipe.ends[1] = -1;
    }

    void survivesAClosedPipe()
    {
        Pipe pipe;
        ::close(pipe.ends[0]);
        pipe.ends[0] = -1;
        LogWriter writer(std::make_unique<StreamTarget>(pipe.ends[1], &jsonLine));
        writer.post(recordOf("line"));
        QVERIFY(writer.flush(patience));
        QCOMPARE(writer.dropped(), 1);
    }

    void writesABatchToAPipe()
    {
        Pipe pipe;
        {
            LogWriter writer(std::make_unique<StreamTarget>(pipe.ends[1], &jsonLine));
            writer.post(recordOf("one"));
            writer.post(recordOf("two"));
        }
        char buffer[4096];
        const ssize_t count = ::read(pipe.ends[0], buffer, sizeof buffer);
        const QByteArray text(buffer, count);
        QCOMPARE(text.count('\n'), 2);
        QVERIFY(text.indexOf("one") < text.indexOf("two"));
    }

    void takesLinesFromManyThreads()
    {
        test::Lines lines;
        {
            LogWriter writer(std::make_unique<test::LinesTarget>(lines), 100'000);
            const auto post = [&writer] {
                for (int index = 0; index < 5000; ++index) {
                    writer.post(recordOf("line"));
                }
            };
            const std::jthread a(post);
            const std::jthread b(post);
        }
        QCOMPARE(lines.all().size(), 10'000);
    }
};

QTEST_GUILESS_MAIN(LogWriterTest)
#include "tst_log_writer.moc"
