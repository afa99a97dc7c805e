#include "gateway/http/transport/body_pace.h"

#include <QtTest>

using delta::http::BodyPace;
using delta::http::EdgeSettings;
using namespace std::chrono_literals;

namespace {

/// A thousand bytes in each stretch are enough.
EdgeSettings settings()
{
    EdgeSettings made;
    made.bodyTimeout = 10s;
    made.minBodyBytesPerSecond = 100;
    return made;
}

} // namespace

class BodyPaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesEachStretchByItself();
    void countsWhatCameWithTheHead();
    void forgetsTheBodyBefore();
    void takesAnyRateAtZero();
};

void BodyPaceTest::judgesEachStretchByItself()
{
    BodyPace pace;
    pace.begin();

    QVERIFY(!pace.endsTooSlow(1'000'000, settings()));
    QVERIFY(!pace.endsTooSlow(1'001'000, settings()));
    QVERIFY(pace.endsTooSlow(1'001'999, settings()));
}

void BodyPaceTest::countsWhatCameWithTheHead()
{
    BodyPace pace;
    pace.begin();

    QVERIFY(!pace.endsTooSlow(1'000, settings()));
    QVERIFY(pace.endsTooSlow(1'000, settings()));
}

void BodyPaceTest::forgetsTheBodyBefore()
{
    BodyPace pace;
    pace.begin();
    QVERIFY(!pace.endsTooSlow(5'000, settings()));

    pace.begin();

    QVERIFY(!pace.endsTooSlow(1'000, settings()));
}

void BodyPaceTest::takesAnyRateAtZero()
{
    EdgeSettings any = settings();
    any.minBodyBytesPerSecond = 0;
    BodyPace pace;
    pace.begin();

    QVERIFY(!pace.endsTooSlow(0, any));
    QVERIFY(!pace.endsTooSlow(0, any));
}

QTEST_GUILESS_MAIN(BodyPaceTest)

#include "tst_body_pace.moc"
