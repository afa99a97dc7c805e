// labels: unit fault
// Calls with limits that several gateways share; the store that they are shared in is played.
#include "tests/gateway/pipeline/pipeline_exits.h"
#include "tests/support/fake_shared_store.h"
#include "tests/support/loop_main.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::test::exits;
using ports::DegradedMode;
using test::FakeSharedStore;
using test::PipelineRig;
using test::ReplyRecord;

namespace {

QByteArrayList fieldsOf(const ReplyRecord &reply, QByteArrayView name)
{
    QByteArrayList values;
    for (const auto &[field, value] : reply.fields) {
        if (field == name) {
            values += value;
        }
    }
    return values;
}

/// A pipeline whose limits are shared, with a key that may make nine requests a minute, three at once.
struct Rig {
    explicit Rig(DegradedMode mode = DegradedMode::FailOpen)
        : rates({store, status, pipeline.random, mode})
    {
        pipeline.share(rates);
        VirtualKey virtualKey;
        virtualKey.limits.requestsPerMinute = 9;
        virtualKey.limits.parallelRequests = 3;
        key = pipeline.addKey(virtualKey);
    }
    /// Lets the provider answer the call in hand.
    void finish()
    {
        pipeline.upstream.head(200, "application/json");
        pipeline.upstream.body(answer);
        pipeline.upstream.end();
    }
    /// Answers that the call may begin, the n-th of its key everywhere.
    void admit(qint64 calls = 1)
    {
        store.answer(std::vector<qint64>{0, 1'000, 0, calls, 61'000, 1, 1'000});
    }

    PipelineRig pipeline;
    FakeSharedStore store;
    ports::SharedStoreStatus status;
    limits::SharedRates rates;
    QByteArray key;
};

} // namespace

class PipelineSharedRateLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsForTheStoreAndTellsWhatItSays();
    void refusesWhatOthersHaveUsedUp();
    void asksNobodyAboutWhatOurOwnShareRefuses();
    void asksNobodyAboutACallWithoutLimits();
    void goesOnAloneWithoutAnAnswer();
    void goesOnAloneWithoutAnAnswerInTime();
    void refusesWithoutAnAnswerIfItIsToldTo();
    void givesBackWhatACallTookThatNeverBegan();
    void takesNoNonsense_data();
    void takesNoNonsense();
};

void PipelineSharedRateLimitsTest::waitsForTheStoreAndTellsWhatItSays()
{
    Rig rig;
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    QCOMPARE(rig.store.asked.size(), 1U);
    QCOMPARE(rig.store.asked[0].call.keys.size(), 2U);
    QCOMPARE(rig.pipeline.upstream.sent, 0);
    rig.admit(5);
    QCOMPARE(rig.pipeline.upstream.sent, 1);
    QVERIFY(rig.store.told.empty());
    rig.finish();
    QCOMPARE(reply.status, 200);
    QCOMPARE(fieldsOf(reply, "x-ratelimit-remaining-requests"), QByteArrayList{"4"});
    QCOMPARE(rig.store.told.size(), 1U); // Its slot; the request stays counted.
    QCOMPARE(rig.store.told[0].keys.size(), 1U);
    QCOMPARE(rig.status.degradedCalls.load(), 0);
}

void PipelineSharedRateLimitsTest::refusesWhatOthersHaveUsedUp()
{
    Rig rig;
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    rig.store.answer(std::vector<qint64>{1, 1'000, 42'000, 9, 61'000, 0, 0});
    QCOMPARE(reply.status, 429);
    QVERIFY2(reply.body.contains("9 requests per minute; 9 are used"), reply.body.constData());
    QCOMPARE(fieldsOf(reply, "retry-after"), QByteArrayList{"42"});
    QCOMPARE(fieldsOf(reply, "x-ratelimit-remaining-requests"), QByteArrayList{"0"});
    QCOMPARE(rig.pipeline.upstream.sent, 0);
    QVERIFY(rig.store.told.empty()); // It has counted nothing.
    for (int call = 0; call < 20; ++call) {
        rig.pipeline.call(question, rig.key); // Nor have we.
        rig.store.answer(std::vector<qint64>{1, 1'000, 42'000, 9, 61'000, 0, 0});
    }
    QCOMPARE(rig.store.asked.size(), 21U);
}

void PipelineSharedRateLimitsTest::asksNobodyAboutWhatOurOwnShareRefuses()
{
    Rig rig;
    for (int call = 0; call < 3; ++call) {
        rig.pipeline.call(question, rig.key);
        rig.admit();
    }
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    QCOMPARE(reply.status, 429);
    QVERIFY(reply.body.contains("3 requests at once"));
    QCOMPARE(rig.store.asked.size(), 3U);
}

void PipelineSharedRateLimitsTest::asksNobodyAboutACallWithoutLimits()
{
    Rig rig;
    const ReplyRecord &reply = rig.pipeline.call(question);
    rig.finish();
    QCOMPARE(reply.status, 200);
    QVERIFY(rig.store.asked.empty());
}

void PipelineSharedRateLimitsTest::goesOnAloneWithoutAnAnswer()
{
    Rig rig;
    rig.store.isUp = false;
    for (int call = 0; call < 9; ++call) {
        const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
        rig.finish();
        QCOMPARE(reply.status, 200);
        QCOMPARE(fieldsOf(reply, "x-ratelimit-remaining-requests"),
                 QByteArrayList{QByteArray::number(8 - call)});
    }
    QCOMPARE(rig.pipeline.call(question, rig.key).status, 429);
    QCOMPARE(rig.status.degradedCalls.load(), 9);
}

void PipelineSharedRateLimitsTest::goesOnAloneWithoutAnAnswerInTime()
{
    Rig rig;
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    rig.store.asked[0].sink->onLate();
    QCOMPARE(rig.pipeline.upstream.sent, 1);
    rig.admit(); // It comes late, and the call has a slot there from now on.
    QVERIFY(rig.store.told.empty());
    rig.finish();
    QCOMPARE(reply.status, 200);
    QCOMPARE(rig.store.told.size(), 1U);
    const ReplyRecord &second = rig.pipeline.call(question, rig.key);
    rig.store.asked[1].sink->onLate();
    rig.finish();
    QCOMPARE(second.status, 200);
    rig.admit(); // It comes after the end.
    QCOMPARE(rig.store.told.size(), 2U);
    QCOMPARE(rig.store.told[1].keys, rig.store.told[0].keys);
    QCOMPARE(rig.status.degradedCalls.load(), 2);
}

void PipelineSharedRateLimitsTest::refusesWithoutAnAnswerIfItIsToldTo()
{
    Rig rig(DegradedMode::FailClosed);
    const ReplyRecord &late = rig.pipeline.call(question, rig.key);
    rig.store.asked[0].sink->onLate();
    QCOMPARE(late.status, 503);
    QVERIFY2(late.body.contains("rate limits of this call cannot be checked"),
             late.body.constData());
    QCOMPARE(fieldsOf(late, "retry-after"), QByteArrayList{"1"});
    rig.admit(); // Too late: all of it is given back.
    QCOMPARE(rig.store.told.size(), 1U);
    QCOMPARE(rig.store.told[0].keys.size(), 2U);
    rig.store.isUp = false;
    QCOMPARE(rig.pipeline.call(question, rig.key).status, 503);
    const ReplyRecord &master = rig.pipeline.call(question); // Has no limits.
    rig.finish();
    QCOMPARE(master.status, 200);
    QCOMPARE(rig.pipeline.posted().size(), 1U);
}

void PipelineSharedRateLimitsTest::givesBackWhatACallTookThatNeverBegan()
{
    Rig rig;
    Budget budget;
    budget.id = u"all"_s;
    budget.scope = BudgetScope::Gateway;
    budget.maxBudget = Money();
    rig.pipeline.budgets.put(budget, rig.pipeline.clock.wall());
    rig.pipeline.budgets.load(budget.id, {});
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    rig.admit();
    QVERIFY(reply.body.contains("budget_exceeded"));
    QCOMPARE(rig.store.told.size(), 1U);
    QCOMPARE(rig.store.told[0].keys.size(), 2U);
    rig.pipeline.budgets.remove(budget.id);
    ReplyRecord &left = rig.pipeline.call(question, rig.key);
    left.leave(); // While the store is waited for.
    rig.admit();
    QCOMPARE(rig.pipeline.upstream.sent, 0);
    QCOMPARE(rig.store.told.size(), 2U);
}

void PipelineSharedRateLimitsTest::takesNoNonsense_data()
{
    QTest::addColumn<QList<qint64>>("numbers");
    QTest::newRow("nothing") << QList<qint64>();
    QTest::newRow("too few") << QList<qint64>{0, 1, 0, 1, 1, 1};
    QTest::newRow("too many") << QList<qint64>{0, 1, 0, 1, 1, 1, 1, 1};
    QTest::newRow("a rule that is none") << QList<qint64>{3, 1, 0, 1, 1, 1, 1};
    QTest::newRow("less than none") << QList<qint64>{0, 1, 0, -1, 1, 1, 1};
}

void PipelineSharedRateLimitsTest::takesNoNonsense()
{
    QFETCH(const QList<qint64>, numbers);
    Rig rig;
    const ReplyRecord &reply = rig.pipeline.call(question, rig.key);
    rig.store.answer(std::vector<qint64>(numbers.begin(), numbers.end()));
    rig.finish();
    QCOMPARE(reply.status, 200);
    QCOMPARE(rig.status.degradedCalls.load(), 1);
    QVERIFY(rig.store.told.empty());
}

DELTA_LOOP_TEST_MAIN(PipelineSharedRateLimitsTest)
#include "tst_shared_rate_limits.moc"
