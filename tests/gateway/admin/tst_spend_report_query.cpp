// labels: unit db money hostile contract
#include "gateway/admin/spend_report_query.h"
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::admin::readReportQuery;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::test::sampleEntry;
using store::Dimension;
using store::ReportInterval;

namespace {

/// 2026-11-23T08:00:00Z
constexpr WallTime eight(1'795'420'800'000ms);

QStringList idsOf(const Answer &answer)
{
    QStringList ids;
    for (const QJsonValue &group : answer.body.value("groups"_L1).toArray()) {
        ids.append(group.toObject().value("id"_L1).toString(u"null"_s));
    }
    return ids;
}

double totalOf(const Answer &answer, QLatin1StringView member)
{
    return answer.body.value("totals"_L1).toObject().value(member).toDouble(-1);
}

} // namespace

class SpendReportQueryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void readsWhatAReportIsAbout_data();
    void readsWhatAReportIsAbout();
    void takesAFilterForTheGrouping();
    void boundsWhatAnAnswerHolds_data();
    void boundsWhatAnAnswerHolds();
    void namesAWrongParameter_data();
    void namesAWrongParameter();
    void addsUpWhatCallsCost();
    void saysWhichWholeHoursItIsAbout();
    void tellsStepsOfTime();
    void showsAKeyNothingButItself();

private:
    /// Six calls, half an hour apart, the first at eight o'clock, of two keys in turn.
    void postSixCalls();

    std::unique_ptr<AdminRig> m_rig;
    QByteArray m_key;   ///< The text of the key that the second, fourth and sixth call are of.
    QByteArray m_keyId; ///< Its id.
};

void SpendReportQueryTest::initTestCase()
{
    m_rig = std::make_unique<AdminRig>();
    const auto created = m_rig->keys.create({});
    QVERIFY(created);
    m_key = created->secret.reveal();
    m_keyId = m_rig->identify(m_key).value().keyId;
    postSixCalls();
}

void SpendReportQueryTest::postSixCalls()
{
    std::vector<ports::PostedEntry> entries;
    for (int i = 0; i < 6; ++i) {
        SpendEntry entry = sampleEntry("r" + QByteArray::number(i));
        entry.startedAt = eight + i * 30min;
        entry.keyId = i % 2 == 0 ? "other" : m_keyId;
        entry.teamId = i == 0 ? "" : i < 3 ? "sales" : "a/b+c";
        entry.status = i == 4 ? 502 : 200;
        entries.push_back({static_cast<std::uint64_t>(8 * i + 8), entry});
    }
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply(entries, {100, 100}));
}

void SpendReportQueryTest::cleanup()
{
    QCOMPARE(m_rig->background.work(), 0U);
}

void SpendReportQueryTest::readsWhatAReportIsAbout_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<int>("dimension");
    const auto add = [](const char *name, const char *filter, Dimension dimension) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(filter)
                            << std::to_underlying(dimension);
    };
    add("none", "", Dimension::All);
    add("key", "api_key", Dimension::Key);
    add("user", "user_id", Dimension::User);
    add("team", "team_id", Dimension::Team);
    add("organization", "organization_id", Dimension::Organization);
    add("model", "model", Dimension::Model);
    add("deployment", "deployment_id", Dimension::Deployment);
    add("provider", "provider", Dimension::Provider);
    add("tag", "tag", Dimension::Tag);
    add("status", "status", Dimension::Status);
}

void SpendReportQueryTest::readsWhatAReportIsAbout()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, filter);
    QFETCH(const int, dimension);
    const auto query = readReportQuery("group_by=" + name);
    QVERIFY(query);
    QCOMPARE(std::to_underlying(query->question.dimension), dimension);
    QVERIFY(!query->question.only);
    QCOMPARE(admin::groupingName(query->question.dimension), QLatin1StringView(name));
    QCOMPARE(m_rig->spendReport("group_by=" + name).body.value("group_by"_L1).toString(),
             QString::fromLatin1(name));
    if (!filter.isEmpty()) {
        const auto filtered = readReportQuery(filter + "=x+y");
        QVERIFY(filtered);
        QCOMPARE(std::to_underlying(filtered->question.dimension), dimension);
        QCOMPARE(filtered->question.only, "x y");
    }
}

