// labels: unit money fault
#include "gateway/limits/grant_keeper.h"
#include "gateway/limits/presence.h"
#include "tests/gateway/limits/shared_database.h"

#include <QRegularExpression>
#include <QTest>

#include <optional>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;
using delta::limits::GrantKeeper;
using delta::limits::Presence;
using delta::test::GrantsOfGateway;
using delta::test::SharedDatabase;
using Mood = GrantsOfGateway::Mood;

namespace {

/// The time of day may be set back, the other one never is.
class TwoClocks final : public Clock
{
public:
    [[nodiscard]] WallTime wall() const override
    {
        return wallNow;
    }
    [[nodiscard]] SteadyTime steady() const override
    {
        return steadyNow;
    }
    void turn(std::chrono::milliseconds time)
    {
        wallNow += time;
        steadyNow += time;
    }

    WallTime wallNow = WallTime(1'795'824'000'000ms);
    SteadyTime steadyNow;
};

using ForgetAfter = std::optional<std::chrono::milliseconds>;

/// Gateway 1 with one budget, and gateway 2 of which only its entry and its grant are known.
class Gateway
{
public:
    explicit Gateway(ForgetAfter forgetAfter)
        : presence({grants, book, clock, [] { return ports::GatewayReport(); }, forgetAfter})
    {
        Budget budget;
        budget.id = u"all"_s;
        budget.scope = BudgetScope::Gateway;
        budget.maxBudget = Money::fromNanos(1000);
        const auto since = book.put(budget, clock.wall());
        book.load(budget.id, grants.spending(*since));
    }
    void ask(std::int64_t amount)
    {
        keeper.ask({u"all"_s}, Money::fromNanos(amount), [](const Result<void> &) { });
    }
    [[nodiscard]] bool hasRoomFor(std::int64_t amount)
    {
        return book.reserve(SpendEntry(), Money::fromNanos(amount), clock.wall()).has_value();
    }
    /// Has gateway 2 seen now, which holds something.
    void see(ForgetAfter itsLease, std::int64_t amount)
    {
        database.roll[2] = {{u"there"_s, {}, itsLease}, clock.wall(), clock.wall(), {}};
        database.held[2] = {Money::fromNanos(amount), {}};
    }
    [[nodiscard]] bool knowsTheOther() const
    {
        return database.roll.contains(2);
    }

    TwoClocks clock;
    SharedDatabase database{clock, {}, {}};
    GrantsOfGateway grants{database, 1};
    BudgetBook book{limits::Sharing::SeveralGateways};
    Presence presence;
    GrantKeeper keeper{GrantKeeper::Parts{grants, book, presence, clock,
                                          [](const std::function<void()> &work) { work(); }}};
};

} // namespace

class PresenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysThatItIsHereEveryFiveSeconds();
    void usesWhatItHoldsForEverIfNobodyForgets();
    void usesNothingOnceOthersMayForgetIt();
    void usesNothingForLongerWhenTheTimeOfDayIsSetBack();
    void holdsNothingWhenItWasForgotten();
    void holdsNothingAlsoIfItDoesNotHearThatItIsBack();
    void forgetsWhoIsGone();
    void forgetsNobodyWhoMayStillSpend();
    void missesWhoHoldsSomethingOnce();
    void missesNobodyWhoHoldsNothing();
};

void PresenceTest::saysThatItIsHereEveryFiveSeconds()
{
    Gateway gateway(std::nullopt);
    QVERIFY(gateway.presence.begin());
    QCOMPARE(gateway.grants.reports, 1);
    gateway.clock.turn(4999ms);
    QVERIFY(gateway.presence.keep());
    QCOMPARE(gateway.grants.reports, 1);
    gateway.clock.turn(1ms);
    gateway.keeper.tend(); // Whoever asks the database says so first.
    QCOMPARE(gateway.grants.reports, 2);
    QCOMPARE(gateway.database.roll[1].at, gateway.clock.wall());
    gateway.clock.turn(5s);
    gateway.grants.mood = Mood::IsAway;
    QVERIFY(!gateway.presence.keep());
    gateway.grants.mood = Mood::Works;
    QVERIFY(gateway.presence.keep()); // What failed is not put off.
    QCOMPARE(gateway.grants.reports, 4);
}

void PresenceTest::usesWhatItHoldsForEverIfNobodyForgets()
{
    Gateway gateway(std::nullopt);
    QVERIFY(gateway.presence.begin());
    QVERIFY(!gateway.database.roll[1].report.lease);
    gateway.ask(100);
    gateway.clock.turn(24h);
    gateway.presence.tend();
    QVERIFY(gateway.hasRoomFor(100));
}

void PresenceTest::usesNothingOnceOthersMayForgetIt()
{
    Gateway gateway(60s);
    QVERIFY(gateway.presence.begin());
    QVERIFY(gateway.database.roll[1].report.lease == 30s);
    gateway.ask(100);
    gateway.clock.turn(30s - 1ms);
    QVERIFY(gateway.hasRoomFor(100));
    gateway.clock.turn(1ms);
    QVERIFY(!gateway.hasRoomFor(1)); // At once: nothing of it ran meanwhile.
    QVERIFY(gateway.hasRoomFor(0));
    QVERIFY(gateway.presence.keep());
    QVERIFY(gateway.hasRoomFor(100)); // Nobody has forgotten it.
}

