// labels: unit hostile
#include "gateway/limits/rate_table.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::limits::counterName;
using delta::limits::RateRule;
using delta::limits::RateTable;

namespace {

RateLimit limitOf(RateSubject subject)
{
    RateLimit limit;
    limit.subject = std::move(subject);
    limit.limits.requestsPerMinute = 1;
    return limit;
}

/// A call of everybody who has a limit in this test.
SpendEntry callOfAll()
{
    SpendEntry call;
    call.keyId = "k";
    call.userId = "ann";
    call.teamId = "sales";
    call.organizationId = "acme";
    call.endUser = "c";
    call.model = "m";
    return call;
}

/// Returns the counters of the rules that hold for a call, in their order.
QByteArrayList countersOf(const RateTable &table, const SpendEntry &call,
                          const QByteArray &group = "m")
{
    std::vector<RateRule> rules;
    table.addRules(call, group, rules);
    QByteArrayList counters;
    for (const RateRule &rule : rules) {
        counters.append(rule.counter);
    }
    return counters;
}

} // namespace

class RateTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesARuleOfEachLimit();
    void saysWhatARuleLetsThrough();
    void findsTheLimitsOfACallNarrowestFirst();
    void leavesOthersAlone();
    void countsAnAliasWithWhatItMeans();
    void givesNoTwoSubjectsOneCounter();
    void findsWhatItLooksForAmongMany();
};

void RateTableTest::makesARuleOfEachLimit()
{
    const RateLimits all{1, 2, 3, 4, 5, 6, 7};
    std::vector<RateRule> rules;
    limits::addRules(all, "key k", rules);
    QCOMPARE(rules.size(), 7U);
    const std::chrono::milliseconds periods[] = {1min, 1h, 24h, 1min, 1h, 24h, 0ms};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        QCOMPARE(rules[i].counter, "key k");
        QCOMPARE(rules[i].limit, qint64(i) + 1);
        QCOMPARE(rules[i].period, periods[i]);
        QCOMPARE(rules[i].unit,
                 i < 3       ? limits::RateUnit::Requests
                     : i < 6 ? limits::RateUnit::Tokens
                             : limits::RateUnit::Parallel);
    }
    rules.clear();
    limits::addRules({}, "key k", rules);
    QVERIFY(rules.empty());
}

void RateTableTest::saysWhatARuleLetsThrough()
{
    std::vector<RateRule> rules;
    limits::addRules({1, {}, 3, {}, 5, {}, 7}, "key k", rules);
    QStringList texts;
    for (const RateRule &rule : rules) {
        texts.append(limits::limitText(rule));
    }
    QCOMPARE(texts,
             (QStringList{u"1 requests per minute"_s, u"3 requests per day"_s,
                          u"5 tokens per hour"_s, u"7 requests at once"_s}));
}

void RateTableTest::findsTheLimitsOfACallNarrowestFirst()
{
    const std::vector limits{limitOf({RateScope::Gateway, {}, {}, {}}),
                             limitOf({RateScope::Model, u"m"_s, {}, {}}),
                             limitOf({RateScope::Organization, u"acme"_s, {}, {}}),
                             limitOf({RateScope::Team, u"sales"_s, {}, {}}),
                             limitOf({RateScope::TeamMember, u"sales"_s, u"ann"_s, {}}),
                             limitOf({RateScope::User, u"ann"_s, {}, {}}),
                             limitOf({RateScope::User, u"ann"_s, {}, u"m"_s}),
                             limitOf({RateScope::EndUser, u"c"_s, {}, {}}),
                             limitOf({RateScope::Key, u"k"_s, {}, {}}),
                             limitOf({RateScope::Key, u"k"_s, {}, u"m"_s})};
    QCOMPARE(countersOf(RateTable(limits), callOfAll()),
             (QByteArrayList{"API key 'k' with the model 'm'", "API key 'k'", "end user 'c'",
                             "member 'ann' of the team 'sales'", "user 'ann' with the model 'm'",
                             "user 'ann'", "team 'sales'", "organization 'acme'", "model 'm'",
                             "gateway"}));
    QVERIFY(countersOf(RateTable(), callOfAll()).isEmpty());
}

