#include "gateway/http/transport/request_id_source.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArrayList>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <chrono>

using namespace delta;

namespace {

class SetClock final : public Clock
{
public:
    WallTime time{};

    [[nodiscard]] SteadyTime steady() const override
    {
        return {};
    }
    [[nodiscard]] WallTime wall() const override
    {
        return time;
    }
};

} // namespace

class RequestIdSourceTest : public QObject
{
    Q_OBJECT

    SystemRandom m_random;
    SetClock m_clock;

private Q_SLOTS:
    void makesIdsOfTheSameShape()
    {
        const QRegularExpression shape(QStringLiteral("^req_[0-9A-Za-z]{24}$"));
        http::RequestIdSource ids(m_random, m_clock);
        for (const qint64 milliseconds : {qint64(0), qint64(1'790'000'000'000), qint64(-1)}) {
            m_clock.time = WallTime(std::chrono::milliseconds(milliseconds));
            const QByteArray id = ids.next();
            QVERIFY2(shape.match(QString::fromLatin1(id)).hasMatch(), id.constData());
        }
    }
    void makesIdsThatSortByTheirTimes()
    {
        http::RequestIdSource ids(m_random, m_clock);
        QByteArrayList made;
        for (int i = 0; i < 20'000; ++i) {
            m_clock.time = WallTime(std::chrono::milliseconds(1'790'000'000'000 + i * 61));
            made.append(ids.next());
        }
        QVERIFY(std::ranges::is_sorted(made));
    }
    void makesNoIdTwiceInOneMillisecond()
    {
        http::RequestIdSource ids(m_random, m_clock);
        QSet<QByteArray> made;
        for (int i = 0; i < 20'000; ++i) {
            made.insert(ids.next());
        }
        QCOMPARE(made.size(), 20'000);
    }
};

QTEST_GUILESS_MAIN(RequestIdSourceTest)
#include "tst_request_id_source.moc"
