// labels: unit money
#include "gateway/store/spend_leaders.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace delta::store;

/// Lists of the dearest of some days against sums of all that was spent.
class SpendLeadersTest : public QObject
{
    Q_OBJECT

    std::mt19937 m_random{5}; // The same amounts in every run.

    using DayRows = std::map<qint64, qint64>;

    /// Without `steepness` all spend about as much; the more, the more the first of them spend.
    std::vector<DayRows> randomDays(qint64 names, int steepness)
    {
        std::vector<DayRows> days(7);
        for (DayRows &day : days) {
            for (qint64 ref = 1; ref <= names; ++ref) {
                qint64 spend = 1'000'000 + qint64(m_random() % 1000);
                for (int i = 0; i < steepness; ++i) {
                    spend /= ref;
                }
                if (m_random() % 3 != 0) {
                    day[ref] = spend;
                }
            }
        }
        return days;
    }
    static std::vector<SpendLeaders::Row> dearest(const DayRows &day, std::size_t length)
    {
        std::vector<SpendLeaders::Row> rows(day.begin(), day.end());
        std::ranges::sort(rows, std::greater(), &SpendLeaders::Row::second);
        rows.resize(std::min(rows.size(), length));
        return rows;
    }
    /// Of the first day only a part of what each spent counts.
    std::vector<qint64> dearestOfAll(const std::vector<DayRows> &days, std::size_t wanted)
    {
        DayRows sums;
        for (std::size_t i = 0; i < days.size(); ++i) {
            for (const auto &[ref, spend] : days[i]) {
                sums[ref] += i == 0 ? spend * qint64(m_random() % 2) : spend;
            }
        }
        std::vector<qint64> refs;
        for (const auto &[ref, spend] : dearest(sums, wanted)) {
            refs.push_back(ref);
        }
        return refs;
    }

private Q_SLOTS:
    void hasTheDearestAmongItsCandidates_data()
    {
        QTest::addColumn<int>("steepness");
        QTest::addColumn<int>("length");
        QTest::addRow("everybody is listed") << 0 << 500;
        QTest::addRow("some spend most") << 1 << 60;
        QTest::addRow("few spend most") << 2 << 20;
    }
    void hasTheDearestAmongItsCandidates()
    {
        QFETCH(const int, steepness);
        QFETCH(const int, length);
        int decided = 0;
        for (int round = 0; round < 50; ++round) {
            const std::vector<DayRows> days = randomDays(300, steepness);
            SpendLeaders leaders;
            for (std::size_t i = 0; i < days.size(); ++i) {
                const auto rows = dearest(days[i], std::size_t(length));
                leaders.add(rows, i == 0 ? SpendLeaders::Day::Part : SpendLeaders::Day::Whole,
                            std::ssize(rows) < length ? SpendLeaders::List::Complete
                                                      : SpendLeaders::List::Cut);
            }
            const auto candidates = leaders.candidates(5);
            if (!candidates) {
                continue;
            }
            ++decided;
            const std::set<qint64> among(candidates->begin(), candidates->end());
            for (const qint64 ref : dearestOfAll(days, 5)) {
                QVERIFY2(among.contains(ref), qPrintable(QString::number(ref)));
            }
        }
        QVERIFY(decided > 0);
    }

    void namesFewOfMany()
    {
        SpendLeaders leaders;
        const auto rows = dearest(randomDays(300, 2).front(), 100);
        leaders.add(rows, SpendLeaders::Day::Whole, SpendLeaders::List::Cut);
        const auto candidates = leaders.candidates(2);
        QVERIFY(candidates.has_value());
        QVERIFY(candidates->size() < 10U);
    }

    void doesNotTellWhereAllSpendAsMuch()
    {
        SpendLeaders leaders;
        for (int day = 0; day < 3; ++day) {
            leaders.add(std::vector<SpendLeaders::Row>{{1, 10}, {2, 10}}, SpendLeaders::Day::Whole,
                        SpendLeaders::List::Cut);
        }
        QVERIFY(!leaders.candidates(2));
    }

    void namesNobodyWhereNobodySpent()
    {
        SpendLeaders leaders;
        leaders.add({}, SpendLeaders::Day::Whole, SpendLeaders::List::Complete);
        QCOMPARE(leaders.candidates(3).value().size(), 0U);
    }
};

QTEST_GUILESS_MAIN(SpendLeadersTest)
#include "tst_spend_leaders.moc"
