// labels: unit
// Calls of keys with rate limits, through the whole pipeline.
#include "tests/gateway/pipeline/pipeline_exits.h"
#include "tests/support/loop_main.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::test::exits;
using test::PipelineRig;
using test::ReplyRecord;

namespace {

QByteArray fieldOf(const ReplyRecord &reply, QByteArrayView name)
{
    const auto field = std::ranges::find(
        reply.fields, name, [](const auto &entry) { return QByteArrayView(entry.first); });
    return field == reply.fields.end() ? QByteArray() : field->second;
}

QByteArray keyWith(PipelineRig &rig, const RateLimits &limits)
{
    VirtualKey key;
    key.limits = limits;
    return rig.addKey(key);
}

/// Lets the provider answer the call in hand, with 10 tokens of input and 5 of output.
void finish(PipelineRig &rig)
{
    rig.upstream.head(200, "application/json");
    rig.upstream.body(answer);
    rig.upstream.end();
}

} // namespace

class PipelineRateLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesTheCallBeyondTheLimit();
    void settlesTokensWithTheTruth();
    void refusesForEverWhatNeedsMoreThanTheLimit();
    void countsCallsUnderWay();
    void countsNothingThatABudgetRefuses();
    void sendsNoFieldsWithoutLimits();
};

void PipelineRateLimitsTest::refusesTheCallBeyondTheLimit()
{
    PipelineRig rig;
    RateLimits limits;
    limits.requestsPerMinute = 2;
    const QByteArray key = keyWith(rig, limits);
    const ReplyRecord &first = rig.call(question, key);
    finish(rig);
    QCOMPARE(fieldOf(first, "x-ratelimit-limit-requests"), "2");
    QCOMPARE(fieldOf(first, "x-ratelimit-remaining-requests"), "1");
    QCOMPARE(fieldOf(first, "x-ratelimit-reset-requests"), "1m1s");
    QCOMPARE(fieldOf(first, "x-ratelimit-limit-tokens"), "");
    rig.call(question, key);
    finish(rig);
    const ReplyRecord &refused = rig.call(question, key);
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.contains("may make 2 requests per minute; 2 are used"),
             refused.body.constData());
    QVERIFY(refused.body.contains("rate_limit_exceeded"));
    QCOMPARE(fieldOf(refused, "x-ratelimit-remaining-requests"), "0");
    QCOMPARE(fieldOf(refused, "retry-after"), "61");
    QCOMPARE(rig.upstream.sent, 2);
    QCOMPARE(rig.posted().size(), 2U);
}

void PipelineRateLimitsTest::settlesTokensWithTheTruth()
{
    PipelineRig rig;
    RateLimits limits;
    limits.tokensPerMinute = 115;
    const QByteArray key = keyWith(rig, limits);
    const QByteArray asking =
        R"({"model":"m","max_tokens":90,"messages":[{"role":"user","content":"12345678"}]})";
    const ReplyRecord &first = rig.call(asking, key);
    QCOMPARE(rig.call(asking, key).status, 429); // Each might need more than 90.
    finish(rig);
    QVERIFY(fieldOf(first, "x-ratelimit-remaining-tokens").toInt() < 25);
    const ReplyRecord &second = rig.call(asking, key); // Now that the first needed only 15.
    finish(rig);
    QCOMPARE(second.status, 200);
}

void PipelineRateLimitsTest::refusesForEverWhatNeedsMoreThanTheLimit()
{
    PipelineRig rig;
    RateLimits limits;
    limits.tokensPerHour = 100;
    const ReplyRecord &reply = rig.call(
        R"({"model":"m","n":1000000000,"max_tokens":90000000000,"messages":[{}]})",
        keyWith(rig, limits));
    QCOMPARE(reply.status, 429);
    QVERIFY2(reply.body.contains("this call alone needs"), reply.body.constData());
    QCOMPARE(fieldOf(reply, "retry-after"), "");
    QCOMPARE(fieldOf(reply, "x-should-retry"), "false");
}

void PipelineRateLimitsTest::countsCallsUnderWay()
{
    PipelineRig rig;
    RateLimits limits;
    limits.parallelRequests = 1;
    const QByteArray key = keyWith(rig, limits);
    for (int round = 0; round < 3; ++round) {
        ReplyRecord &reply = rig.call(streamed, key);
        const ReplyRecord &refused = rig.call(question, key);
        QCOMPARE(refused.status, 429);
        QVERIFY(refused.body.contains("1 requests at once"));
        QCOMPARE(fieldOf(refused, "retry-after"), "1");
        rig.upstream.head(200, "text/event-stream");
        rig.upstream.body(word);
        reply.leave(); // A client that leaves frees its slot.
    }
    rig.call(question, key);
    rig.upstream.fail(ports::UpstreamFault::Connect);
    QCOMPARE(rig.call(question, key).ends, 0);
    finish(rig);
}

void PipelineRateLimitsTest::countsNothingThatABudgetRefuses()
{
    PipelineRig rig;
    RateLimits limits;
    limits.requestsPerDay = 1;
    const QByteArray key = keyWith(rig, limits);
    Budget budget;
    budget.id = u"all"_s;
    budget.scope = BudgetScope::Gateway;
    budget.maxBudget = Money();
    rig.budgets.put(budget, rig.clock.wall());
    rig.budgets.load(budget.id, {});
    for (int call = 0; call < 3; ++call) {
        QVERIFY(rig.call(question, key).body.contains("budget_exceeded"));
    }
    rig.budgets.remove(budget.id);
    const ReplyRecord &reply = rig.call(question, key);
    finish(rig);
    QCOMPARE(reply.status, 200);
}

void PipelineRateLimitsTest::sendsNoFieldsWithoutLimits()
{
    PipelineRig rig;
    const ReplyRecord &reply = rig.call(question, keyWith(rig, {}));
    finish(rig);
    QVERIFY(std::ranges::none_of(
        reply.fields, [](const auto &field) { return field.first.startsWith("x-ratelimit"); }));
}

DELTA_LOOP_TEST_MAIN(PipelineRateLimitsTest)
#include "tst_rate_limits.moc"
