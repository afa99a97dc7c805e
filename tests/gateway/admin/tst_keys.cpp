// labels: db contract money
// links: gateway/http gateway/providers
#include "gateway/auth/permissions.h"
#include "tests/gateway/admin/control_rig.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

/// Keys over the admin API: what they are, who may have them, and how they get another text.
class KeysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme"_s}});
        m_rig->make("/ui/api/teams",
                    {{u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Research"_s},
                     {u"organization_id"_s, u"acme"_s},
                     {u"self_service"_s, QJsonObject{{u"enabled"_s, true}}}});
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"sales"_s}, {u"name"_s, u"Sales"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"bob"_s}});
        m_rig->make("/ui/api/teams/research/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_member"_s}});
        m_rig->make("/ui/api/service-accounts",
                    {{u"service_account_id"_s, u"nightly"_s},
                     {u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Nightly"_s}});
    }

    void showsTheTextOnceAndKnowsItFromThenOn()
    {
        const QJsonObject made = m_rig->makeKey(
            {{u"name"_s, u"checkout"_s},
             {u"team_id"_s, u"research"_s},
             {u"allowed_routes"_s, QJsonArray{u"/embeddings"_s}}});
        const QByteArray text = made["key"_L1].toString().toLatin1();
        QCOMPARE(made["organization_id"_L1].toString(), u"acme"_s);
        QCOMPARE(made["state"_L1].toString(), u"active"_s);
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1();
        QVERIFY(!m_rig->call("GET", path).body.contains("key"_L1));
        const auto principal = identify(text);
        QVERIFY(principal.has_value());
        QCOMPARE(principal->teamId, "research");
        QVERIFY(auth::Permissions().checkRoute(*principal, "/embeddings").has_value());
        const auto refused = auth::Permissions().checkRoute(*principal, "/chat/completions");
        QCOMPARE(refused.error().code, u"route_not_allowed"_s);
    }

    void keepsBudgetAndLimitsWithTheKey()
    {
        const QJsonObject made = m_rig->makeKey(
            {{u"limits"_s, QJsonObject{{u"rpm_limit"_s, 7}}},
             {u"budget"_s, QJsonObject{{u"max_budget"_s, 5}, {u"budget_duration"_s, u"1mo"_s}}}});
        const QString id = made["key_id"_L1].toString();
        QCOMPARE(m_rig->directory.find(id)->terms->limits.requestsPerMinute, 7);
        const QByteArray path = "/ui/api/keys/" + id.toLatin1();
        const Got changed = m_rig->call(
            "PATCH", path,
            {{u"limits"_s, QJsonObject{{u"tpm_limit"_s, 100}}}, {u"budget"_s, QJsonValue()}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.body["limits"_L1]["rpm_limit"_L1].toInt(), 7);
        QCOMPARE(changed.body["limits"_L1]["tpm_limit"_L1].toInt(), 100);
        QVERIFY(changed.body["budget"_L1].isNull());
        QCOMPARE(m_rig->directory.find(id)->terms->limits.tokensPerMinute, 100);
        const Got wrong = m_rig->call("PATCH", path,
                                      {{u"limits"_s, QJsonObject{{u"rpm_limit"_s, -1}}}});
        QCOMPARE(wrong.status, 400);
        QCOMPARE(wrong.param(), u"limits.rpm_limit"_s);
    }

    void saysWhatIsWrongWithAKey_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("param");
        QTest::newRow("team") << QJsonObject{{u"team_id"_s, u"nobody"_s}} << u"team_id"_s;
        QTest::newRow("user") << QJsonObject{{u"user_id"_s, u"nobody"_s}} << u"user_id"_s;
        QTest::newRow("organization")
            << QJsonObject{{u"organization_id"_s, u"nobody"_s}} << u"organization_id"_s;
        QTest::newRow("service account of another team")
            << QJsonObject{{u"service_account_id"_s, u"nightly"_s}, {u"team_id"_s, u"sales"_s}}
            << u"service_account_id"_s;
        QTest::newRow("organization of another team")
            << QJsonObject{{u"organization_id"_s, u"acme"_s}, {u"team_id"_s, u"sales"_s}}
            << u"organization_id"_s;
        QTest::newRow("past") << QJsonObject{{u"expires_at"_s, u"2001-01-01T00:00:00Z"_s}}
                              << u"expires_at"_s;
        QTest::newRow("route") << QJsonObject{{u"allowed_routes"_s, QJsonArray{u"chat"_s}}}
                               << u"allowed_routes[0]"_s;
        QTest::newRow("id") << QJsonObject{{u"key_id"_s, u"mine"_s}} << u"key_id"_s;
        QTest::newRow("text") << QJsonObject{{u"key"_s, u"sk-mine"_s}} << u"key"_s;
    }
    void saysWhatIsWrongWithAKey()
    {
        QFETCH(const QJsonObject, body);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", "/ui/api/keys", body);
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
        QVERIFY(m_rig->call("GET", "/ui/api/keys").items().isEmpty());
    }

    void givesNoTwoKeysOneName()
    {
        m_rig->makeKey({{u"name"_s, u"checkout"_s}});
        const Got got = m_rig->call("POST", "/ui/api/keys", {{u"name"_s, u"checkout"_s}});
        QCOMPARE(got.status, 409);
        QCOMPARE(got.param(), u"name"_s);
        m_rig->makeKey({});
        m_rig->makeKey({}); // Without a name there is nothing to be alike.
    }

    void letsAMemberHaveKeysOfTheirOwnOnly()
    {
        const QJsonObject own{{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"ann"_s}};
        const Got made = m_rig->callAs("ann", "POST", "/ui/api/keys", own);
        QCOMPARE(made.status, 201);
        m_rig->makeKey({{u"team_id"_s, u"research"_s}, {u"name"_s, u"teams"_s}});
        QCOMPARE(m_rig->callAs("ann", "GET", "/ui/api/keys").items().size(), 1);
        for (const QJsonObject &others :
             {QJsonObject{{u"team_id"_s, u"research"_s}},
              QJsonObject{{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"bob"_s}},
              QJsonObject{{u"team_id"_s, u"sales"_s}, {u"user_id"_s, u"ann"_s}}}) {
            QCOMPARE(m_rig->callAs("ann", "POST", "/ui/api/keys", others).status, 403);
        }
        const QByteArray path = "/ui/api/keys/" + made.body["key_id"_L1].toString().toLatin1();
        QCOMPARE(m_rig->callAs("ann", "PATCH", path, {{u"user_id"_s, u"bob"_s}}).status, 403);
        QCOMPARE(m_rig->callAs("bob", "GET", path).status, 404);
        QCOMPARE(m_rig->callAs("ann", "DELETE", path).status, 204);
    }

    void letsMembersMakeNoKeysUnlessTheTeamSaysSo()
    {
        m_rig->make("/ui/api/teams/sales/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_member"_s}});
        const QJsonObject own{{u"team_id"_s, u"sales"_s}, {u"user_id"_s, u"ann"_s}};
        const Got got = m_rig->callAs("ann", "POST", "/ui/api/keys", own);
        QCOMPARE(got.status, 403);
        QCOMPARE(got.param(), u"team_id"_s);
        m_rig->makeKey(own); // An admin may.
    }

    void holdsMembersToWhatTheTeamAllows()
    {
        const QJsonObject terms{{u"enabled"_s, true},
                                {u"max_keys"_s, 1},
                                {u"max_budget"_s, 10},
                                {u"max_expiry_days"_s, 30}};
        QCOMPARE(
            m_rig->call("PATCH", "/ui/api/teams/research", {{u"self_service"_s, terms}}).status,
            200);
        QJsonObject wish{{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"ann"_s}};
        const auto refusal = [&] {
            const Got got = m_rig->callAs("ann", "POST", "/ui/api/keys", wish);
            return got.status == 403 ? got.param() : QString::number(got.status);
        };
        QCOMPARE(refusal(), u"budget"_s);
        wish.insert("budget"_L1, QJsonObject{{u"max_budget"_s, 11}});
        QCOMPARE(refusal(), u"budget"_s);
        wish.insert("budget"_L1, QJsonObject{{u"max_budget"_s, 10}});
        QCOMPARE(refusal(), u"expires_at"_s);
        wish.insert("expires_at"_L1, u"2999-01-01T00:00:00Z"_s);
        QCOMPARE(refusal(), u"expires_at"_s);
        const QDateTime soon = QDateTime::fromMSecsSinceEpoch(
            m_rig->clock.now.time_since_epoch().count() + 86'400'000, QTimeZone::UTC);
        wish.insert("expires_at"_L1, soon.toString(Qt::ISODate));
        QCOMPARE(refusal(), u"201"_s);
        QCOMPARE(refusal(), u"team_id"_s); // One is enough.
    }

    void letsNobodyLoosenTheirOwnKey_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("rest");
        QTest::addColumn<QJsonObject>("body");
        const auto patch = [](const char *field, const QJsonValue &value) {
            QTest::newRow(field) << QByteArray("PATCH") << QByteArray()
                                 << QJsonObject{{QLatin1StringView(field), value}};
        };
        patch("models", QJsonArray());
        patch("allowed_routes", QJsonArray());
        patch("expires_at", QJsonValue());
        patch("limits", QJsonValue());
        patch("budget", QJsonValue());
        QTest::newRow("block") << QByteArray("POST") << QByteArray("/unblock") << QJsonObject();
    }
    void letsNobodyLoosenTheirOwnKey()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, rest);
        QFETCH(const QJsonObject, body);
        const QJsonObject made = m_rig->makeKey(
            {{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"ann"_s}});
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1();
        QCOMPARE(m_rig->call("POST", path + "/block", {{u"reason"_s, u"leaked"_s}}).status, 200);
        QCOMPARE(m_rig->callAs("ann", method, path + rest, body).status, 403);
        QCOMPARE(m_rig->call(method, path + rest, body).status, 200);
        QCOMPARE(m_rig->callAs("ann", "PATCH", path, {{u"name"_s, u"mine"_s}}).status, 200);
    }

    void letsNobodyLoosenTheirOwnKeyAmongMany()
    {
        const QJsonObject made = m_rig->makeKey(
            {{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"ann"_s}});
        const QJsonArray ids{made["key_id"_L1]};
        const auto done = [&](const QString &action, const QJsonObject &more = {}) {
            QJsonObject body = more;
            body.insert("action"_L1, action);
            body.insert("key_ids"_L1, ids);
            return m_rig->callAs("ann", "POST", "/ui/api/keys/bulk", body).body["done"_L1].toInt();
        };
        QCOMPARE(done(u"block"_s), 1);
        QCOMPARE(done(u"unblock"_s), 0);
        QCOMPARE(done(u"extend"_s, {{u"expires_at"_s, QJsonValue()}}), 0);
        QCOMPARE(done(u"delete"_s), 1);
    }

    void blocksTheKeysOfWhoLeavesTheTeam()
    {
        const QJsonObject own = m_rig->makeKey(
            {{u"team_id"_s, u"research"_s}, {u"user_id"_s, u"ann"_s}});
        const QJsonObject elsewhere = m_rig->makeKey({{u"user_id"_s, u"ann"_s}});
        QVERIFY(identify(own["key"_L1].toString().toLatin1()).has_value());
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/research/members/ann").status, 204);
        QVERIFY(!identify(own["key"_L1].toString().toLatin1()).has_value());
        QVERIFY(identify(elsewhere["key"_L1].toString().toLatin1()).has_value());
        const Got shown = m_rig->call("GET",
                                      "/ui/api/keys/" + own["key_id"_L1].toString().toLatin1());
        QCOMPARE(shown.body["blocked"_L1].toBool(), true);
        QVERIFY(shown.body["block_reason"_L1].toString().contains(u"no longer a member"_s));
    }

    void letsANarrowedKeyDoNothingHere()
    {
        const QByteArray text = m_rig
                                    ->makeKey({{u"service_account_id"_s, u"nightly"_s},
                                               {u"allowed_routes"_s,
                                                QJsonArray{u"llm_api_routes"_s}}})["key"_L1]
                                    .toString()
                                    .toLatin1();
        const Got asked = m_rig->send("GET", "/ui/api/keys", {},
                                      {{"authorization", "Bearer " + text}});
        QCOMPARE(asked.status, 403);
        QCOMPARE(asked.code(), u"route_not_allowed"_s);
    }

    void letsAServiceAccountLookAfterItsKeys()
    {
        const QByteArray text = m_rig->makeKey({{u"service_account_id"_s, u"nightly"_s}})["key"_L1]
                                    .toString()
                                    .toLatin1();
        const Got asked = m_rig->send("GET", "/ui/api/bootstrap", {},
                                      {{"authorization", "Bearer " + text}});
        QCOMPARE(asked.body["caller"_L1]["kind"_L1].toString(), u"service_account"_s);
        QCOMPARE(asked.body["caller"_L1]["id"_L1].toString(), u"nightly"_s);
        const Got made = m_rig->send(
            "POST", "/ui/api/keys", R"({"service_account_id":"nightly","name":"second"})",
            {{"authorization", "Bearer " + text}, {"content-type", "application/json"}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.body["team_id"_L1].toString(), u"research"_s);
    }

    void keepsTheFormerTextForAWhileAfterARotation()
    {
        const QJsonObject made = m_rig->makeKey({{u"name"_s, u"checkout"_s}});
        const QByteArray before = made["key"_L1].toString().toLatin1();
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1();
        const Got rotated = m_rig->call("POST", path + "/rotate", {{u"overlap_seconds"_s, 60}});
        QCOMPARE(rotated.status, 200);
        const QByteArray after = rotated.body["key"_L1].toString().toLatin1();
        QVERIFY(after != before);
        QCOMPARE(rotated.body["key_id"_L1], made["key_id"_L1]);
        QCOMPARE(rotated.body["rotation"_L1]["former_key_hint"_L1], made["key_hint"_L1]);
        QCOMPARE(identify(before)->keyId, identify(after)->keyId);

        m_rig->clock.now += std::chrono::seconds(59);
        QVERIFY(identify(before).has_value());
        m_rig->clock.now += std::chrono::seconds(1);
        QVERIFY(!identify(before).has_value());
        QVERIFY(identify(after).has_value());
        QVERIFY(m_rig->call("GET", path).body["rotation"_L1].isNull());
    }

    void endsAllFormerTextsAtOnce_data()
    {
        QTest::addColumn<bool>("byRotation");
        QTest::newRow("by its end") << false;
        QTest::newRow("by a rotation without overlap") << true;
    }
    void endsAllFormerTextsAtOnce()
    {
        QFETCH(const bool, byRotation);
        const QJsonObject made = m_rig->makeKey({});
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1();
        std::vector<QByteArray> texts{made["key"_L1].toString().toLatin1()};
        for (int i = 0; i < 3; ++i) {
            texts.push_back(
                m_rig->call("POST", path + "/rotate").body["key"_L1].toString().toLatin1());
        }
        for (const QByteArray &text : texts) {
            QVERIFY(identify(text).has_value());
        }
        const Got ended = byRotation
            ? m_rig->call("POST", path + "/rotate", {{u"overlap_seconds"_s, 0}})
            : m_rig->call("POST", path + "/end-overlap");
        QCOMPARE(ended.status, 200);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            QCOMPARE(identify(texts[i]).has_value(), !byRotation && i == 3);
        }
    }

    void ofARotatedKeyBlocksAndRemovesEveryText()
    {
        const QJsonObject made = m_rig->makeKey({});
        const QByteArray before = made["key"_L1].toString().toLatin1();
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1();
        QCOMPARE(m_rig->call("POST", path + "/rotate").status, 200);
        QCOMPARE(m_rig->call("POST", path + "/block", {{u"reason"_s, u"lost"_s}}).status, 200);
        QVERIFY(!identify(before).has_value());
        QCOMPARE(m_rig->call("POST", path + "/unblock").status, 200);
        QVERIFY(identify(before).has_value());
        QCOMPARE(m_rig->call("DELETE", path).status, 204);
        QVERIFY(!identify(before).has_value());
    }

    void rotatesOnceWhoeverRepeatsTheRequest()
    {
        const QJsonObject made = m_rig->makeKey({});
        const QByteArray path = "/ui/api/keys/" + made["key_id"_L1].toString().toLatin1()
            + "/rotate";
        const ControlRig::Headers headers{{"idempotency-key", "once"}};
        const Got first = m_rig->call("POST", path, {}, headers);
        const Got second = m_rig->call("POST", path, {}, headers);
        QCOMPARE(first.body["key"_L1].toString(), second.body["key"_L1].toString());
        QVERIFY(identify(first.body["key"_L1].toString().toLatin1()).has_value());
    }

    void refusesAnOverlapThatIsNoTime()
    {
        const QByteArray path = "/ui/api/keys/"
            + m_rig->makeKey({})["key_id"_L1].toString().toLatin1() + "/rotate";
        for (const QJsonValue &wrong :
             {QJsonValue(-1), QJsonValue(1e9), QJsonValue(u"1h"_s), QJsonValue(1.5)}) {
            const Got got = m_rig->call("POST", path, {{u"overlap_seconds"_s, wrong}});
            QCOMPARE(got.status, 400);
            QCOMPARE(got.param(), u"overlap_seconds"_s);
        }
    }

    void changesManyAndSaysWhatBecameOfEach()
    {
        const QString one = m_rig->makeKey({{u"team_id"_s, u"research"_s}})["key_id"_L1].toString();
        const QString two = m_rig->makeKey({{u"team_id"_s, u"sales"_s}})["key_id"_L1].toString();
        const QJsonArray ids{one, two, u"nobody"_s, one};
        const Got blocked = m_rig->call("POST", "/ui/api/keys/bulk",
                                        {{u"action"_s, u"block"_s}, {u"key_ids"_s, ids}});
        QCOMPARE(blocked.body["done"_L1].toInt(), 2);
        QCOMPARE(blocked.body["failed"_L1].toInt(), 1);
        QVERIFY(m_rig->directory.find(one)->isBlocked && m_rig->directory.find(two)->isBlocked);

        m_rig->make("/ui/api/teams/research/members",
                    {{u"user_id"_s, u"bob"_s}, {u"role"_s, u"team_admin"_s}});
        const Got byBob = m_rig->callAs("bob", "POST", "/ui/api/keys/bulk",
                                        {{u"action"_s, u"delete"_s}, {u"key_ids"_s, ids}});
        QCOMPARE(byBob.body["done"_L1].toInt(), 1);
        QVERIFY(!m_rig->directory.find(one) && m_rig->directory.find(two));
        const Got extended = m_rig->call("POST", "/ui/api/keys/bulk",
                                         {{u"action"_s, u"extend"_s},
                                          {u"key_ids"_s, QJsonArray{two}},
                                          {u"expires_at"_s, u"2099-01-01T00:00:00Z"_s}});
        QCOMPARE(extended.body["done"_L1].toInt(), 1);
    }

    void listsByWhatAnAdminLooksFor_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArrayList>("names");
        const auto row = [](const char *query, QByteArrayList names) {
            QTest::newRow(query) << QByteArray(query) << names;
        };
        row("sort=name", {"alpha", "beta", "gamma"});
        row("sort=-name", {"gamma", "beta", "alpha"});
        row("sort=expires_at", {"beta", "gamma", "alpha"});
        row("team_id=research&sort=name", {"alpha", "beta"});
        row("user_id=ann", {"beta"});
        row("blocked=true", {"gamma"});
        row("expires_before=2050-01-01T00:00:00Z", {"beta"});
        row("expires_after=2050-01-01T00:00:00Z", {"gamma"});
        row("unused=true&sort=name", {"alpha", "beta", "gamma"});
        row("unused=false", {});
        row("q=amm", {"gamma"});
        row("q=LPH", {"alpha"});
    }
    void listsByWhatAnAdminLooksFor()
    {
        QFETCH(const QByteArray, query);
        QFETCH(const QByteArrayList, names);
        makeThree();
        QByteArrayList found;
        const Got got = m_rig->call("GET", "/ui/api/keys?" + query);
        for (const auto &item : got.items()) {
            found.append(item["name"_L1].toString().toLatin1());
        }
        QCOMPARE(found, names);
    }

    void givesTheListAsAFile()
    {
        makeThree();
        m_rig->makeKey({{u"name"_s, u"=cmd|' /C calc'!A1"_s}, {u"description"_s, u"a \"b\", c"_s}});
        const Got csv = m_rig->call("GET", "/ui/api/keys?format=csv&sort=name&limit=1");
        QCOMPARE(csv.field("content-type"), "text/csv; charset=utf-8");
        QVERIFY(csv.field("content-disposition").contains("keys.csv"));
        const QByteArrayList lines = csv.text.split('\n');
        QCOMPARE(lines.size(), 6); // A head, four keys, and nothing behind the last.
        QVERIFY(lines[0].startsWith("key_id,name,description,key_hint,team_id"));
        QVERIFY(csv.text.contains("'=cmd|' /C calc'!A1,\"a \"\"b\"\", c\""));
        const Got jsonl = m_rig->call("GET", "/ui/api/keys?format=jsonl&team_id=research");
        QCOMPARE(jsonl.text.count('\n'), 2);
        QCOMPARE(m_rig->call("GET", "/ui/api/keys?format=xml").param(), u"format"_s);
        QCOMPARE(m_rig->callAs("bob", "GET", "/ui/api/keys?format=csv").status, 403);
    }

private:
    Result<auth::Principal> identify(const QByteArray &text)
    {
        ports::HttpRequest request;
        request.head = "Bearer " + text;
        request.fields.emplace_back("authorization", request.head);
        return m_rig->authenticator.identify(request);
    }
    void makeThree()
    {
        m_rig->makeKey({{u"name"_s, u"alpha"_s}, {u"team_id"_s, u"research"_s}});
        m_rig->makeKey({{u"name"_s, u"beta"_s},
                        {u"team_id"_s, u"research"_s},
                        {u"user_id"_s, u"ann"_s},
                        {u"expires_at"_s, u"2040-01-01T00:00:00Z"_s}});
        const QJsonObject gamma = m_rig->makeKey(
            {{u"name"_s, u"gamma"_s}, {u"expires_at"_s, u"2060-01-01T00:00:00Z"_s}});
        m_rig->call("POST", "/ui/api/keys/" + gamma["key_id"_L1].toString().toLatin1() + "/block");
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(KeysTest)
#include "tst_keys.moc"