void RateTableTest::leavesOthersAlone()
{
    const std::vector limits{limitOf({RateScope::Model, u"x"_s, {}, {}}),
                             limitOf({RateScope::Organization, u"sales"_s, {}, {}}),
                             limitOf({RateScope::Team, u"ann"_s, {}, {}}),
                             limitOf({RateScope::TeamMember, u"sales"_s, u"bob"_s, {}}),
                             limitOf({RateScope::TeamMember, u"sal"_s, u"esann"_s, {}}),
                             limitOf({RateScope::User, u"sales"_s, {}, {}}),
                             limitOf({RateScope::EndUser, u"k"_s, {}, {}}),
                             limitOf({RateScope::Key, u"K"_s, {}, {}}),
                             limitOf({RateScope::Key, u"k"_s, {}, u"x"_s})};
    const RateTable table(limits);
    QVERIFY(countersOf(table, callOfAll()).isEmpty());
    QVERIFY(countersOf(table, {}).isEmpty()); // Of nobody, with nothing.
}

void RateTableTest::countsAnAliasWithWhatItMeans()
{
    const std::vector limits{limitOf({RateScope::Model, u"m"_s, {}, {}}),
                             limitOf({RateScope::Model, u"quick"_s, {}, {}}),
                             limitOf({RateScope::Key, u"k"_s, {}, u"m"_s})};
    SpendEntry call = callOfAll();
    call.model = "quick";
    QCOMPARE(countersOf(RateTable(limits), call),
             (QByteArrayList{"API key 'k' with the model 'm'", "model 'quick'", "model 'm'"}));
}

void RateTableTest::givesNoTwoSubjectsOneCounter()
{
    const std::vector<RateSubject> subjects{
        {RateScope::User, u"a' with the model 'm"_s, {}, {}},
        {RateScope::User, u"a"_s, {}, u"m"_s},
        {RateScope::User, u"a"_s, {}, {}},
        {RateScope::Team, u"a"_s, {}, {}},
        {RateScope::TeamMember, u"t"_s, u"a"_s, {}},
        {RateScope::TeamMember, u"t"_s, u"a' of the team 't"_s, {}},
        {RateScope::TeamMember, u"a"_s, u"t"_s, {}},
        {RateScope::User, QString(200, u'x') + u'1', {}, {}},
        {RateScope::User, QString(200, u'x') + u'2', {}, {}}};
    QSet<QByteArray> counters;
    for (const RateSubject &subject : subjects) {
        counters.insert(counterName(subject));
    }
    QCOMPARE(counters.size(), qsizetype(subjects.size()));
}

/// With ten thousand limits a call must not take longer than with ten: a million look-ups in a fraction of the
/// time that one comparison for each limit would take.
void RateTableTest::findsWhatItLooksForAmongMany()
{
    std::vector<RateLimit> limits;
    for (int i = 0; i < 10'000; ++i) {
        limits.push_back(limitOf({RateScope::User, u"u%1"_s.arg(i), {}, {}}));
        limits.push_back(limitOf({RateScope::Key, u"k%1"_s.arg(i), {}, u"m"_s}));
    }
    const RateTable table(limits);
    SpendEntry call = callOfAll();
    call.userId = "u9999";
    call.keyId = "k5000";
    QCOMPARE(countersOf(table, call),
             (QByteArrayList{"API key 'k5000' with the model 'm'", "user 'u9999'"}));
    QElapsedTimer timer;
    timer.start();
    qsizetype found = 0;
    for (int round = 0; round < 20'000; ++round) {
        found += countersOf(table, call).size();
    }
    QCOMPARE(found, 40'000);
    QVERIFY(timer.elapsed() < 5000);
}

QTEST_APPLESS_MAIN(RateTableTest)
#include "tst_rate_table.moc"
