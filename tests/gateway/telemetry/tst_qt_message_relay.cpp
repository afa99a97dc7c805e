#include "gateway/telemetry/log_writer.h"
#include "gateway/telemetry/qt_message_relay.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QLoggingCategory>
#include <QtTest>

#include <thread>

using namespace delta;
using namespace delta::telemetry;

namespace {

Q_LOGGING_CATEGORY(category, "qt.example")
Q_LOGGING_CATEGORY(ownCategory, "delta.example")

} // namespace

class QtMessageRelayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void routesQtMessagesIntoTheLog()
    {
        const QByteArrayList lines = linesOf([](test::StoppedClock &) {
            qWarning("careful");
            qCCritical(category, "broken");
        });
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].contains("\"level\":\"warning\",\"category\":\"qt\""));
        QVERIFY(lines[0].contains("\"text\":\"careful\""));
        QVERIFY(lines[1].contains("\"level\":\"error\",\"category\":\"qt.example\""));
    }

    void saysWhatOurOwnFoldersSayInTheirWords()
    {
        const QByteArrayList lines = linesOf(
            [](test::StoppedClock &) { qCInfo(ownCategory, "the database takes entries again"); });
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines[0].contains("\"category\":\"delta.example\""));
        QVERIFY(lines[0].contains("\"message\":\"the database takes entries again\""));
    }

    void holdsBackRepetitionsAndCountsThem()
    {
        const QByteArrayList lines = linesOf([](test::StoppedClock &clock) {
            for (int index = 0; index < 100; ++index) {
                qWarning("flood");
            }
            clock.now += std::chrono::seconds(10);
            qWarning("flood");
        });
        QCOMPARE(lines.size(), 2);
        QVERIFY(!lines[0].contains("repeated"));
        QVERIFY(lines[1].contains("\"repeated\":99"));
    }

    void masksCredentialsInQtMessages()
    {
        const QByteArrayList lines = linesOf(
            [](test::StoppedClock &) { qWarning("header sk-abcdef123456\nforged"); });
        QCOMPARE(lines.size(), 1);
        QVERIFY(!lines[0].contains("abcdef"));
    }

    void givesTheHandlerBack()
    {
        const QtMessageHandler before = qInstallMessageHandler(nullptr);
        qInstallMessageHandler(before);
        (void)linesOf([](test::StoppedClock &) { });
        const QtMessageHandler after = qInstallMessageHandler(nullptr);
        qInstallMessageHandler(after);
        QCOMPARE(reinterpret_cast<quintptr>(after), reinterpret_cast<quintptr>(before));
    }

    void takesMessagesFromManyThreads()
    {
        const QByteArrayList lines = linesOf([](test::StoppedClock &) {
            const auto warn = [] {
                for (int index = 0; index < 500; ++index) {
                    qWarning("text %d", index % 5);
                }
            };
            const std::jthread a(warn);
            const std::jthread b(warn);
        });
        QCOMPARE(lines.size(), 5);
    }

private:
    /// Returns the lines that come of what `act` says through Qt.
    template <typename Act>
    static QByteArrayList linesOf(Act act)
    {
        test::Lines lines;
        {
            test::StoppedClock clock;
            LogWriter writer(std::make_unique<test::LinesTarget>(lines));
            const Log log(writer, clock, LogLevel::Info);
            const QtMessageRelay relay(log, clock);
            act(clock);
        }
        return lines.all();
    }
};

QTEST_GUILESS_MAIN(QtMessageRelayTest)
#include "tst_qt_message_relay.moc"
