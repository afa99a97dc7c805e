// labels: unit money
// Calls that have to be paid from budgets, through the whole pipeline.
#include "tests/gateway/pipeline/pipeline_exits.h"
#include "tests/support/loop_main.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::test::exits;
using test::PipelineRig;
using test::ReplyRecord;

namespace {

// What the played provider costs, in nano-USD per token.
constexpr qint64 inputPrice = 1000;
constexpr qint64 outputPrice = 2000;

Budget gatewayBudget(qint64 nanos)
{
    Budget budget;
    budget.id = u"all"_s;
    budget.scope = BudgetScope::Gateway;
    budget.maxBudget = Money::fromNanos(nanos);
    return budget;
}

void enter(PipelineRig &rig, const Budget &budget)
{
    rig.budgets.put(budget, rig.clock.wall());
    rig.budgets.load(budget.id, {});
}

limits::BudgetState stateOf(PipelineRig &rig)
{
    return rig.budgets.states(rig.clock.wall()).front();
}

/// Says whether the budget's owner hears that calls are refused.
bool refusesCalls(PipelineRig &rig)
{
    const auto news = rig.budgets.news(rig.clock.wall());
    return news.size() == 1 && news.front().refusesCalls;
}

QByteArray fieldOf(const ReplyRecord &reply, QByteArrayView name)
{
    const auto field = std::ranges::find(
        reply.fields, name, [](const auto &entry) { return QByteArrayView(entry.first); });
    return field == reply.fields.end() ? QByteArray() : field->second;
}

/// An event with a text of so many tokens, more or less.
QByteArray words(int count)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")"
        + QByteArray("word ").repeated(count) + "\"},\"finish_reason\":null}]}\n\n";
}

} // namespace

class PipelineBudgetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatItReservedOnEveryExit_data();
    void givesBackWhatItReservedOnEveryExit();
    void refusesACallThatTheBudgetDoesNotPayFor();
    void shortensAnAnswerToWhatTheBudgetPaysFor();
    void replacesALongerLimitOfTheClient();
    void leavesTheRequestAloneWhereTheBudgetPays();
    void reservesInFullWhereALimitCannotBeRead_data();
    void reservesInFullWhereALimitCannotBeRead();
    void takesTextThatLooksLikeMediaForText();
    void refusesWhereAnswersMayNotBeShortened();
    void sharesWhatIsLeftBetweenAllAnswers();
    void stopsAStreamAtTheMoney();
    void paysAStreamOnAsItComes();
    void tellsTheClientHowItsTightestBudgetStands();
    void countsWhatAKeyAndItsTeamSpend();
};

void PipelineBudgetsTest::givesBackWhatItReservedOnEveryExit_data()
{
    QTest::addColumn<std::size_t>("index");
    const std::vector<Exit> exits = allExits();
    for (std::size_t index = 0; index < exits.size(); ++index) {
        QTest::newRow(exits[index].name) << index;
    }
}

