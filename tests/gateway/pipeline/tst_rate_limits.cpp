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

RateLimit limitOf(RateSubject subject, const RateLimits &limits)
{
    return {std::move(subject), limits};
}

/// Returns the text of a key of the user "ann" in the team "sales", and its id.
std::pair<QByteArray, QString> keyOfAnn(PipelineRig &rig)
{
    VirtualKey key;
    key.userId = u"ann"_s;
    key.teamId = u"sales"_s;
    key.organizationId = u"acme"_s;
    const QByteArray text = rig.addKey(key);
    return {text, QString::fromLatin1(text.sliced(6, 8))};
}

/// Makes a call with an answer, or one that is refused.
const ReplyRecord &callThrough(PipelineRig &rig, const QByteArray &key,
                               const QByteArray &body = question)
{
    const ReplyRecord &reply = rig.call(body, key);
    if (reply.ends == 0) {
        finish(rig);
    }
    return reply;
}

const RateSubject gateway{RateScope::Gateway, {}, {}, {}};
const RateSubject team{RateScope::Team, u"sales"_s, {}, {}};
const RateSubject user{RateScope::User, u"ann"_s, {}, {}};

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
    void freesTheSlotOnEveryExit_data();
    void freesTheSlotOnEveryExit();
    void answersForEachScope_data();
    void answersForEachScope();
    void consumesNothingInAnyScopeWhereOneRefuses();
    void namesTheScopeThatHasRoomLast();
    void reportsTheTightestOfAllScopes();
    void countsAnAliasWithTheModelThatItMeans();
    void limitsTheWholeGatewayByItsConfiguration();
    void obeysAChangedLimitWithTheNextCall();
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
    QVERIFY2(refused.body.contains("is allowed 2 requests per minute; 2 are used"),
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

void PipelineRateLimitsTest::freesTheSlotOnEveryExit_data()
{
    QTest::addColumn<std::size_t>("index");
    const std::vector<Exit> exits = allExits();
    for (std::size_t index = 0; index < exits.size(); ++index) {
        QTest::newRow(exits[index].name) << index;
    }
}

/// A call that reached the provider counts with the tokens that the ledger has, any other not at all.
void PipelineRateLimitsTest::freesTheSlotOnEveryExit()
{
    QFETCH(std::size_t, index);
    const Exit expected = allExits()[index];
    PipelineRig rig({test::playedEndpoint(u"m"_s)}, expected.ledger);
    const std::vector limits{limitOf(gateway, {1000, {}, {}, 1'000'000, {}, {}, 1})};
    rig.rateLimits.replace(limits::RateTable(limits));
    const ReplyRecord &reply = expected.play(rig);
    QCOMPARE(reply.ends, 1);
    std::vector<limits::RateRule> rules;
    limits::addRules(limits.front().limits, limits::counterName(gateway), rules);
    const auto states = rig.rates.states(rules, rig.clock.steady());
    qint64 tokens = 0;
    for (const SpendEntry &entry : rig.posted()) {
        tokens += entry.usage.totalTokens();
    }
    QCOMPARE(states[0].used, expected.posted);
    QCOMPARE(states[1].used, tokens);
    QCOMPARE(states[2].used, 0);
}

void PipelineRateLimitsTest::answersForEachScope_data()
{
    QTest::addColumn<RateSubject>("subject");
    QTest::addColumn<QByteArray>("name");
    const auto add = [](const RateSubject &subject, const char *name) {
        QTest::newRow(name) << subject << QByteArray(name);
    };
    add(gateway, "The gateway is allowed 1 requests");
    add({RateScope::Organization, u"acme"_s, {}, {}}, "The organization 'acme' is allowed");
    add(team, "The team 'sales' is allowed 1 requests");
    add({RateScope::Team, u"sales"_s, {}, u"m"_s},
        "The team 'sales' with the model 'm' is allowed");
    add({RateScope::TeamMember, u"sales"_s, u"ann"_s, {}},
        "The member 'ann' of the team 'sales' is allowed");
    add(user, "The user 'ann' is allowed");
    add({RateScope::User, u"ann"_s, {}, u"m"_s}, "The user 'ann' with the model 'm' is allowed");
    add({RateScope::EndUser, u"c1"_s, {}, {}}, "The end user 'c1' is allowed");
    add({RateScope::Model, u"m"_s, {}, {}}, "The model 'm' is allowed");
    add({RateScope::Key, u"?"_s, {}, {}}, "' is allowed");
    add({RateScope::Key, u"?"_s, {}, u"m"_s}, "' with the model 'm' is allowed");
}

void PipelineRateLimitsTest::answersForEachScope()
{
    QFETCH(RateSubject, subject);
    QFETCH(const QByteArray, name);
    const QByteArray asking =
        R"({"model":"m","user":"c1","messages":[{"role":"user","content":"Hi"}]})";
    const QByteArray other = R"({"model":"n","messages":[{"role":"user","content":"Hi"}]})";
    PipelineRig rig({test::playedEndpoint(u"m"_s), test::playedEndpoint(u"n"_s)});
    const auto [key, id] = keyOfAnn(rig);
    if (subject.scope == RateScope::Key) {
        subject.scopeId = id;
    }
    const std::vector limits{limitOf(subject, {1, {}, {}, {}, {}, {}, {}})};
    rig.rateLimits.replace(limits::RateTable(limits));
    QCOMPARE(callThrough(rig, key, asking).status, 200);
    const ReplyRecord &refused = callThrough(rig, key, asking);
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.contains(name), refused.body.constData());
    QVERIFY(refused.body.contains("per minute; 1 are used, and this call needs 1."));
    QVERIFY(fieldOf(refused, "retry-after").toInt() >= 59);
    QCOMPARE(fieldOf(refused, "x-ratelimit-remaining-requests"), "0");
    // The master, with another model and for nobody, is in the scope of the gateway only.
    const bool isOfAll = subject.scope == RateScope::Gateway;
    QCOMPARE(callThrough(rig, PipelineRig::masterKey.toByteArray(), other).status,
             isOfAll ? 429 : 200);
}