void SpendReportQueryTest::takesAFilterForTheGrouping()
{
    for (const char *text : {"team_id=t", "team_id=t&group_by=team", "team_id=t&group_by=none"}) {
        const auto query = readReportQuery(text);
        QVERIFY(query);
        QVERIFY(query->question.dimension == Dimension::Team && query->question.only == "t");
    }
}

void SpendReportQueryTest::boundsWhatAnAnswerHolds_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<qint64>("limit"); // -1: refused.
    const QByteArray day = "&start_date=2026-11-23&end_date=2026-11-23";
    const QByteArray month = "&start_date=2026-11-01&end_date=2026-11-30";
    const QByteArray decade = "&start_date=2016-11-01&end_date=2026-11-30";
    const auto add = [](const char *name, const QByteArray &query, qint64 limit) {
        QTest::newRow(name) << query << limit;
    };
    add("standard", "", 100);
    add("highest", "limit=1000", 1000);
    add("too high", "limit=1001", -1);
    add("hours of a day", "interval=hour" + day, 100);
    add("hours of a month", "interval=hour" + month, 13);
    add("too many for a month", "interval=hour&limit=14" + month, -1);
    add("hours of a decade", "interval=hour" + decade, -1);
    add("days of a decade", "interval=day" + decade, 2);
    add("days of a month", "interval=day&limit=100" + month, 100);
    add("too many groups with steps", "interval=day&limit=101" + month, -1);
    add("no interval", "interval=none&limit=1000" + decade, 1000);
    add("an open end", "interval=day&start_date=2026-11-01", -1);
    add("an open begin", "interval=day&end_date=2026-11-01", -1);
    add("the end before the begin", "interval=day&start_date=2026-11-23&end_date=2020-01-01", 100);
}

void SpendReportQueryTest::boundsWhatAnAnswerHolds()
{
    QFETCH(const QByteArray, query);
    QFETCH(const qint64, limit);
    const auto read = readReportQuery(query);
    QCOMPARE(read ? read->question.page.limit : -1, limit);
}

void SpendReportQueryTest::namesAWrongParameter_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("param");
    QTest::addColumn<QString>("says");
    const auto add = [](const char *query, const QString &param, const QString &says) {
        QTest::newRow(query) << QByteArray(query) << param << says;
    };
    add("group_by=end_user", u"group_by"_s, u"none, key, user, team, organization, model"_s);
    add("group_by=Team", u"group_by"_s, u"must be one of"_s);
    add("interval=week", u"interval"_s, u"hour or day"_s);
    add("interval=day", u"interval"_s, u"start_date and end_date"_s);
    add("team_id=a&group_by=model", u"team_id"_s, u"group_by=team or no group_by only"_s);
    add("team_id=a&user_id=b", u"team_id"_s, u"another filter"_s);
    add("start_date=yesterday", u"start_date"_s, u"2026-11-23"_s);
    add("end_date=2026-02-30", u"end_date"_s, u"2026-11-23"_s);
    add("offset=-1", u"offset"_s, u"whole number"_s);
    add("limit=ten", u"limit"_s, u"whole number"_s);
    add("groupby=team", u"groupby"_s, u"no query parameter"_s);
    add("tag=a&tag=b", u"tag"_s, u"twice"_s);
}

void SpendReportQueryTest::namesAWrongParameter()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QString, param);
    QFETCH(const QString, says);
    const Answer answer = m_rig->spendReport(query);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY2(answer.errorText("message"_L1).contains(says),
             qPrintable(answer.errorText("message"_L1)));
    QCOMPARE(answer.backgroundJobs, 0U);
}

