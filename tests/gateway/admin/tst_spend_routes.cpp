// labels: db contract money
// links: gateway/http gateway/providers
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QSet>
#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;
using delta::test::sampleEntry;

namespace {

struct Sample {
    const char *key;
    const char *user;
    const char *team;
    const char *organization;
    const char *model;
    int hoursAgo;
    qint64 nanos;
};

/// The rig's clock stands at 2027-01-15T08:00:00Z.
constexpr std::array samples{
    Sample{"k1", "ann", "research", "acme", "gpt-4o", 1, 1'000'000'000},
    Sample{"k1", "ann", "research", "acme", "gpt-4o-mini", 2, 100'000'000},
    Sample{"k2", "bob", "research", "acme", "gpt-4o", 30, 2'000'000'000},
    Sample{"k3", "eve", "sales", "", "gpt-4o", 3, 5'000'000'000},
    Sample{"k3", "eve", "sales", "", "gpt-4o", 24 * 40, 7'000'000'000},
};

} // namespace

/// What the admin API tells of the spending, and whom.
class SpendRoutesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme Ltd."_s}});
        m_rig->make("/ui/api/teams",
                    {{u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Research"_s},
                     {u"organization_id"_s, u"acme"_s}});
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"sales"_s}, {u"name"_s, u"Sales"_s}});
        for (const QString &user : {u"ann"_s, u"bob"_s, u"eve"_s, u"boss"_s, u"lead"_s}) {
            m_rig->make("/ui/api/users", {{u"user_id"_s, user}});
        }
        m_rig->make("/ui/api/teams/research/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_member"_s}});
        m_rig->make("/ui/api/teams/sales/members",
                    {{u"user_id"_s, u"lead"_s}, {u"role"_s, u"team_admin"_s}});
        m_rig->make("/ui/api/organizations/acme/members",
                    {{u"user_id"_s, u"boss"_s}, {u"role"_s, u"org_viewer"_s}});
        std::vector<SpendEntry> entries;
        for (const Sample &sample : samples) {
            SpendEntry entry = sampleEntry("req_" + QByteArray::number(entries.size()),
                                           Money::fromNanos(sample.nanos));
            entry.clientRequestId = "theirs_" + QByteArray::number(entries.size());
            entry.keyId = sample.key;
            entry.userId = sample.user;
            entry.teamId = sample.team;
            entry.organizationId = sample.organization;
            entry.model = sample.model;
            entry.startedAt = m_rig->clock.now - std::chrono::hours(sample.hoursAgo);
            entries.push_back(entry);
        }
        m_rig->post(entries);
    }

    void comparesWithAsLongATimeBefore()
    {
        const Got got = m_rig->call("GET", "/ui/api/spend/summary");
        QCOMPARE(got.body["totals"_L1]["spend"_L1].toDouble(), 8.1);
        QCOMPARE(got.body["totals"_L1]["requests"_L1].toInt(), 4);
        QCOMPARE(got.body["previous"_L1]["totals"_L1]["spend"_L1].toDouble(), 7.0);
    }

    void tellsEachOnlyOfWhatTheyMaySee_data()
    {
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<double>("spend");
        QTest::addColumn<int>("calls");
        QTest::newRow("an organisation's viewer") << QByteArray("boss") << 3.1 << 3;
        QTest::newRow("a team's admin") << QByteArray("lead") << 5.0 << 2;
        QTest::newRow("a member: their own") << QByteArray("ann") << 1.1 << 2;
    }
    void tellsEachOnlyOfWhatTheyMaySee()
    {
        QFETCH(const QByteArray, user);
        QFETCH(const double, spend);
        QFETCH(const int, calls);
        const Got got = m_rig->callAs(user, "GET", "/ui/api/spend/summary");
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body["totals"_L1]["spend"_L1].toDouble(), spend);
        const Got log = m_rig->callAs(user, "GET", "/ui/api/spend/logs");
        QCOMPARE(log.items().size(), calls);
        const Got series = m_rig->callAs(user, "GET", "/ui/api/spend/series?group_by=model");
        QCOMPARE(series.body["totals"_L1]["spend"_L1].toDouble(), spend);
        QCOMPARE(m_rig->callAs("eve", "GET", "/ui/api/spend/summary").status, 403);
        const QByteArray foreign = "/ui/api/spend/logs/" + idOf("req_3").toLatin1();
        QCOMPARE(m_rig->callAs(user, "GET", foreign).status, user == "lead" ? 200 : 404);
    }

    void dividesByAnythingAndNamesIt()
    {
        const Got got = m_rig->call("GET",
                                    "/ui/api/spend/breakdown?group_by=team&compare=previous");
        const QJsonArray groups = got.body["groups"_L1].toArray();
        QCOMPARE(groups.size(), 2);
        QCOMPARE(groups[0]["id"_L1].toString(), u"sales"_s);
        QCOMPARE(groups[0]["name"_L1].toString(), u"Sales"_s);
        QCOMPARE(groups[0]["previous"_L1]["spend"_L1].toDouble(), 7.0);
        QCOMPARE(groups[1]["totals"_L1]["spend"_L1].toDouble(), 3.1);
        const Got narrow = m_rig->call(
            "GET", "/ui/api/spend/breakdown?group_by=model&team_id=research&limit=1");
        QCOMPARE(narrow.body["groups"_L1].toArray().size(), 1);
        QCOMPARE(narrow.body["has_more"_L1].toBool(), true);
        QCOMPARE(narrow.body["totals"_L1]["spend"_L1].toDouble(), 3.1);
    }

    void addsTheStepsUpToTheTotals()
    {
        const Got got = m_rig->call(
            "GET", "/ui/api/spend/series?group_by=model&limit=1&interval=day&tz=America/New_York");
        QCOMPARE(got.body["time_zone"_L1].toString(), u"America/New_York"_s);
        double shown = 0;
        double others = 0;
        for (const auto &step : got.body["groups"_L1][0]["steps"_L1].toArray()) {
            shown += step["spend"_L1].toDouble();
        }
        for (const auto &step : got.body["others"_L1].toArray()) {
            others += step["spend"_L1].toDouble();
        }
        QCOMPARE(shown, 8.0);
        QCOMPARE(others, 0.1);
        QCOMPARE(got.body["starts"_L1].toArray().size(), got.body["steps"_L1].toArray().size());
    }

    void tellsWhatOtherPricesWouldHaveMade()
    {
        const Got got = m_rig->call(
            "GET", "/ui/api/spend/what-if?models=openai/gpt-4o,openai/gpt-4o-mini&team_id=sales");
        QCOMPARE(got.status, 200);
        const QJsonObject costs = got.body["costs"_L1].toObject();
        QCOMPARE(costs.keys(), (QStringList{u"openai/gpt-4o"_s, u"openai/gpt-4o-mini"_s}));
        QVERIFY(costs["openai/gpt-4o"_L1].toDouble() > costs["openai/gpt-4o-mini"_L1].toDouble());
        const Got wrong = m_rig->call("GET", "/ui/api/spend/what-if?models=openai/gpt-4oo");
        QCOMPARE(wrong.param(), u"models"_s);
        QVERIFY(wrong.text.contains("did you mean"));
    }

    void findsCallsByAnything_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArrayList>("ids");
        const auto row = [](const char *query, QByteArrayList ids) {
            QTest::newRow(query) << QByteArray(query) << ids;
        };
        row("", {"req_0", "req_1", "req_3", "req_2", "req_4"});
        row("key_id=k1", {"req_0", "req_1"});
        row("key_id=k3&model=gpt-4o", {"req_3", "req_4"});
        row("key_id=k3&team_id=sales&until=2027-01-13", {"req_4"});
        row("key_id=k2&model=gpt-4o-mini", {});
        row("key_id=k1&status=502", {});
        row("team_id=research&model=gpt-4o", {"req_0", "req_2"});
        row("organization_id=acme", {"req_0", "req_1", "req_2"});
        row("request_id=req_2", {"req_2"});
        row("request_id=theirs_3", {"req_3"});
        row("request_id=req_2&tag=blue", {"req_2"});
        row("request_id=req_2&organization_id=acme", {"req_2"});
        row("request_id=req_3&organization_id=acme", {});
        row("request_id=never", {});
        row("min_spend=2", {"req_3", "req_2", "req_4"});
        row("min_spend=2&user_id=bob", {"req_2"});
        row("status=200&limit=2", {"req_0", "req_1"});
        row("outcome=failed", {});
        row("key_id=never", {});
        row("from=2027-01-15T05:30:00Z", {"req_0", "req_1"});
        row("until=2027-01-13", {"req_4"});
    }
    void findsCallsByAnything()
    {
        QFETCH(const QByteArray, query);
        QFETCH(const QByteArrayList, ids);
        const Got got = m_rig->call("GET", "/ui/api/spend/logs?" + query);
        QCOMPARE(got.status, 200);
        QByteArrayList found;
        for (const auto &item : got.items()) {
            found.append(item["request_id"_L1].toString().toLatin1());
        }
        QCOMPARE(found, ids);
    }

    void leadsThroughAllPagesOnce()
    {
        QSet<QString> seen;
        QByteArray cursor;
        for (int page = 0; page < 10; ++page) {
            const Got got = m_rig->call("GET", "/ui/api/spend/logs?limit=2" + cursor);
            for (const auto &item : got.items()) {
                QVERIFY(!seen.contains(item["id"_L1].toString()));
                seen.insert(item["id"_L1].toString());
            }
            if (got.body["next"_L1].isNull()) {
                break;
            }
            cursor = "&cursor=" + got.body["next"_L1].toString().toLatin1();
        }
        QCOMPARE(seen.size(), qsizetype(samples.size()));
        QCOMPARE(m_rig->call("GET", "/ui/api/spend/logs?cursor=nonsense").param(), u"cursor"_s);
    }

    void givesEveryReportAsAFile()
    {
        const Got calls = m_rig->call("GET", "/ui/api/spend/logs?format=csv");
        QCOMPARE(calls.text.count("\r\n"), qsizetype(samples.size()) + 1);
        QVERIFY(calls.text.startsWith("id,started_at,ended_at,request_id,outcome,status"));
        QCOMPARE(
            m_rig->call("GET", "/ui/api/spend/logs?format=jsonl&team_id=sales").text.count('\n'),
            2);
        const Got groups = m_rig->call("GET", "/ui/api/spend/breakdown?group_by=team&format=csv");
        QVERIFY(groups.text.startsWith("id,name,spend,"));
        QVERIFY(groups.text.contains("\r\nsales,Sales,5,"));
        const Got steps = m_rig->call("GET", "/ui/api/spend/series?group_by=team&format=jsonl");
        QVERIFY(steps.text.contains("(others)"));
    }

    void saysWhatIsWrongWithAQuestion_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *path, const char *param) {
            QTest::newRow(path) << "/ui/api/spend/" + QByteArray(path)
                                << QString::fromLatin1(param);
        };
        row("summary?tz=Mars/Olympus", "tz");
        row("summary?from=yesterday", "from");
        row("summary?from=2027-01-02&until=2027-01-01", "from");
        row("summary?from=1990-01-01", "from");
        row("summary?interval=day", "interval");
        row("series?interval=fortnight", "interval");
        row("series?interval=hour", "interval");
        row("series?group_by=colour", "group_by");
        row("series?limit=0", "limit");
        row("series?limit=201", "limit");
        row("breakdown", "group_by");
        row("breakdown?group_by=tag&team_id=research", "tag");
        row("breakdown?group_by=team&compare=next", "compare");
        row("breakdown?group_by=tag&compare=previous", "compare");
        row("summary?tag=a,b", "tag");
        row("what-if", "models");
        row("logs?status=often", "status");
        row("logs?outcome=good", "outcome");
        row("logs?min_spend=much", "min_spend");
        row("logs?limit=201", "limit");
        row("logs?colour=red", "colour");
    }
    void saysWhatIsWrongWithAQuestion()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const QString, param);
        const Got got = m_rig->call("GET", path);
        QVERIFY2(got.status >= 400 && got.status < 500, got.text.constData());
        QCOMPARE(got.param(), param);
    }

private:
    QString idOf(const QByteArray &requestId)
    {
        return m_rig->call("GET", "/ui/api/spend/logs?request_id=" + requestId)
            .items()
            .first()["id"_L1]
            .toString();
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(SpendRoutesTest)
#include "tst_spend_routes.moc"