void PipelineRateLimitsTest::consumesNothingInAnyScopeWhereOneRefuses()
{
    PipelineRig rig;
    const auto [key, id] = keyOfAnn(rig);
    const std::vector limits{limitOf(team, {1, {}, {}, {}, {}, {}, {}}),
                             limitOf(user, {{}, {}, 10, {}, {}, 100'000, {}}),
                             limitOf(gateway, {{}, {}, {}, {}, {}, {}, 5})};
    rig.rateLimits.replace(limits::RateTable(limits));
    QCOMPARE(callThrough(rig, key).status, 200);
    std::vector<limits::RateRule> rules;
    limits::addRules(limits[1].limits, limits::counterName(user), rules);
    limits::addRules(limits[2].limits, limits::counterName(gateway), rules);
    for (int call = 0; call < 5; ++call) {
        const ReplyRecord &refused = callThrough(rig, key);
        QVERIFY2(refused.body.contains("The team 'sales'"), refused.body.constData());
        const auto states = rig.rates.states(rules, rig.clock.steady());
        QCOMPARE(states[0].used, 1);
        QCOMPARE(states[1].used, 15);
        QCOMPARE(states[2].used, 0);
    }
    QCOMPARE(rig.upstream.sent, 1);
    QCOMPARE(rig.posted().size(), 1U);
}

void PipelineRateLimitsTest::namesTheScopeThatHasRoomLast()
{
    PipelineRig rig;
    const auto [key, id] = keyOfAnn(rig);
    const std::vector limits{limitOf(user, {1, {}, {}, {}, {}, {}, {}}),
                             limitOf(team, {{}, {}, 1, {}, {}, {}, {}}),
                             limitOf(gateway, {{}, 1, {}, {}, {}, {}, {}})};
    rig.rateLimits.replace(limits::RateTable(limits));
    QCOMPARE(callThrough(rig, key).status, 200);
    const ReplyRecord &refused = callThrough(rig, key);
    QVERIFY2(refused.body.contains("The team 'sales' is allowed 1 requests per day"),
             refused.body.constData());
    QVERIFY(fieldOf(refused, "retry-after").toInt() > 24 * 3600 - 1);
    QVERIFY(fieldOf(refused, "x-ratelimit-reset-requests").startsWith("24h"));
    const std::vector even{limitOf(gateway, {0, {}, {}, {}, {}, {}, {}}),
                           limitOf(user, {0, {}, {}, {}, {}, {}, {}})};
    rig.rateLimits.replace(limits::RateTable(even));
    // Of two that never have room, the narrower one is named.
    const ReplyRecord &never = callThrough(rig, key);
    QVERIFY2(
        never.body.contains("The user 'ann' is allowed 0 requests per minute; that lets no call"),
        never.body.constData());
    QCOMPARE(fieldOf(never, "retry-after"), "");
}

void PipelineRateLimitsTest::reportsTheTightestOfAllScopes()
{
    PipelineRig rig;
    const auto [key, id] = keyOfAnn(rig);
    const std::vector limits{limitOf(user, {100, {}, {}, 500'000, {}, {}, {}}),
                             limitOf(team, {{}, 20, {}, {}, {}, 900'000, {}}),
                             limitOf(gateway, {{}, {}, 50, {}, 100'000, {}, 7})};
    rig.rateLimits.replace(limits::RateTable(limits));
    const ReplyRecord &reply = callThrough(rig, key);
    QCOMPARE(fieldOf(reply, "x-ratelimit-limit-requests"), "20");
    QCOMPARE(fieldOf(reply, "x-ratelimit-remaining-requests"), "19");
    QVERIFY(fieldOf(reply, "x-ratelimit-reset-requests").startsWith("1h"));
    QCOMPARE(fieldOf(reply, "x-ratelimit-limit-tokens"), "100000");
}

void PipelineRateLimitsTest::countsAnAliasWithTheModelThatItMeans()
{
    PipelineRig rig;
    auto snapshot = std::make_shared<pipeline::Snapshot>(*rig.snapshots.current());
    const routing::EndpointPtr endpoint = *snapshot->catalog.choose("m", 0);
    routing::RoutingSettings settings;
    settings.aliases.insert(u"quick"_s, u"m"_s);
    snapshot->catalog = routing::Catalog({*endpoint}, settings);
    rig.snapshots.replace(snapshot);
    const std::vector limits{
        limitOf({RateScope::Model, u"m"_s, {}, {}}, {2, {}, {}, {}, {}, {}, {}})};
    rig.rateLimits.replace(limits::RateTable(limits));
    const QByteArray key = PipelineRig::masterKey.toByteArray();
    const QByteArray quick =
        R"({"model":"quick","messages":[{"role":"user","content":"12345678"}]})";
    QCOMPARE(callThrough(rig, key, quick).status, 200);
    QCOMPARE(callThrough(rig, key, question).status, 200);
    const ReplyRecord &refused = callThrough(rig, key, quick);
    QVERIFY2(refused.body.contains("The model 'm'"), refused.body.constData());
}

void PipelineRateLimitsTest::limitsTheWholeGatewayByItsConfiguration()
{
    PipelineRig rig;
    auto snapshot = std::make_shared<pipeline::Snapshot>(*rig.snapshots.current());
    snapshot->maxParallelRequests = 1;
    rig.snapshots.replace(snapshot);
    rig.call(question);
    const ReplyRecord &refused = rig.call(question, keyWith(rig, {}));
    QCOMPARE(refused.status, 429);
    QVERIFY2(refused.body.contains("The gateway is allowed 1 requests at once"),
             refused.body.constData());
    QCOMPARE(fieldOf(refused, "retry-after"), "1");
    finish(rig);
    QCOMPARE(callThrough(rig, keyWith(rig, {})).status, 200);
}

void PipelineRateLimitsTest::obeysAChangedLimitWithTheNextCall()
{
    PipelineRig rig;
    const auto [key, id] = keyOfAnn(rig);
    rig.rateLimits.replace(
        limits::RateTable(std::vector{limitOf(user, {1, {}, {}, {}, {}, {}, {}})}));
    QCOMPARE(callThrough(rig, key).status, 200);
    QCOMPARE(callThrough(rig, key).status, 429);
    rig.rateLimits.replace(
        limits::RateTable(std::vector{limitOf(user, {2, {}, {}, {}, {}, {}, {}})}));
    QCOMPARE(callThrough(rig, key).status, 200); // What was counted before counts on.
    QCOMPARE(callThrough(rig, key).status, 429);
    rig.rateLimits.replace({});
    QCOMPARE(callThrough(rig, key).status, 200);
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
