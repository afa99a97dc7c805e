// labels: db contract
// services: postgres
// dialects: both
// links: gateway/http gateway/providers
#include "gateway/store/alert_outbox.h"
#include "tests/gateway/admin/control_rig.h"

#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

const QByteArray guardrails = "/ui/api/guardrails";
const QByteArray groups = "/ui/api/route-groups";
const QJsonObject noCards{{u"guardrail_id"_s, u"no-cards"_s},
                          {u"name"_s, u"No cards"_s},
                          {u"action"_s, u"redact"_s},
                          {u"entities"_s, QJsonArray{u"CREDIT_CARD"_s}}};

QJsonObject with(QJsonObject object, const QString &name, const QJsonValue &value)
{
    object.insert(name, value);
    return object;
}

QJsonObject member(const QString &deployment, const QJsonValue &weight = {})
{
    return {{u"deployment_id"_s, deployment}, {u"weight"_s, weight}};
}

} // namespace

/// Guardrails, route groups and alert rules over the admin API, and what they were.
class PoliciesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        for (const QString &id : {u"one"_s, u"two"_s}) {
            m_rig->make("/ui/api/deployments",
                        {{u"deployment_id"_s, id},
                         {u"model_name"_s, u"gpt"_s},
                         {u"model"_s, u"echo/parrot"_s},
                         {u"allow_unpriced"_s, true}});
        }
    }

    void keepsAllThatAGuardrailWas()
    {
        m_rig->make(guardrails, noCards);
        const Got strict = m_rig->call("PATCH", guardrails + "/no-cards", {{u"threshold"_s, 90}});
        QCOMPARE(strict.status, 200);
        const Got same = m_rig->call("PATCH", guardrails + "/no-cards", {{u"threshold"_s, 90}});
        QCOMPARE(same.body[u"revision"_s].toInt(), 2);

        const Got past = m_rig->call("GET", guardrails + "/no-cards/versions");
        QCOMPARE(past.body[u"total"_s].toInt(), 2);
        const QJsonObject newest = past.items()[0].toObject();
        QCOMPARE(newest[u"version"_s].toInt(), 2);
        QCOMPARE(newest[u"written_by"_s].toString(), u"master key"_s);
        QCOMPARE(newest[u"object"_s].toObject()[u"threshold"_s].toInt(), 90);
        QCOMPARE(past.items()[1].toObject()[u"object"_s].toObject()[u"threshold"_s].toInt(), 50);
    }

    void makesAGuardrailAgainWhatItWas()
    {
        m_rig->make(guardrails, noCards);
        m_rig->call("PATCH", guardrails + "/no-cards",
                    {{u"threshold"_s, 90}, {u"name"_s, u"Cards"_s}});
        const Got restored = m_rig->call("POST", guardrails + "/no-cards/versions/1/restore", {},
                                         {{"if-match", "\"2\""}});
        QCOMPARE(restored.status, 200);
        QCOMPARE(restored.body[u"name"_s].toString(), u"No cards"_s);
        QCOMPARE(restored.body[u"threshold"_s].toInt(), 50);
        QCOMPARE(restored.body[u"revision"_s].toInt(), 3);
        QCOMPARE(restored.field("etag"), QByteArray("\"3\""));
        QCOMPARE(m_rig->call("GET", guardrails + "/no-cards/versions").body[u"total"_s].toInt(), 3);

        const QJsonObject record =
            m_rig->call("GET", "/ui/api/audit/events?limit=1").items()[0].toObject();
        QCOMPARE(record[u"action"_s].toString(), u"guardrail.restore"_s);
        QCOMPARE(record[u"before"_s].toObject()[u"threshold"_s].toInt(), 90);
        QCOMPARE(record[u"after"_s].toObject()[u"threshold"_s].toInt(), 50);
    }

    void triesAgainOnlyWhatWasGivenUp()
    {
        store::AlertOutbox outbox(m_rig->store);
        const ports::AlertPlace place{u"alert_1"_s, u"email"_s};
        QVERIFY(outbox.queue({place.id, "{}", m_rig->clock.now, {place.channel}}));
        const QByteArray one = "/ui/api/alert-deliveries/alert_1.email";
        QCOMPARE(m_rig->call("POST", one + "/retry").status, 409);
        QVERIFY(outbox.giveUp(place, m_rig->clock.now, u"nobody is there"_s));
        QCOMPARE(m_rig->call("GET", one).body[u"error"_s].toString(), u"nobody is there"_s);

        const Got retried = m_rig->call("POST", one + "/retry");
        QCOMPARE(retried.status, 200);
        QCOMPARE(retried.body[u"state"_s].toString(), u"queued"_s);
        QVERIFY(retried.body[u"ended_at"_s].isNull());
        QVERIFY(
            outbox.claim(place.channel, {m_rig->clock.now, m_rig->clock.now + 1min})->has_value());
        const QJsonObject record =
            m_rig->call("GET", "/ui/api/audit/events?limit=1").items()[0].toObject();
        QCOMPARE(record[u"action"_s].toString(), u"alert_delivery.retry"_s);
        QCOMPARE(m_rig->call("POST", "/ui/api/alert-deliveries/other/retry").status, 404);
        // This rig has no channel.
        QCOMPARE(m_rig->call("POST", "/ui/api/alerts/test").status, 409);
    }

    void refusesWhatIsNoAlertRule()
    {
        const auto refused = [this](const QString &field, const QJsonValue &value) {
            const Got got = m_rig->call("POST", "/ui/api/alert-rules",
                                        with({{u"name"_s, u"Rule"_s}}, field, value));
            return got.status == 400 ? got.param() : QString::number(got.status);
        };
        QCOMPARE(refused(u"thresholds"_s, QJsonArray{50, 0}), u"thresholds[1]"_s);
        QCOMPARE(refused(u"thresholds"_s, QJsonArray{50, 50}), u"thresholds[1]"_s);
        QCOMPARE(refused(u"thresholds"_s, QJsonArray{u"50"_s}), u"thresholds[0]"_s);
        QCOMPARE(refused(u"channels"_s, QJsonArray{u"fax"_s}), u"channels[0]"_s);
        QCOMPARE(refused(u"scope_ids"_s, QJsonArray{u"a"_s}), u"scope_ids"_s);
        QCOMPARE(refused(u"scope"_s, u"planet"_s), u"scope"_s);
        QCOMPARE(refused(u"name"_s, QJsonValue::Null), u"name"_s);
        QCOMPARE(m_rig->call("GET", "/ui/api/alert-rules").body[u"total"_s].toInt(), 0);
    }

    void restoresNothingOverAnothersChange()
    {
        m_rig->make(guardrails, noCards);
        m_rig->call("PATCH", guardrails + "/no-cards", {{u"threshold"_s, 90}});
        const Got stale = m_rig->call("POST", guardrails + "/no-cards/versions/1/restore", {},
                                      {{"if-match", "\"1\""}});
        QCOMPARE(stale.status, 412);
        for (const char *version : {"7", "0", "-1", "one", "1e0"}) {
            const Got unknown = m_rig->call(
                "POST", guardrails + "/no-cards/versions/" + version + "/restore");
            QCOMPARE(unknown.status, 404);
            QCOMPARE(unknown.param(), u"version"_s);
        }
        QCOMPARE(m_rig->call("GET", guardrails + "/no-cards").body[u"threshold"_s].toInt(), 90);
    }

    void forgetsWhatARemovedGuardrailWas()
    {
        m_rig->make(guardrails, noCards);
        QCOMPARE(m_rig->call("DELETE", guardrails + "/no-cards").status, 204);
        m_rig->make(guardrails, noCards);
        QCOMPARE(m_rig->call("GET", guardrails + "/no-cards/versions").body[u"total"_s].toInt(), 1);
    }

    void pagesThePastOfOneObjectOnly()
    {
        m_rig->make(guardrails, noCards);
        m_rig->make(guardrails, {{u"guardrail_id"_s, u"no-cards-2"_s}, {u"name"_s, u"Two"_s}});
        for (int threshold = 60; threshold < 65; ++threshold) {
            m_rig->call("PATCH", guardrails + "/no-cards", {{u"threshold"_s, threshold}});
        }
        QList<int> found;
        QString cursor;
        do {
            const Got page = m_rig->call(
                "GET",
                guardrails + "/no-cards/versions?limit=4"
                    + (cursor.isEmpty() ? QByteArray() : "&cursor=" + cursor.toUtf8()));
            QCOMPARE(page.status, 200);
            for (const auto &item : page.items()) {
                found.append(item.toObject()[u"version"_s].toInt());
            }
            cursor = page.body[u"next"_s].toString();
        } while (!cursor.isEmpty());
        QCOMPARE(found, QList<int>({6, 5, 4, 3, 2, 1}));
        const Got filtered = m_rig->call("GET",
                                         guardrails + "/no-cards/versions?object_id=no-cards-2");
        QCOMPARE(filtered.status, 400);
        QCOMPARE(filtered.param(), u"object_id"_s);
    }

    void refusesAGuardrailThatMakesNoSense_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("param");
        QTest::newRow("type") << u"type"_s << QJsonValue(u"magic"_s) << u"type"_s;
        QTest::newRow("threshold") << u"threshold"_s << QJsonValue(101) << u"threshold"_s;
        QTest::newRow("fraction") << u"threshold"_s << QJsonValue(0.5) << u"threshold"_s;
        QTest::newRow("entity") << u"entities"_s << QJsonValue(QJsonArray{u"SHOE_SIZE"_s})
                                << u"entities[0]"_s;
        QTest::newRow("entities of an injection")
            << u"type"_s << QJsonValue(u"prompt_injection"_s) << u"action"_s;
        QTest::newRow("ids of all")
            << u"scope_ids"_s << QJsonValue(QJsonArray{u"t1"_s}) << u"scope_ids"_s;
        QTest::newRow("no ids") << u"scope"_s << QJsonValue(u"team"_s) << u"scope_ids"_s;
        QTest::newRow("unknown") << u"class"_s << QJsonValue(u"os.system"_s) << u"class"_s;
        QTest::newRow("position") << u"position"_s << QJsonValue(-1) << u"position"_s;
    }
    void refusesAGuardrailThatMakesNoSense()
    {
        QFETCH(const QString, field);
        QFETCH(const QJsonValue, value);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", guardrails, with(noCards, field, value));
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
        QCOMPARE(m_rig->call("GET", guardrails).body[u"total"_s].toInt(), 0);
    }

    void guardsOnlyWhatIsThereButKeepsWhatIsGone()
    {
        const QJsonObject ofTeams = with(with(noCards, u"scope"_s, u"team"_s), u"scope_ids"_s,
                                         QJsonArray{u"research"_s});
        const Got early = m_rig->call("POST", guardrails, ofTeams);
        QCOMPARE(early.status, 400);
        QCOMPARE(early.param(), u"scope_ids[0]"_s);
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"research"_s}, {u"name"_s, u"R"_s}});
        m_rig->make(guardrails, ofTeams);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/research").status, 204);
        QCOMPARE(m_rig->call("PATCH", guardrails + "/no-cards", {{u"enabled"_s, false}}).status,
                 200);
    }

    void groupsOnlyDeploymentsThatAreThere()
    {
        const QJsonObject smart{{u"route_group_id"_s, u"smart"_s},
                                {u"name"_s, u"smart"_s},
                                {u"members"_s, QJsonArray{member(u"one"_s), member(u"nine"_s)}}};
        const Got got = m_rig->call("POST", groups, smart);
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), u"members[1].deployment_id"_s);
        m_rig->make(groups,
                    with(smart, u"members"_s, QJsonArray{member(u"one"_s), member(u"two"_s)}));
        QCOMPARE(m_rig->call("DELETE", "/ui/api/deployments/two").status, 204);
        const Got later = m_rig->call("PATCH", groups + "/smart", {{u"num_retries"_s, 2}});
        QCOMPARE(later.status, 200);
        QCOMPARE(later.body[u"missing_deployments"_s].toArray(), QJsonArray{u"two"_s});
    }

    void refusesAGroupThatCanAnswerNothing_data()
    {
        QTest::addColumn<QJsonArray>("members");
        QTest::addColumn<QJsonArray>("fallbacks");
        QTest::addColumn<QString>("param");
        const QJsonArray none;
        QTest::newRow("none") << none << none << u"members"_s;
        QTest::newRow("no weight") << QJsonArray{member(u"one"_s, 0)} << none << u"members"_s;
        QTest::newRow("twice") << QJsonArray{member(u"one"_s), member(u"one"_s)} << none
                               << u"members[1].deployment_id"_s;
        QTest::newRow("weight") << QJsonArray{member(u"one"_s, -1)} << none
                                << u"members[0].weight"_s;
        QTest::newRow("a text") << QJsonArray{u"one"_s} << none << u"members[0]"_s;
        QTest::newRow("itself") << QJsonArray{member(u"one"_s)} << QJsonArray{u"smart"_s}
                                << u"fallbacks[0]"_s;
        QTest::newRow("again") << QJsonArray{member(u"one"_s)} << QJsonArray{u"gpt"_s, u"gpt"_s}
                               << u"fallbacks[1]"_s;
    }
    void refusesAGroupThatCanAnswerNothing()
    {
        QFETCH(const QJsonArray, members);
        QFETCH(const QJsonArray, fallbacks);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", groups,
                                    {{u"name"_s, u"smart"_s},
                                     {u"strategy"_s, u"weighted"_s},
                                     {u"members"_s, members},
                                     {u"fallbacks"_s, fallbacks}});
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
    }

    void routesByDefaultUntilSomebodySaysHow()
    {
        const Got first = m_rig->call("GET", "/ui/api/routing");
        QCOMPARE(first.body[u"version"_s].toInt(), 0);
        QCOMPARE(first.body[u"strategy"_s].toString(), u"simple-shuffle"_s);
        QCOMPARE(m_rig->call("GET", "/ui/api/routing/versions").body[u"total"_s].toInt(), 0);
        const QJsonObject wish{{u"num_retries"_s, 2}};
        const Got changed = m_rig->call("PATCH", "/ui/api/routing", wish, {{"if-match", "\"0\""}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.body[u"version"_s].toInt(), 1);
        QCOMPARE(changed.body[u"updated_by"_s].toString(), u"master key"_s);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/routing", wish, {{"if-match", "\"0\""}}).status,
                 412);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/routing", {{u"num_retries"_s, 5}}).status, 200);
        const Got back = m_rig->call("POST", "/ui/api/routing/versions/1/restore");
        QCOMPARE(back.body[u"num_retries"_s].toInt(), 2);
        QCOMPARE(back.body[u"version"_s].toInt(), 3);
        const Got record = m_rig->call("GET", "/ui/api/audit/events?limit=1");
        QCOMPARE(record.items()[0].toObject()[u"action"_s].toString(), u"routing.restore"_s);
    }

    void keepsSettingsAndTakesThemBack()
    {
        const QString name = u"router_settings.timeout"_s;
        const auto patch = [this](const QJsonObject &values) {
            return m_rig->call("PATCH", "/ui/api/settings", {{u"values"_s, values}});
        };
        const Got set = patch({{name, 20}});
        QCOMPARE(set.status, 200);
        QCOMPARE(set.items()[0].toObject()[u"source"_s].toString(), u"database"_s);
        QCOMPARE(set.items()[0].toObject()[u"value"_s].toString(), u"20"_s);
        const Got unknown = patch({{u"general_settings.master_key"_s, u"mine"_s}});
        QCOMPARE(unknown.status, 400);
        QCOMPARE(unknown.param(), u"values.general_settings.master_key"_s);
        QCOMPARE(patch({{name, QJsonValue()}}).body[u"values"_s].toObject(), QJsonObject());
        const Got back = m_rig->call("POST", "/ui/api/settings/versions/1/restore");
        QCOMPARE(back.body[u"values"_s].toObject(), QJsonObject({{name, 20}}));
        QCOMPARE(back.body[u"version"_s].toInt(), 3);
        const Got record = m_rig->call("GET", "/ui/api/audit/events?limit=1");
        QCOMPARE(record.items()[0].toObject()[u"action"_s].toString(), u"settings.restore"_s);
    }

    void refusesToRouteInCircles_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("param");
        QTest::newRow("itself") << QJsonObject{{u"fallbacks"_s,
                                                QJsonObject{{u"a"_s, QJsonArray{u"a"_s}}}}}
                                << u"fallbacks.a[0]"_s;
        QTest::newRow("twice") << QJsonObject{{u"fallbacks"_s,
                                               QJsonObject{{u"a"_s, QJsonArray{u"b"_s, u"b"_s}}}}}
                               << u"fallbacks.a[1]"_s;
        QTest::newRow("a text") << QJsonObject{{u"content_policy_fallbacks"_s,
                                                QJsonObject{{u"a"_s, u"b"_s}}}}
                                << u"content_policy_fallbacks.a"_s;
        QTest::newRow("retries") << QJsonObject{{u"num_retries"_s, 11}} << u"num_retries"_s;
        QTest::newRow("strategy") << QJsonObject{{u"strategy"_s, u"best"_s}} << u"strategy"_s;
        QTest::newRow("version") << QJsonObject{{u"version"_s, 7}} << u"version"_s;
    }
    void refusesToRouteInCircles()
    {
        QFETCH(const QJsonObject, body);
        QFETCH(const QString, param);
        const Got got = m_rig->call("PATCH", "/ui/api/routing", body);
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
        QCOMPARE(m_rig->call("GET", "/ui/api/routing").body[u"version"_s].toInt(), 0);
    }

private:
    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(PoliciesTest)
#include "tst_policies.moc"
