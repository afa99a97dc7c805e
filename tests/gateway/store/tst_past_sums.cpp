// labels: db
#include "gateway/store/past_sums.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta::store;

class PastSumsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersWhatAStatementRead()
    {
        PastSums past;
        QVERIFY(!past.find(statement(1), totals(7)));
        past.keep(statement(1), totals(7), {1, 2, 3});
        QVERIFY(past.find(statement(1), totals(7)));
        QCOMPARE(*past.find(statement(1), totals(7)), PastSums::Numbers({1, 2, 3}));
    }

    void knowsOneValueFromAnother()
    {
        PastSums past;
        past.keep({u"q"_s, {1, 23}}, totals(7), {1});
        QVERIFY(!past.find({u"q"_s, {12, 3}}, totals(7)));
        QVERIFY(!past.find({u"q"_s, {1}}, totals(7)));
        QVERIFY(!past.find({u"r"_s, {1, 23}}, totals(7)));
    }

    void forgetsAnAnswerWhenItsDaysHaveChanged()
    {
        PastSums past;
        past.keep(statement(1), totals(7), {1});
        QVERIFY(!past.find(statement(1), totals(8)));
        past.keep(statement(1), totals(8), {2});
        QVERIFY(!past.find(statement(1), totals(7)));
        QCOMPARE(*past.find(statement(1), totals(8)), PastSums::Numbers({2}));
    }

    void keepsTheAnswersThatWereAskedForLastWhereThereIsNoRoomForAll()
    {
        PastSums past(1'000);
        past.keep(statement(1), totals(7), PastSums::Numbers(400));
        past.keep(statement(2), totals(7), PastSums::Numbers(400));
        QVERIFY(past.find(statement(1), totals(7)));
        past.keep(statement(3), totals(7), PastSums::Numbers(400));
        QVERIFY(past.find(statement(1), totals(7)));
        QVERIFY(!past.find(statement(2), totals(7)));
        QVERIFY(past.find(statement(3), totals(7)));
    }

    void doesNotKeepAnAnswerThatIsLargerThanAllItsRoom()
    {
        PastSums past(1'000);
        past.keep(statement(1), totals(7), PastSums::Numbers(400));
        past.keep(statement(2), totals(7), PastSums::Numbers(2'000));
        QVERIFY(!past.find(statement(2), totals(7)));
    }

private:
    static BoundStatement statement(qint64 value)
    {
        return {u"SELECT ?"_s, {value}};
    }
    static SpendTotals totals(qint64 requests)
    {
        SpendTotals all;
        all.requests = requests;
        return all;
    }
};

QTEST_GUILESS_MAIN(PastSumsTest)
#include "tst_past_sums.moc"