void SpendReportQueryTest::addsUpWhatCallsCost()
{
    const Answer answer = m_rig->spendReport("group_by=team");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    const QStringList teams{u"a/b+c"_s, u"sales"_s};
    QCOMPARE(idsOf(answer), teams);
    QCOMPARE(totalOf(answer, "requests"_L1), 6); // One has no team.
    QCOMPARE(totalOf(answer, "failed_requests"_L1), 1);
    QCOMPARE(totalOf(answer, "spend"_L1), 0.007407402);
    QCOMPARE(totalOf(answer, "prompt_tokens"_L1), 6'000);
    const QJsonObject first = answer.body.value("groups"_L1).toArray().first().toObject();
    QCOMPARE(first.value("requests"_L1).toInteger(), 3);
    QCOMPARE(first.value("failed_requests"_L1).toInteger(), 1);
    QCOMPARE(first.value("spend"_L1).toDouble(), 0.003703701);
    QVERIFY(first.value("name"_L1).isNull());
    QVERIFY(!first.contains("steps"_L1));
    QCOMPARE(idsOf(m_rig->spendReport("")), QStringList{u"null"_s});
    QCOMPARE(idsOf(m_rig->spendReport("team_id=a%2Fb%2Bc")), QStringList{u"a/b+c"_s});
    const Answer page = m_rig->spendReport("group_by=team&limit=1");
    QCOMPARE(idsOf(page), QStringList{u"a/b+c"_s});
    QVERIFY(page.body.value("pagination"_L1).toObject().value("has_more"_L1).toBool());
}

void SpendReportQueryTest::saysWhichWholeHoursItIsAbout()
{
    const Answer open = m_rig->spendReport("");
    QVERIFY(open.body.value("start_date"_L1).isNull() && open.body.value("end_date"_L1).isNull());
    const Answer answer = m_rig->spendReport(
        "start_date=2026-11-23T08:10:00Z&end_date=2026-11-23T08:50:00Z");
    QCOMPARE(answer.body.value("start_date"_L1).toString(), u"2026-11-23T08:00:00.000Z"_s);
    QCOMPARE(answer.body.value("end_date"_L1).toString(), u"2026-11-23T09:00:00.000Z"_s);
    QCOMPARE(totalOf(answer, "requests"_L1), 2);
}

void SpendReportQueryTest::tellsStepsOfTime()
{
    const Answer answer = m_rig->spendReport(
        "group_by=none&interval=hour&start_date=2026-11-23&end_date=2026-11-23");
    const QJsonArray steps =
        answer.body.value("groups"_L1).toArray().first().toObject().value("steps"_L1).toArray();
    QCOMPARE(steps.size(), 3);
    QCOMPARE(steps[1].toObject().value("start"_L1).toString(), u"2026-11-23T09:00:00.000Z"_s);
    QCOMPARE(steps[1].toObject().value("spend"_L1).toDouble(), 0.002469134);
    QCOMPARE(steps[2].toObject().value("failed_requests"_L1).toInteger(), 1);
}

void SpendReportQueryTest::showsAKeyNothingButItself()
{
    for (const char *key : {"", "sk-not-a-key-of-this-gateway-0123"}) {
        const Answer stranger = m_rig->spendReport("", key);
        QCOMPARE(stranger.status, 401);
        QCOMPARE(stranger.backgroundJobs, 0U);
    }
    for (const QByteArray &query :
         {QByteArray(), "group_by=key"_ba, "api_key=" + m_keyId, "interval=none"_ba}) {
        const Answer own = m_rig->spendReport(query, m_key);
        QCOMPARE(own.status, 200);
        QCOMPARE(idsOf(own), QStringList{QString::fromUtf8(m_keyId)});
        QCOMPARE(totalOf(own, "requests"_L1), 3);
    }
    for (const char *query : {"api_key=other", "group_by=none", "group_by=team", "team_id=sales",
                              "group_by=status", "tag=blue"}) {
        const Answer refused = m_rig->spendReport(query, m_key);
        QCOMPARE(refused.status, 403);
        QCOMPARE(refused.backgroundJobs, 0U);
    }
}

QTEST_GUILESS_MAIN(SpendReportQueryTest)
#include "tst_spend_report_query.moc"