void PresenceTest::usesNothingForLongerWhenTheTimeOfDayIsSetBack()
{
    Gateway gateway(60s);
    QVERIFY(gateway.presence.begin());
    gateway.ask(100);
    gateway.clock.wallNow -= 1h;
    gateway.clock.steadyNow += 30s;
    gateway.grants.mood = Mood::IsAway;
    gateway.presence.tend();
    QVERIFY(!gateway.hasRoomFor(1));
    gateway.grants.mood = Mood::Works;
    QVERIFY(gateway.presence.keep());
    QVERIFY(gateway.hasRoomFor(100));
}

void PresenceTest::holdsNothingWhenItWasForgotten()
{
    Gateway gateway(std::nullopt);
    QVERIFY(gateway.presence.begin());
    gateway.ask(100);
    QVERIFY(gateway.grants.forgetGateway(1, std::nullopt).value());
    gateway.clock.turn(5s);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"^this gateway was taken for gone"_s));
    QVERIFY(gateway.presence.keep());
    QVERIFY(!gateway.hasRoomFor(1));
    QVERIFY(gateway.database.roll.contains(1));
    gateway.ask(100);
    QVERIFY(gateway.hasRoomFor(100));
}

void PresenceTest::holdsNothingAlsoIfItDoesNotHearThatItIsBack()
{
    Gateway gateway(std::nullopt);
    QVERIFY(gateway.presence.begin());
    gateway.ask(100);
    QVERIFY(gateway.grants.forgetGateway(1, std::nullopt).value());
    gateway.clock.turn(5s);
    gateway.database.onEnrolled = [&] { gateway.grants.mood = Mood::LosesAnswers; };
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"^this gateway was taken for gone"_s));
    QVERIFY(!gateway.presence.keep());
    gateway.grants.mood = Mood::Works;
    QVERIFY(gateway.presence.keep()); // It is on the roll, as if nothing had been.
    QVERIFY(!gateway.hasRoomFor(1));
}

void PresenceTest::forgetsWhoIsGone()
{
    Gateway gateway(60s);
    QVERIFY(gateway.presence.begin());
    gateway.see(30s, 700);
    gateway.clock.turn(60s - 1ms);
    gateway.presence.look();
    QVERIFY(gateway.knowsTheOther());
    gateway.clock.turn(5s);
    QTest::ignoreMessage(
        QtWarningMsg,
        QRegularExpression(u"^gateway 2 on there, not seen for 64 s, held 0.0000007 "
                           "USD of 1 budget\\(s\\) and was forgotten"_s));
    gateway.presence.look();
    QVERIFY(!gateway.knowsTheOther());
    QCOMPARE(gateway.presence.lostGateways(), 0);
    QVERIFY(gateway.presence.keep());
    gateway.ask(1000);
    QVERIFY(gateway.hasRoomFor(1000));
}

void PresenceTest::forgetsNobodyWhoMayStillSpend()
{
    Gateway gateway(60s);
    gateway.see(60s, 700); // It was told to wait for twice as long.
    gateway.clock.turn(119s);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"holds 0.0000007 USD"_s));
    gateway.presence.look();
    QVERIFY(gateway.knowsTheOther());
    gateway.see(std::nullopt, 700);
    gateway.clock.turn(24h);
    gateway.presence.look();
    QVERIFY(gateway.knowsTheOther());
    Gateway other(std::nullopt);
    other.see(30s, 700);
    other.clock.turn(24h);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"holds 0.0000007 USD"_s));
    other.presence.look();
    QVERIFY(other.knowsTheOther());
}

void PresenceTest::missesWhoHoldsSomethingOnce()
{
    Gateway gateway(std::nullopt);
    gateway.see(std::nullopt, 700);
    gateway.clock.turn(60s);
    QTest::ignoreMessage(
        QtWarningMsg,
        QRegularExpression(u"^gateway 2 on there, not seen for 60 s, holds 0.0000007 USD of 1 "
                           "budget\\(s\\), which nobody else can spend"_s));
    gateway.presence.look();
    QCOMPARE(gateway.presence.lostGateways(), 1);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    gateway.clock.turn(60s);
    gateway.presence.look();
    QCOMPARE(gateway.presence.lostGateways(), 1);
    gateway.see(std::nullopt, 700);
    gateway.clock.turn(5s);
    gateway.presence.look();
    QCOMPARE(gateway.presence.lostGateways(), 0);
}

void PresenceTest::missesNobodyWhoHoldsNothing()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    Gateway gateway(std::nullopt);
    gateway.see(std::nullopt, 0);
    gateway.clock.turn(1h);
    gateway.presence.look();
    QCOMPARE(gateway.presence.lostGateways(), 0);
}

QTEST_GUILESS_MAIN(PresenceTest)
#include "tst_presence.moc"