void PipelineBudgetsTest::givesBackWhatItReservedOnEveryExit()
{
    QFETCH(std::size_t, index);
    const Exit expected = allExits()[index];
    PipelineRig rig({test::playedEndpoint(u"m"_s)}, expected.ledger);
    enter(rig, gatewayBudget(1'000'000'000));
    const ReplyRecord &reply = expected.play(rig);
    QCOMPARE(reply.status, expected.status);
    QCOMPARE(stateOf(rig).reserved, Money());
    QCOMPARE(stateOf(rig).spent.nanos(), expected.nanos);
}

void PipelineBudgetsTest::refusesACallThatTheBudgetDoesNotPayFor()
{
    PipelineRig rig;
    enter(rig, gatewayBudget(100));
    const ReplyRecord &reply = rig.call(question);
    QCOMPARE(reply.status, 429);
    QVERIFY(reply.body.contains("budget_exceeded"));
    QVERIFY(refusesCalls(rig));
    QVERIFY2(
        reply.body.contains("The budget of this gateway does not pay for this call: its limit is "
                            "0.0000001 USD, 0 USD are spent"),
        reply.body.constData());
    QCOMPARE(fieldOf(reply, "x-should-retry"), "false");
    QCOMPARE(fieldOf(reply, "x-deltallm-budget-remaining"), "0.0000001");
    QCOMPARE(fieldOf(reply, "retry-after"), "");
    QCOMPARE(rig.upstream.sent, 0);
    QVERIFY(rig.posted().empty());
}

void PipelineBudgetsTest::shortensAnAnswerToWhatTheBudgetPaysFor()
{
    PipelineRig rig;
    enter(rig, gatewayBudget(question.size() * inputPrice + 100 * outputPrice + 1999));
    const QList<QByteArray> pieces{answer};
    const ReplyRecord *reply = &answered(rig, question, 200, "application/json", pieces);
    rig.upstream.end();
    QCOMPARE(reply->status, 200);
    QCOMPARE(fieldOf(*reply, "x-deltallm-max-tokens"), "100");
    QVERIFY2(rig.upstream.sentBody().endsWith(R"(,"max_tokens":100})"),
             rig.upstream.sentBody().constData());
    QCOMPARE(stateOf(rig).spent.nanos(), 10 * inputPrice + 5 * outputPrice);
}

void PipelineBudgetsTest::replacesALongerLimitOfTheClient()
{
    PipelineRig rig;
    const QByteArray asking =
        R"({"model":"m","max_tokens":4000,"max_completion_tokens":50,"messages":[{}]})";
    enter(rig, gatewayBudget(asking.size() * inputPrice + 100 * outputPrice));
    rig.call(asking);
    const QByteArray sent = rig.upstream.sentBody();
    QVERIFY2(sent.contains(R"("max_tokens":100,"max_completion_tokens":50,)"), sent.constData());
    rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineBudgetsTest::leavesTheRequestAloneWhereTheBudgetPays()
{
    PipelineRig rig;
    const QByteArray asking = R"({"model":"m","max_tokens":100,"messages":[{}]})";
    enter(rig, gatewayBudget(asking.size() * inputPrice + 100 * outputPrice));
    rig.call(asking);
    QVERIFY(rig.upstream.sentBody().contains(R"("max_tokens":100,)"));
    QCOMPARE(stateOf(rig).left(), Money());
    rig.upstream.fail(ports::UpstreamFault::Connect);
    QCOMPARE(stateOf(rig).reserved, Money());
}

void PipelineBudgetsTest::reservesInFullWhereALimitCannotBeRead_data()
{
    QTest::addColumn<QByteArray>("limits");
    QTest::newRow("exponent") << R"("max_tokens":1,"max_completion_tokens":4e4)"_ba;
    QTest::newRow("below zero") << R"("max_tokens":-1,"max_completion_tokens":1)"_ba;
    QTest::newRow("beyond any number") << R"("max_completion_tokens":1e400)"_ba;
    QTest::newRow("null") << R"("max_tokens":null)"_ba;
}

void PipelineBudgetsTest::reservesInFullWhereALimitCannotBeRead()
{
    QFETCH(QByteArray, limits);
    PipelineRig rig;
    const QByteArray asking = R"({"model":"m",)" + limits + R"(,"messages":[{}]})";
    enter(rig, gatewayBudget(asking.size() * inputPrice + 16'384 * outputPrice));
    rig.call(asking);
    QCOMPARE(stateOf(rig).left(), Money());
    rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineBudgetsTest::takesTextThatLooksLikeMediaForText()
{
    PipelineRig rig;
    const QByteArray data = "data:;base64," + QByteArray(100'000, '7');
    const QByteArray asking =
        R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":")" + data + R"("}]})";
    enter(rig, gatewayBudget(100'000 * inputPrice));
    QCOMPARE(rig.call(asking).status, 429);
    const QByteArray image =
        R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{)"
        R"("type":"image_url","image_url":{"url":")"
        + data + R"("}}]}]})";
    rig.call(image);
    QCOMPARE(rig.upstream.sent, 1);
    rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineBudgetsTest::refusesWhereAnswersMayNotBeShortened()
{
    PipelineRig rig;
    auto snapshot = std::make_shared<pipeline::Snapshot>(*rig.snapshots.current());
    snapshot->mayShorten = false;
    rig.snapshots.replace(std::move(snapshot));
    enter(rig, gatewayBudget(question.size() * inputPrice + 100 * outputPrice));
    QCOMPARE(rig.call(question).status, 429);
    const QByteArray shorter =
        R"({"model":"m","max_tokens":50,"messages":[{"role":"user","content":"12345678"}]})";
    rig.call(shorter);
    QCOMPARE(rig.upstream.sent, 1);
    rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineBudgetsTest::sharesWhatIsLeftBetweenAllAnswers()
{
    PipelineRig rig;
    const QByteArray asking = R"({"model":"m","prompt":["a","b"],"n":2,"best_of":3})";
    enter(rig, gatewayBudget(asking.size() * inputPrice + 605 * outputPrice));
    rig.call(asking, PipelineRig::masterKey, openai::Operation::Completion);
    const QByteArray sent = rig.upstream.sentBody();
    QVERIFY2(sent.endsWith(R"(,"max_tokens":100})"), sent.constData());
    rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineBudgetsTest::stopsAStreamAtTheMoney()
{
    PipelineRig rig;
    const QByteArray asking = R"({"model":"m","stream":true,"max_tokens":20,"messages":[{}]})";
    const qint64 limit = asking.size() * inputPrice + 20 * outputPrice;
    enter(rig, gatewayBudget(limit));
    // The provider does not care for max_tokens.
    const QList<QByteArray> pieces{words(10), words(5), words(100), words(1)};
    const ReplyRecord *reply = &answered(rig, asking, 200, "text/event-stream", pieces);
    QCOMPARE(reply->ends, 1);
    QVERIFY(!rig.upstream.sink);
    const QByteArray passed = words(10) + words(5);
    QVERIFY2(reply->body.startsWith(passed), reply->body.constData());
    const QByteArray end = reply->body.sliced(passed.size());
    QVERIFY2(end.startsWith(R"(data: {"id":"req_1","object":"chat.completion.chunk")"),
             end.constData());
    QVERIFY(end.contains(R"("finish_reason":"length")"));
    QVERIFY(end.contains("event: error\ndata: "));
    QVERIFY(end.contains("budget_exceeded"));
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 1U);
    QCOMPARE(posted.front().usageSource, UsageSource::Estimated);
    QCOMPARE(posted.front().usage.outputTokens, 15);
    QVERIFY(posted.front().cost.nanos() <= limit);
    QCOMPARE(stateOf(rig).spent, posted.front().cost);
    QCOMPARE(stateOf(rig).reserved, Money());
    QVERIFY(refusesCalls(rig));
}

void PipelineBudgetsTest::paysAStreamOnAsItComes()
{
    PipelineRig rig;
    enter(rig, gatewayBudget(100'000'000));
    QList<QByteArray> pieces(10, words(1000));
    pieces << lastWord << done;
    const ReplyRecord *reply = &answered(rig, streamed, 200, "text/event-stream", pieces);
    rig.upstream.end();
    QVERIFY(reply->body.endsWith(done));
    QVERIFY(!reply->body.contains("error"));
    QCOMPARE(stateOf(rig).spent, rig.posted().front().cost);
    QVERIFY(stateOf(rig).spent.nanos() > 9'000 * outputPrice);
    QCOMPARE(stateOf(rig).reserved, Money());
    QVERIFY(!refusesCalls(rig));
}

void PipelineBudgetsTest::tellsTheClientHowItsTightestBudgetStands()
{
    PipelineRig rig;
    const QByteArray asking = R"({"model":"m","max_tokens":100,"messages":[{}]})";
    Budget daily = gatewayBudget(asking.size() * inputPrice + 100 * outputPrice + 5);
    daily.duration = Period{1, PeriodUnit::Day};
    enter(rig, daily);
    const QList<QByteArray> pieces{answer};
    const ReplyRecord *reply = &answered(rig, asking, 200, "application/json", pieces);
    rig.upstream.end();
    QCOMPARE(fieldOf(*reply, "x-deltallm-budget-remaining"), "0.000000005");
    QVERIFY(fieldOf(*reply, "x-deltallm-budget-reset").endsWith("T00:00:00Z"));
    QCOMPARE(fieldOf(*reply, "x-deltallm-max-tokens"), "");
}

void PipelineBudgetsTest::countsWhatAKeyAndItsTeamSpend()
{
    PipelineRig rig;
    VirtualKey key;
    key.teamId = u"sales"_s;
    const QByteArray text = rig.addKey(key);
    Budget team = gatewayBudget(1'000'000'000);
    team.scope = BudgetScope::Team;
    team.scopeId = u"sales"_s;
    enter(rig, team);
    const QByteArray master = PipelineRig::masterKey.toByteArray();
    for (const QByteArray &caller : {text, master}) {
        rig.call(question, caller);
        rig.upstream.head(200, "application/json");
        rig.upstream.body(answer);
        rig.upstream.end();
    }
    QCOMPARE(stateOf(rig).spent.nanos(), 10 * inputPrice + 5 * outputPrice);
}

DELTA_LOOP_TEST_MAIN(PipelineBudgetsTest)
#include "tst_budgets.moc"
