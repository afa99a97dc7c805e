// labels: unit db hostile contract
#include "tests/gateway/admin/admin_rig.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::RateLimitApi;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;

namespace {

/// A limit of the team "sales".
const QByteArray team = R"("scope":"team","scope_id":"sales")";

QByteArray ofTeam(const QByteArray &rest)
{
    return '{' + team + ',' + rest + '}';
}

} // namespace

class RateLimitApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void letsOnlyTheMasterIn_data();
    void letsOnlyTheMasterIn();
    void setsALimitOfAllItsFields();
    void changesWhatIsNamedAndClearsWhatIsNull();
    void setsALimitThatHoldsAtOnce();
    void refusesAWrongLimit_data();
    void refusesAWrongLimit();
    void listsAllLimits();
    void showsOneLimit();
    void asksForTheNamesOfALimit();
    void deletesALimit();
    void answers404ForAnUnknownLimit();
    void saysThatTheStoreIsDown();

private:
    Answer set(const QByteArray &body)
    {
        return m_rig->call(&RateLimitApi::set, body);
    }
    /// Returns how many rules hold for calls of the team "sales".
    [[nodiscard]] std::size_t rulesInForce() const
    {
        SpendEntry call;
        call.teamId = "sales";
        call.model = "m";
        std::vector<limits::RateRule> rules;
        m_rig->rateDirectory.current()->addRules(call, call.model, rules);
        return rules.size();
    }

    std::unique_ptr<AdminRig> m_rig;
};

void RateLimitApiTest::init()
{
    m_rig = std::make_unique<AdminRig>();
}

void RateLimitApiTest::letsOnlyTheMasterIn_data()
{
    QTest::addColumn<int>("route");
    QTest::newRow("set") << 0;
    QTest::newRow("list") << 1;
    QTest::newRow("info") << 2;
    QTest::newRow("delete") << 3;
}

void RateLimitApiTest::letsOnlyTheMasterIn()
{
    QFETCH(const int, route);
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    const auto callWith = [this, route](QByteArrayView key) {
        switch (route) {
        case 0:
            return m_rig->call(&RateLimitApi::set, ofTeam(R"("rpm_limit":2)"), key);
        case 1:
            return m_rig->ask(&RateLimitApi::list, {}, key);
        case 2:
            return m_rig->ask(&RateLimitApi::info, "scope=team&scope_id=sales", key);
        default:
            return m_rig->call(&RateLimitApi::remove, '{' + team + '}', key);
        }
    };
    QCOMPARE(m_rig->wrongGuestOf(callWith), QString());
}

void RateLimitApiTest::setsALimitOfAllItsFields()
{
    const QByteArray body =
        R"({"scope":"team_member","scope_id":"sales","member_id":"ann","model":"m","rpm_limit":1,)"
        R"("rph_limit":2,"rpd_limit":3,"tpm_limit":4,"tph_limit":5,"tpd_limit":6,)"
        R"("max_parallel_requests":0})";
    const Answer answer = set(body);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.body, QJsonDocument::fromJson(body).object());
    const auto stored = m_rig->store.loadRateLimits();
    QVERIFY(stored);
    const RateLimit expected{{RateScope::TeamMember, u"sales"_s, u"ann"_s, u"m"_s},
                             {1, 2, 3, 4, 5, 6, 0}};
    QVERIFY(*stored == std::vector{expected});
}

void RateLimitApiTest::changesWhatIsNamedAndClearsWhatIsNull()
{
    QCOMPARE(set(ofTeam(R"("rpm_limit":1,"tpm_limit":2,"rpd_limit":3,"model":null)")).status, 200);
    const Answer answer = set(ofTeam(R"("rpm_limit":null,"tpm_limit":9)"));
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.value("rpm_limit"_L1).isNull());
    QCOMPARE(answer.body.value("tpm_limit"_L1).toInt(), 9);
    QCOMPARE(answer.body.value("rpd_limit"_L1).toInt(), 3);
    QCOMPARE(m_rig->store.loadRateLimits()->size(), 1U);
}

void RateLimitApiTest::setsALimitThatHoldsAtOnce()
{
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    QCOMPARE(rulesInForce(), 1U);
    QCOMPARE(set(ofTeam(R"("tpm_limit":1,"model":"m")")).status, 200);
    QCOMPARE(rulesInForce(), 2U);
    QCOMPARE(m_rig->call(&RateLimitApi::remove, '{' + team + '}').status, 200);
    QCOMPARE(rulesInForce(), 1U);
}

