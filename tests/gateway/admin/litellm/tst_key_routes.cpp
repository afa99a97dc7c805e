// labels: db contract hostile money
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "gateway/auth/key_format.h"
#include "tests/gateway/admin/control_rig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

/// What /key/* does with the keys themselves. What it answers is in tests/golden/litellm/keys.http.
class KeyRoutesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        // Rows of a table are about what is refused, and so may share a store.
        if (!QTest::currentDataTag() || !m_isTable) {
            m_rig = std::make_unique<ControlRig>();
        }
        m_isTable = QTest::currentDataTag() != nullptr;
    }

    void makesAKeyThatWorksAtOnceAsLongAsItLives()
    {
        const QJsonObject made = generate({{u"duration"_s, u"12h"_s}});
        const QByteArray text = made.value("key"_L1).toString().toLatin1();
        m_rig->clock.now += std::chrono::hours(12) - std::chrono::milliseconds(1);
        QVERIFY(identify(text));
        m_rig->clock.now += std::chrono::milliseconds(1);
        QCOMPARE(identify(text).error().kind, ErrorKind::KeyExpired);
    }

    void refusesABlockedKeyFromTheBeginning()
    {
        const QJsonObject made = generate({{u"blocked"_s, true}});
        const auto found = identify(made.value("key"_L1).toString().toLatin1());
        QCOMPARE(found.error().kind, ErrorKind::KeyBlocked);
    }

    void takesAnyNameOfTheBodyForJsonWithAKey()
    {
        const ControlRig::Headers headers{
            {"authorization", "Bearer " + ControlRig::masterKey.toByteArray()},
            {"content-type", "application/x-www-form-urlencoded"}};
        QCOMPARE(m_rig->send("POST", "/key/generate", "{}", headers).status, 200);
        QCOMPARE(m_rig->send("POST", "/key/generate", " \r\n", headers).status, 200);
        QCOMPARE(m_rig->send("POST", "/key/generate", "key_alias=a", headers).status, 400);
        QCOMPARE(m_rig->send("POST", "/ui/api/keys", "{}", headers).status, 400);
        // A page of another site can send such a body with the session of who looks at it.
        QCOMPARE(m_rig
                     ->send("POST", "/key/generate", "{}",
                            {{"x-test-user", "ann"}, {"content-type", "text/plain"}})
                     .status,
                 401);
    }

    void keepsBudgetAndLimitsOfSingleModels()
    {
        const QJsonObject made = generate({{u"key_alias"_s, u"a"_s},
                                           {u"max_budget"_s, 2.5},
                                           {u"model_rpm_limit"_s, QJsonObject{{u"m"_s, 5}}}});
        const QString id = made.value("token"_L1).toString();
        QCOMPARE(m_rig->store.loadBudgets()->at(0).id, u"key-"_s + id);
        QCOMPARE(m_rig->store.loadRateLimitsOf(RateScope::Key, id)->at(0).limits.requestsPerMinute,
                 5);
        done("/key/update", {{u"key"_s, u"a"_s}, {u"model_tpm_limit"_s, QJsonObject{{u"m"_s, 9}}}});
        const auto limits = m_rig->store.loadRateLimitsOf(RateScope::Key, id);
        QCOMPARE(limits->size(), 1U);
        QCOMPARE(limits->at(0).limits.requestsPerMinute, 5);
        QCOMPARE(limits->at(0).limits.tokensPerMinute, 9);
        done("/key/delete", {{u"keys"_s, QJsonArray{id}}});
        QVERIFY(m_rig->store.loadBudgets()->empty());
        QVERIFY(m_rig->store.loadRateLimits()->empty());
    }

    void makesTheUserWhomNobodyKnowsYetForAdminsOnly()
    {
        done("/key/generate", {{u"user_id"_s, u"new"_s}});
        QCOMPARE(m_rig->call("GET", "/ui/api/users/new").status, 200);
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme"_s}});
        m_rig->make("/ui/api/organizations/acme/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"org_admin"_s}});
        const QJsonObject wish{{u"organization_id"_s, u"acme"_s}, {u"user_id"_s, u"newer"_s}};
        const Got got = m_rig->callAs("ann", "POST", "/key/generate", wish);
        QCOMPARE(got.status, 400);
        QCOMPARE(param(got), u"user_id"_s);
        QCOMPARE(m_rig->call("GET", "/ui/api/users/newer").status, 404);
    }

    void letsAServiceAccountMakeWhatItsTeamAllows()
    {
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"t"_s}, {u"name"_s, u"T"_s}});
        m_rig->make(
            "/ui/api/service-accounts",
            {{u"service_account_id"_s, u"s"_s}, {u"team_id"_s, u"t"_s}, {u"name"_s, u"S"_s}});
        const QByteArray key =
            generate({{u"service_account_id"_s, u"s"_s}}).value("key"_L1).toString().toLatin1();
        const QByteArray body = R"({"service_account_id":"s"})";
        const Got got = m_rig->send("POST", "/key/generate", body, {{"x-api-key", key}});
        QCOMPARE(got.status, 403);
        QVERIFY(got.text.contains("self_service"));
        QCOMPARE(m_rig->send("GET", "/team/info?team_id=t", {}, {{"x-api-key", key}}).status, 200);
        QCOMPARE(m_rig
                     ->send("POST", "/team/update", R"({"team_id":"t","team_alias":"U"})",
                            {{"x-api-key", key}})
                     .status,
                 403);
    }

    void removesKeysByAnyOfTheirNamesOnce()
    {
        const QJsonObject one = generate({});
        const QJsonObject two = generate({{u"key_alias"_s, u"a"_s}});
        const QJsonArray names{one.value("key"_L1), one.value("token"_L1)};
        const Got got = m_rig->call("POST", "/key/delete",
                                    {{u"keys"_s, names}, {u"key_aliases"_s, QJsonArray{u"a"_s}}});
        QCOMPARE(got.body.value("deleted_keys"_L1).toArray(),
                 (QJsonArray{one.value("token"_L1), two.value("token"_L1)}));
        QVERIFY(m_rig->store.loadKeys()->empty());
    }

    void removesNothingIfOneNameIsUnknown()
    {
        const QJsonObject made = generate({});
        const QJsonArray names{made.value("token"_L1), u"nobody"_s};
        const Got got = m_rig->call("POST", "/key/delete", {{u"keys"_s, names}});
        QCOMPARE(got.status, 404);
        QCOMPARE(param(got), u"keys[1]"_s);
        QVERIFY(identify(made.value("key"_L1).toString().toLatin1()));
    }

    void neverShowsAKeyAgain()
    {
        const QByteArray text =
            generate({{u"key_alias"_s, u"a"_s}}).value("key"_L1).toString().toLatin1();
        const QByteArray part = text.sliced(20, 10);
        QVERIFY(!m_rig->call("GET", "/key/info?key=" + text).text.contains(part));
        QVERIFY(!m_rig->call("GET", "/key/list?return_full_object=true").text.contains(part));
        const QJsonObject named{{u"key"_s, QString::fromLatin1(text)}};
        QVERIFY(!m_rig->call("POST", "/key/update", named).text.contains(part));
        QVERIFY(!m_rig->call("POST", "/key/block", named).text.contains(part));
    }

    void saysTheSameOfAForeignKeyAndOfNone()
    {
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        const QByteArray id = generate({}).value("token"_L1).toString().toLatin1();
        QCOMPARE(m_rig->callAs("ann", "GET", "/key/info?key=" + id).text,
                 m_rig->callAs("ann", "GET", "/key/info?key=none").text);
        SystemRandom random;
        const QByteArray unknown = auth::issueKey(random).text.reveal();
        QCOMPARE(m_rig->callAs("ann", "GET", "/key/info?key=" + id).text,
                 m_rig->callAs("ann", "GET", "/key/info?key=" + unknown).text);
    }

    void refusesAWrongWish_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *name, const QByteArray &body, const char *param) {
            QTest::newRow(name) << body << QString::fromLatin1(param);
        };
        row("unknown field", R"({"key_allias":"a"})", "key_allias");
        row("a field of the gateway", R"({"spend":0})", "spend");
        row("alias is a number", R"({"key_alias":1})", "key_alias");
        row("alias too long", R"({"key_alias":")" + QByteArray(256, 'x') + R"("})", "key_alias");
        row("alias with a control", R"({"key_alias":"a\u0007"})", "key_alias");
        row("models is a text", R"({"models":"a"})", "models");
        row("a model is a number", R"({"models":["a",2]})", "models[1]");
        row("a model is empty", R"({"models":[""]})", "models[0]");
        row("blocked is a text", R"({"blocked":"no"})", "blocked");
        row("expires without a zone", R"({"expires":"2999-01-01T00:00:00"})", "expires");
        row("expires in the past", R"({"expires":"2001-01-01T00:00:00Z"})", "expires");
        row("duration is a number", R"({"duration":30})", "duration");
        row("duration empty", R"({"duration":""})", "duration");
        row("both ends", R"({"duration":"1d","expires":"2999-01-01T00:00:00Z"})", "duration");
        row("budget is negative", R"({"max_budget":-1})", "max_budget");
        row("budget is a text", R"({"max_budget":"25"})", "max_budget");
        row("unit of time", R"({"budget_duration":"3y"})", "budget_duration");
        row("time zone", R"({"max_budget":1,"timezone":"Mars/Crater"})", "timezone");
        row("limit is negative", R"({"rpm_limit":-1})", "rpm_limit");
        row("map is a number", R"({"model_rpm_limit":5})", "model_rpm_limit");
        row("limit of a model", R"({"model_tpm_limit":{"m":"9"}})", "model_tpm_limit.m");
        row("a model without a name", R"({"model_rpm_limit":{"":1}})", "model_rpm_limit.");
        row("field twice", R"({"key_alias":"a","key_alias":"b"})", "");
        row("no object", "[]", "");
        row("cut", R"({"key_alias":"a")", "");
    }

    void refusesAWrongWish()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QString, param);
        const ControlRig::Headers headers{
            {"authorization", "Bearer " + ControlRig::masterKey.toByteArray()}};
        const Got got = m_rig->send("POST", "/key/generate", body, headers);
        QCOMPARE(got.status, 400);
        QCOMPARE(this->param(got), param);
        QVERIFY(m_rig->store.loadKeys()->empty());
        QVERIFY(m_rig->store.loadBudgets()->empty());
        QVERIFY(m_rig->store.loadRateLimits()->empty());
    }

private:
    QJsonObject done(const QByteArray &path, const QJsonObject &body)
    {
        const Got got = m_rig->call("POST", path, body);
        if (got.status != 200) {
            throw std::runtime_error((path + ": " + got.text).toStdString());
        }
        return got.body;
    }
    QJsonObject generate(const QJsonObject &body)
    {
        return done("/key/generate", body);
    }
    static QString param(const Got &got)
    {
        return got.body["error"_L1]["param"_L1].toString();
    }
    Result<auth::Principal> identify(const QByteArray &text)
    {
        ports::HttpRequest request;
        request.head = "x-api-key" + text;
        const QByteArrayView head = request.head;
        request.fields.emplace_back(head.first(9), head.sliced(9));
        return m_rig->authenticator.identify(request);
    }

    std::unique_ptr<ControlRig> m_rig;
    bool m_isTable = false;
};

QTEST_GUILESS_MAIN(KeyRoutesTest)
#include "tst_key_routes.moc"
