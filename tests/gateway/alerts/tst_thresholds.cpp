// labels: unit money
#include "gateway/alerts/thresholds.h"

#include <QTest>

#include <array>
#include <limits>
#include <optional>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::alerts;

namespace {

constexpr std::array percentages{50, 80, 100};

ports::BudgetStanding standingOf(std::int64_t spent, std::optional<std::int64_t> limit)
{
    ports::BudgetStanding standing;
    standing.spent = Money::fromNanos(spent);
    standing.limit = limit.transform(Money::fromNanos);
    return standing;
}

QStringList reachedBy(const ports::BudgetStanding &standing)
{
    QStringList names;
    for (const Reached &reached : reachedThresholds(standing, percentages)) {
        names.append(reached.threshold);
    }
    return names;
}

} // namespace

class ThresholdsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsReachedToTheNano_data()
    {
        QTest::addColumn<qint64>("spent");
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<QStringList>("expected");
        constexpr qint64 highest = std::numeric_limits<qint64>::max();
        QTest::newRow("nothing") << 0LL << 100LL << QStringList{};
        QTest::newRow("nothing of nothing") << 0LL << 0LL << QStringList{};
        QTest::newRow("less than half") << 49LL << 100LL << QStringList{};
        QTest::newRow("half") << 50LL << 100LL << QStringList{u"50"_s};
        QTest::newRow("half of an odd number") << 50LL << 101LL << QStringList{};
        QTest::newRow("79") << 79LL << 100LL << QStringList{u"50"_s};
        QTest::newRow("80") << 80LL << 100LL << QStringList{u"50"_s, u"80"_s};
        QTest::newRow("99") << 99LL << 100LL << QStringList{u"50"_s, u"80"_s};
        QTest::newRow("100") << 100LL << 100LL << QStringList{u"50"_s, u"80"_s, u"100"_s};
        QTest::newRow("a debt") << 300LL << 100LL << QStringList{u"50"_s, u"80"_s, u"100"_s};
        QTest::newRow("a debt of nothing") << 1LL << 0LL << QStringList{u"50"_s, u"80"_s, u"100"_s};
        QTest::newRow("half of everything") << highest / 2 + 1 << highest << QStringList{u"50"_s};
        QTest::newRow("not half of everything") << highest / 2 << highest << QStringList{};
        QTest::newRow("everything")
            << highest << highest << QStringList{u"50"_s, u"80"_s, u"100"_s};
    }
    void findsWhatIsReachedToTheNano()
    {
        QFETCH(const qint64, spent);
        QFETCH(const qint64, limit);
        QFETCH(const QStringList, expected);
        QCOMPARE(reachedBy(standingOf(spent, limit)), expected);
    }

    void takesARefusalForTheEndWithLessThanATenthLeft()
    {
        ports::BudgetStanding standing = standingOf(90, 100);
        QCOMPARE(reachedBy(standing), (QStringList{u"50"_s, u"80"_s}));
        standing.refusesCalls = true;
        QCOMPARE(reachedBy(standing), (QStringList{u"50"_s, u"80"_s, u"100"_s}));
        standing.spent = Money::fromNanos(89);
        QCOMPARE(reachedBy(standing), (QStringList{u"50"_s, u"80"_s}));
        standing.spent = Money();
        QCOMPARE(reachedBy(standing), QStringList());
    }

    void warnsOfASoftBudgetWithoutALimit()
    {
        ports::BudgetStanding standing = standingOf(69, std::nullopt);
        standing.budget.softBudget = Money::fromNanos(70);
        QVERIFY(reachedThresholds(standing, percentages).empty());
        standing.spent = Money::fromNanos(70);
        QVERIFY(reachedThresholds(standing, percentages)
                == (std::vector<Reached>{{u"soft"_s, Money::fromNanos(70)}}));
    }

    void measuresByTheLimitAsOfNow()
    {
        ports::BudgetStanding standing = standingOf(80, 200);
        standing.budget.maxBudget = Money::fromNanos(100);
        QVERIFY(reachedBy(standing).isEmpty());
        standing.spent = Money::fromNanos(100);
        QVERIFY(reachedThresholds(standing, percentages)
                == (std::vector<Reached>{{u"50"_s, Money::fromNanos(200)}}));
    }

    void knowsNoOtherPercentagesThanItIsGiven()
    {
        QVERIFY(reachedThresholds(standingOf(100, 100), {}).empty());
        QVERIFY(reachedThresholds(standingOf(95, 100), std::array{95})
                == (std::vector<Reached>{{u"95"_s, Money::fromNanos(100)}}));
    }
};

QTEST_APPLESS_MAIN(ThresholdsTest)
#include "tst_thresholds.moc"
