// labels: unit money fault
// Calls whose budgets other gateways spend too, through the whole pipeline.
#include "tests/gateway/limits/shared_database.h"
#include "tests/gateway/pipeline/pipeline_exits.h"
#include "tests/support/loop_main.h"

#include <QTest>

#include <chrono>
#include <deque>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::test::exits;
using test::GrantsOfGateway;
using test::PipelineRig;
using test::ReplyRecord;
using test::SharedDatabase;
using Mood = GrantsOfGateway::Mood;

namespace {

// What the played provider costs, in nano-USD per token.
constexpr qint64 inputPrice = 1000;
constexpr qint64 outputPrice = 2000;

const QByteArray shortQuestion =
    R"({"model":"m","max_tokens":100,"messages":[{"role":"user","content":"12345678"}]})";

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

/// The time of this machine, or later.
class LateClock final : public Clock
{
public:
    [[nodiscard]] WallTime wall() const override
    {
        return m_clock.wall();
    }
    [[nodiscard]] SteadyTime steady() const override
    {
        return m_clock.steady() + late;
    }

    std::chrono::milliseconds late{};

private:
    SystemClock m_clock;
};

/// A rig whose budget other gateways spend too. The database answers when the test says so.
class SharedRig
{
public:
    explicit SharedRig(qint64 nanos)
    {
        Budget budget;
        budget.id = u"all"_s;
        budget.scope = BudgetScope::Gateway;
        budget.maxBudget = Money::fromNanos(nanos);
        book.put(budget, rig.clock.wall());
        book.load(budget.id, {});
    }
    ReplyRecord &call(const QByteArray &body)
    {
        ports::HttpRequest request;
        request.id = "req_1";
        request.head = "x-api-key" + PipelineRig::masterKey.toByteArray();
        request.fields.emplace_back(QByteArrayView(request.head).first(9),
                                    QByteArrayView(request.head).sliced(9));
        request.body = body;
        request.receivedAt = rig.clock.steady();
        auto &record = *m_replies.emplace_back(std::make_unique<ReplyRecord>());
        pipeline.start(openai::Operation::ChatCompletion, std::move(request),
                       std::make_unique<test::RecordedReply>(record));
        return record;
    }
    /// Lets the database answer what it was asked, and the loop hear of it, perhaps after something else.
    void work(const std::function<void()> &before = [] { })
    {
        while (!posted.empty()) {
            const auto next = std::move(posted.front());
            posted.pop_front();
            next();
        }
        before();
        bool isTurned = false;
        rig.loop.post([&isTurned] { isTurned = true; });
        QVERIFY(test::turnLoopUntil([&isTurned] { return isTurned; }));
    }
    /// Begins a call that is paid for, and answers its head and some of its body.
    ReplyRecord &streamingCall(const QList<QByteArray> &pieces)
    {
        ReplyRecord &reply = call(streamed);
        work();
        rig.upstream.head(200, "text/event-stream");
        for (const QByteArray &piece : pieces) {
            rig.upstream.body(piece);
        }
        return reply;
    }
    [[nodiscard]] limits::BudgetState state()
    {
        return book.states(rig.clock.wall()).front();
    }

    PipelineRig rig;
    LateClock clock; ///< Of the pipeline.
    SharedDatabase database{rig.clock, {}, {}};
    GrantsOfGateway grants{database, 1};
    limits::BudgetBook book{limits::Sharing::SeveralGateways};
    std::deque<std::function<void()>> posted;
    limits::Presence presence{
        {grants, book, rig.clock, [] { return ports::GatewayReport(); }, std::nullopt}};
    limits::GrantKeeper keeper{
        limits::GrantKeeper::Parts{grants, book, presence, rig.clock,
                                   [this](std::function<void()> work) { posted.push_back(work); }}};
    pipeline::GrantDesk desk{keeper, rig.loop};
    pipeline::CompletionPipeline pipeline{partsOf(*this)};

private:
    static pipeline::CompletionPipeline::Parts partsOf(SharedRig &shared)
    {
        PipelineRig &rig = shared.rig;
        pipeline::CompletionPipeline::Parts parts{
            rig.authenticator, rig.permissions, rig.snapshots,
            rig.upstream,      *rig.ledger,     shared.book,
            rig.rates,         rig.rateLimits,  rig.metrics.makeRecorder(),
            rig.accessLog,     shared.clock,    rig.loop,
            rig.inFlight};
        parts.grants = &shared.desk;
        return parts;
    }

    std::vector<std::unique_ptr<ReplyRecord>> m_replies;
};

} // namespace

class PipelineSharedBudgetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsUntilTheDatabaseLendsMoney();
    void waitsForNothingWhileThereIsRoom();
    void goesOnAskingWhileOtherCallsAreFaster();
    void refusesWhatOthersHold();
    void shortensAnAnswerToWhatOthersLeave();
    void saysThatTheDatabaseDoesNotAnswer();
    void waitsForASecondAtMost();
    void asksForASecondInAll();
    void tellsOfTooLittleMoneyAlsoWhenTimeIsOver();
    void asksNoProviderForAClientThatLeftMeanwhile();
    void paysAStreamOnWhenTheDatabaseLendsMore();
    void stopsAStreamThatNobodyCanPayOn();
};

void PipelineSharedBudgetsTest::waitsUntilTheDatabaseLendsMoney()
{
    SharedRig shared(10'000'000'000);
    const ReplyRecord &reply = shared.call(question);
    QCOMPARE(shared.rig.upstream.sent, 0);
    QCOMPARE(reply.heads, 0);
    shared.work();
    QCOMPARE(shared.rig.upstream.sent, 1);
    shared.rig.upstream.head(200, "application/json");
    shared.rig.upstream.body(answer);
    shared.rig.upstream.end();
    QCOMPARE(reply.status, 200);
    QCOMPARE(shared.state().spent.nanos(), 10 * inputPrice + 5 * outputPrice);
    QCOMPARE(shared.state().reserved, Money());
}

void PipelineSharedBudgetsTest::waitsForNothingWhileThereIsRoom()
{
    SharedRig shared(10'000'000'000);
    shared.call(shortQuestion);
    shared.work();
    shared.rig.upstream.fail(ports::UpstreamFault::Connect);
    shared.call(shortQuestion);
    QCOMPARE(shared.rig.upstream.sent, 2);
    QVERIFY(shared.posted.empty());
    shared.rig.upstream.fail(ports::UpstreamFault::Connect);
}

// Of many budgets one or the other has no room at any time; while there is money, that refuses nobody.
void PipelineSharedBudgetsTest::goesOnAskingWhileOtherCallsAreFaster()
{
    SharedRig shared(10'000'000'000);
    const ReplyRecord &reply = shared.call(question);
    std::vector<limits::BudgetHold> thieves;
    const auto takeAll = [&] {
        const Money little = Money::fromNanos(1'000'000);
        while (auto hold = shared.book.reserve({}, little, shared.rig.clock.wall())) {
            thieves.push_back(*std::move(hold));
        }
    };
    for (int turn = 0; turn < 20; ++turn) {
        shared.work(takeAll);
        QCOMPARE(reply.heads, 0);
    }
    QVERIFY(thieves.size() > 1000);
    shared.work();
    QCOMPARE(shared.rig.upstream.sent, 1);
    shared.rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineSharedBudgetsTest::refusesWhatOthersHold()
{
    SharedRig shared(10'000'000);
    shared.database.held[2] = {Money::fromNanos(9'999'000), std::nullopt};
    const ReplyRecord &reply = shared.call(shortQuestion);
    for (int turn = 0; turn < 5; ++turn) {
        shared.work();
    }
    QCOMPARE(reply.status, 429);
    QVERIFY2(reply.body.contains("other gateways hold up to 0.009999 USD"), reply.body.constData());
    QCOMPARE(fieldOf(reply, "retry-after"), "1");
    QCOMPARE(shared.rig.upstream.sent, 0);
    QVERIFY(shared.rig.posted().empty());
}

void PipelineSharedBudgetsTest::shortensAnAnswerToWhatOthersLeave()
{
    SharedRig shared(10'000'000);
    const qint64 rest = shortQuestion.size() * inputPrice + 50 * outputPrice;
    shared.database.held[2] = {Money::fromNanos(10'000'000 - rest), std::nullopt};
    shared.call(shortQuestion);
    for (int turn = 0; turn < 5; ++turn) {
        shared.work();
    }
    QVERIFY2(shared.rig.upstream.sentBody().contains(R"("max_tokens":50)"),
             shared.rig.upstream.sentBody().constData());
    shared.rig.upstream.fail(ports::UpstreamFault::Connect);
}

void PipelineSharedBudgetsTest::saysThatTheDatabaseDoesNotAnswer()
{
    SharedRig shared(10'000'000'000);
    shared.grants.mood = Mood::IsAway;
    const ReplyRecord &reply = shared.call(question);
    shared.work();
    QCOMPARE(reply.status, 503);
    QVERIFY(reply.body.contains("store_unavailable"));
    QVERIFY2(reply.body.contains("shared with other gateways"), reply.body.constData());
    QVERIFY(!reply.body.contains("away")); // That is for the log.
    QCOMPARE(shared.rig.upstream.sent, 0);
    QCOMPARE(shared.state().reserved, Money());
}

void PipelineSharedBudgetsTest::waitsForASecondAtMost()
{
    SharedRig shared(10'000'000'000);
    const ReplyRecord &reply = shared.call(question);
    QVERIFY(test::turnLoopUntil([&reply] { return reply.status == 503; }));
    shared.work(); // The answer that comes too late wakes nobody.
    QCOMPARE(reply.ends, 1);
    QCOMPARE(shared.rig.upstream.sent, 0);
}

void PipelineSharedBudgetsTest::asksForASecondInAll()
{
    SharedRig shared(10'000'000'000);
    const ReplyRecord &reply = shared.call(question);
    std::vector<limits::BudgetHold> thieves;
    const auto takeAll = [&] {
        const Money little = Money::fromNanos(1'000'000);
        while (auto hold = shared.book.reserve({}, little, shared.rig.clock.wall())) {
            thieves.push_back(*std::move(hold));
        }
    };
    shared.work(takeAll);
    QCOMPARE(reply.heads, 0);
    shared.clock.late = 1s;
    shared.work(takeAll);
    QCOMPARE(reply.status, 503);
    QVERIFY2(reply.body.contains("is too slow"), reply.body.constData());
    QVERIFY(shared.posted.empty());
    QCOMPARE(shared.rig.upstream.sent, 0);
}

void PipelineSharedBudgetsTest::tellsOfTooLittleMoneyAlsoWhenTimeIsOver()
{
    SharedRig shared(10'000'000);
    shared.database.held[2] = {Money::fromNanos(9'999'000), std::nullopt};
    const ReplyRecord &reply = shared.call(shortQuestion);
    shared.clock.late = 1s;
    shared.work();
    QCOMPARE(reply.status, 429);
    QCOMPARE(shared.grants.renewals, 1);
    QVERIFY2(reply.body.contains("other gateways hold"), reply.body.constData());
}

void PipelineSharedBudgetsTest::asksNoProviderForAClientThatLeftMeanwhile()
{
    SharedRig shared(10'000'000'000);
    ReplyRecord &reply = shared.call(question);
    reply.leave();
    shared.work();
    QVERIFY(reply.isAborted);
    QCOMPARE(shared.rig.upstream.sent, 0);
    QCOMPARE(shared.state().reserved, Money());
    QCOMPARE(shared.state().spent, Money());
}

void PipelineSharedBudgetsTest::paysAStreamOnWhenTheDatabaseLendsMore()
{
    SharedRig shared(10'000'000'000);
    // What is lent beyond the question is for one call more.
    QList<QByteArray> pieces(60, words(1000));
    pieces << lastWord << done;
    const ReplyRecord &reply = shared.streamingCall(pieces);
    QVERIFY(!reply.body.endsWith(done));
    QVERIFY(!shared.posted.empty());
    for (int turn = 0; turn < 50 && !shared.posted.empty(); ++turn) {
        shared.work();
    }
    shared.rig.upstream.end();
    QVERIFY(reply.body.endsWith(done));
    QVERIFY(!reply.body.contains("error"));
    QCOMPARE(shared.state().spent, shared.rig.posted().front().cost);
    QVERIFY(shared.state().spent.nanos() > 55'000 * outputPrice);
}

void PipelineSharedBudgetsTest::stopsAStreamThatNobodyCanPayOn()
{
    SharedRig shared(10'000'000'000);
    const ReplyRecord &reply = shared.streamingCall({words(10)});
    shared.grants.mood = Mood::IsAway;
    for (int piece = 0; piece < 60; ++piece) {
        shared.rig.upstream.body(words(1000));
    }
    shared.work();
    QCOMPARE(reply.ends, 1);
    QVERIFY(reply.body.contains(R"("finish_reason":"length")"));
    QVERIFY(reply.body.contains("store_unavailable"));
    QVERIFY(!shared.rig.upstream.sink);
    const auto posted = shared.rig.posted();
    QCOMPARE(posted.size(), 1U);
    QVERIFY(posted.front().cost.nanos() > 10 * outputPrice);
    QVERIFY(posted.front().cost <= shared.database.held[1].amount);
    QCOMPARE(shared.state().reserved, Money());
}

DELTA_LOOP_TEST_MAIN(PipelineSharedBudgetsTest)
#include "tst_shared_budgets.moc"