void RateLimitApiTest::refusesAWrongLimit_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("no body") << ""_ba << u""_s;
    QTest::newRow("no object") << "[]"_ba << u""_s;
    QTest::newRow("field twice") << ofTeam(R"("rpm_limit":1,"rpm_limit":2)") << u""_s;
    QTest::newRow("no scope") << R"({"scope_id":"a","rpm_limit":1})"_ba << u"scope"_s;
    QTest::newRow("scope is null") << R"({"scope":null,"rpm_limit":1})"_ba << u"scope"_s;
    QTest::newRow("unknown scope") << R"({"scope":"planet","rpm_limit":1})"_ba << u"scope"_s;
    QTest::newRow("scope of budgets") << R"({"scope":"provider","rpm_limit":1})"_ba << u"scope"_s;
    QTest::newRow("nobody's") << R"({"scope":"team","rpm_limit":1})"_ba << u"scope_id"_s;
    QTest::newRow("id is a number")
        << R"({"scope":"team","scope_id":1,"rpm_limit":1})"_ba << u"scope_id"_s;
    QTest::newRow("line break") << R"({"scope":"team","scope_id":"a\nb","rpm_limit":1})"_ba
                                << u"scope_id"_s;
    QTest::newRow("null character")
        << R"({"scope":"team","scope_id":"a\u0000b","rpm_limit":1})"_ba << u"scope_id"_s;
    QTest::newRow("member of a team")
        << ofTeam(R"("member_id":"ann","rpm_limit":1)") << u"member_id"_s;
    QTest::newRow("model too long")
        << ofTeam(R"("rpm_limit":1,"model":")" + QByteArray(257, 'x') + '"') << u"model"_s;
    QTest::newRow("model of a model")
        << R"({"scope":"model","scope_id":"m","model":"m","rpm_limit":1})"_ba << u"model"_s;
    QTest::newRow("no limit") << '{' + team + '}' << u"rpm_limit"_s;
    QTest::newRow("unknown field") << ofTeam(R"("rpm":1)") << u"rpm"_s;
    QTest::newRow("negative") << ofTeam(R"("tpd_limit":-1)") << u"tpd_limit"_s;
    QTest::newRow("text") << ofTeam(R"("rpm_limit":"5")") << u"rpm_limit"_s;
    QTest::newRow("fraction") << ofTeam(R"("rpm_limit":1.5)") << u"rpm_limit"_s;
    QTest::newRow("too much") << ofTeam(R"("rpm_limit":1e30)") << u"rpm_limit"_s;
}

void RateLimitApiTest::refusesAWrongLimit()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    const Answer answer = set(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("type"_L1), u"invalid_request_error"_s);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(m_rig->store.loadRateLimits()->empty());
}

void RateLimitApiTest::listsAllLimits()
{
    QVERIFY(m_rig->ask(&RateLimitApi::list, {}).body.value("rate_limits"_L1).isArray());
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    QCOMPARE(set(R"({"scope":"gateway","max_parallel_requests":5})").status, 200);
    const Answer answer = m_rig->ask(&RateLimitApi::list, {});
    QCOMPARE(answer.status, 200);
    const QJsonArray limits = answer.body.value("rate_limits"_L1).toArray();
    QCOMPARE(limits.size(), 2);
    QCOMPARE(limits[0].toObject().value("scope"_L1).toString(), u"gateway"_s);
    QCOMPARE(limits[1].toObject().value("rpm_limit"_L1).toInt(), 1);
}

void RateLimitApiTest::showsOneLimit()
{
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    QCOMPARE(set(ofTeam(R"("rpm_limit":2,"model":"a b")")).status, 200);
    const Answer all = m_rig->ask(&RateLimitApi::info, "scope=team&scope_id=%73ales");
    QCOMPARE(all.status, 200);
    QCOMPARE(all.body.value("rpm_limit"_L1).toInt(), 1);
    const Answer one = m_rig->ask(&RateLimitApi::info, "scope=team&scope_id=sales&model=a+b");
    QCOMPARE(one.body.value("rpm_limit"_L1).toInt(), 2);
}

void RateLimitApiTest::asksForTheNamesOfALimit()
{
    const std::pair<QByteArray, QString> queries[] = {{"", u"scope"_s},
                                                      {"scope_id=sales", u"scope"_s},
                                                      {"scope=planet", u"scope"_s},
                                                      {"scope=team", u"scope_id"_s},
                                                      {"scope=team&id=sales", u"id"_s}};
    for (const auto &[query, param] : queries) {
        const Answer answer = m_rig->ask(&RateLimitApi::info, query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorText("param"_L1), param);
        QCOMPARE(answer.backgroundJobs, 0U);
    }
    const Answer answer = m_rig->call(&RateLimitApi::remove, ofTeam(R"("rpm_limit":1)"));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), u"rpm_limit"_s);
}

void RateLimitApiTest::deletesALimit()
{
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    QCOMPARE(set(ofTeam(R"("rpm_limit":2,"model":"m")")).status, 200);
    const Answer answer = m_rig->call(&RateLimitApi::remove, '{' + team + '}');
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body.value("rpm_limit"_L1).toInt(), 1);
    const auto left = m_rig->store.loadRateLimits();
    QVERIFY(left);
    QCOMPARE(left->size(), 1U);
    QCOMPARE(left->front().subject.model, u"m"_s);
}

void RateLimitApiTest::answers404ForAnUnknownLimit()
{
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 200);
    for (const Answer &answer :
         {m_rig->ask(&RateLimitApi::info, "scope=team&scope_id=sales&model=m"),
          m_rig->ask(&RateLimitApi::info, "scope=user&scope_id=%00%ff%27%3B--"),
          m_rig->call(&RateLimitApi::remove, R"({"scope":"user","scope_id":"sales"})")}) {
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.ends, 1);
        QCOMPARE(answer.errorText("code"_L1), u"rate_limit_not_found"_s);
    }
    QCOMPARE(m_rig->store.loadRateLimits()->size(), 1U);
}

void RateLimitApiTest::saysThatTheStoreIsDown()
{
    QFile file(m_rig->folder.filePath(u"deltallm.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write("not a database, whatever its name says") > 0);
    file.close();
    QCOMPARE(set(ofTeam(R"("rpm_limit":1)")).status, 503);
    QCOMPARE(rulesInForce(), 0U);
}

QTEST_GUILESS_MAIN(RateLimitApiTest)
#include "tst_rate_limit_api.moc"
