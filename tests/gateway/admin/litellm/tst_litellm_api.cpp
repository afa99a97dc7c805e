// labels: db contract hostile
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "tests/gateway/admin/control_rig.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

/// What all routes of LiteLLM's have of the ones that they ask: who may do it, what is true together, and what is
/// kept of it. What they answer is in tests/golden/litellm.
class LiteLlmApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        for (const QString &user : {u"ann"_s, u"bob"_s}) {
            m_rig->make("/ui/api/users", {{u"user_id"_s, user}});
        }
        done("/organization/new",
             {{u"organization_id"_s, u"acme"_s}, {u"organization_alias"_s, u"Acme"_s}});
    }

    void putsEachStepIntoTheAuditLog()
    {
        const QJsonObject ann{{u"role"_s, u"admin"_s}, {u"user_id"_s, u"ann"_s}};
        done("/team/new",
             {{u"team_id"_s, u"a"_s},
              {u"organization_id"_s, u"acme"_s},
              {u"members_with_roles"_s, QJsonArray{ann}},
              {u"blocked"_s, true}});
        QCOMPARE(actions(3),
                 (QStringList{u"team.block"_s, u"team_member.add"_s, u"team.create"_s}));
    }

    void makesNothingWhenOneStepFails()
    {
        const QJsonObject ghost{{u"role"_s, u"admin"_s}, {u"user_id"_s, u"ghost"_s}};
        const QStringList before = actions(5);
        const Got got = m_rig->call("POST", "/team/new",
                                    {{u"team_id"_s, u"a"_s},
                                     {u"team_alias"_s, u"A"_s},
                                     {u"members_with_roles"_s, QJsonArray{ghost}}});
        QCOMPARE(got.status, 400);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams/a").status, 404);
        QCOMPARE(actions(5), before);
    }

    void bringsWhatIsTrueIntoMemoryOnceAtTheEnd()
    {
        const int before = m_rig->refreshes;
        done("/team/new", {{u"team_id"_s, u"a"_s}, {u"blocked"_s, true}});
        QCOMPARE(m_rig->refreshes, before + 1);
        m_rig->call("POST", "/team/new", {{u"team_id"_s, u"a"_s}});
        QCOMPARE(m_rig->refreshes, before + 1);
    }

    void letsAdminsOfAnOrganizationDoWhatTheTableLetsThem()
    {
        done("/organization/member_add",
             {{u"organization_id"_s, u"acme"_s},
              {u"member"_s, QJsonObject{{u"role"_s, u"org_admin"_s}, {u"user_id"_s, u"ann"_s}}}});
        Got got = m_rig->callAs("ann", "POST", "/team/new",
                                {{u"team_id"_s, u"a"_s}, {u"organization_id"_s, u"acme"_s}});
        QCOMPARE(got.status, 200);
        got = m_rig->callAs("ann", "POST", "/team/new", {{u"team_id"_s, u"b"_s}});
        QCOMPARE(got.status, 403);
        got = m_rig->callAs("ann", "PATCH", "/organization/update",
                            {{u"organization_id"_s, u"acme"_s}, {u"max_budget"_s, 5}});
        QCOMPARE(got.status, 403);
        QCOMPARE(param(got), u"max_budget"_s);
        QCOMPARE(actions(1), QStringList{u"access.denied"_s});
    }

    void hidesWhatSomebodyMayNotSeeAsIfItWereNotThere()
    {
        done("/team/new", {{u"team_id"_s, u"a"_s}});
        const Got foreign = m_rig->callAs("bob", "GET", "/team/info?team_id=a");
        const Got absent = m_rig->callAs("bob", "GET", "/team/info?team_id=b");
        QCOMPARE(foreign.status, 404);
        QCOMPARE(foreign.text, absent.text);
        const QJsonObject change{{u"team_alias"_s, u"Mine"_s}};
        QJsonObject ofForeign = change;
        ofForeign.insert("team_id"_L1, u"a"_s);
        QJsonObject ofAbsent = change;
        ofAbsent.insert("team_id"_L1, u"b"_s);
        QCOMPARE(m_rig->callAs("bob", "POST", "/team/update", ofForeign).text,
                 m_rig->callAs("bob", "POST", "/team/update", ofAbsent).text);
    }

    void tellsErrorsAsLiteLlmDoes()
    {
        const Got got = m_rig->call("POST", "/team/new", {{u"team_alias"_s, 7}});
        QCOMPARE(got.field("content-type"), QByteArray("application/json"));
        QCOMPARE(got.body,
                 (QJsonObject{{u"error"_s,
                               QJsonObject{{u"message"_s, u"'team_alias' must be a text."_s},
                                           {u"type"_s, u"bad_request_error"_s},
                                           {u"param"_s, u"team_alias"_s},
                                           {u"code"_s, u"400"_s}}}}));
        QCOMPARE(m_rig->send("GET", "/team/list", {}, {}).body["error"_L1]["type"_L1],
                 QJsonValue(u"auth_error"_s));
    }

    void refusesWhatIsTooLarge_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("param");
        const QJsonObject notes{{u"note"_s, QString(20'000, u'x')}};
        QTest::newRow("metadata") << QByteArray("/team/new")
                                  << QJsonObject{{u"team_id"_s, u"a"_s}, {u"metadata"_s, notes}}
                                  << u"metadata"_s;
        QJsonArray many;
        for (int i = 0; i < 201; ++i) {
            many.append(QString::number(i));
        }
        QTest::newRow("names") << QByteArray("/team/delete") << QJsonObject{{u"team_ids"_s, many}}
                               << u"team_ids"_s;
        QTest::newRow("members") << QByteArray("/team/member_add")
                                 << QJsonObject{{u"team_id"_s, u"a"_s}, {u"member"_s, many}}
                                 << u"member"_s;
    }

    void refusesWhatIsTooLarge()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const QJsonObject, body);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", path, body);
        QCOMPARE(got.status, 400);
        QCOMPARE(this->param(got), param);
    }

    void countsPages()
    {
        for (int i = 0; i < 5; ++i) {
            done("/team/new", {{u"team_id"_s, u"t%1"_s.arg(i)}});
        }
        const auto page = [this](const QByteArray &query) {
            QStringList ids;
            const QByteArray text = m_rig->call("GET", "/team/list?page_size=2&page=" + query).text;
            for (const auto &team : QJsonDocument::fromJson(text).array()) {
                ids.append(team["team_id"_L1].toString());
            }
            return ids;
        };
        QCOMPARE(page("1"), (QStringList{u"t0"_s, u"t1"_s}));
        QCOMPARE(page("3"), QStringList{u"t4"_s});
        QCOMPARE(page("4"), QStringList());
    }

private:
    void done(const QByteArray &path, const QJsonObject &body)
    {
        const Got got = m_rig->call("POST", path, body);
        if (got.status != 200) {
            throw std::runtime_error((path + ": " + got.text).toStdString());
        }
    }
    static QString param(const Got &got)
    {
        return got.body["error"_L1]["param"_L1].toString();
    }
    /// Returns what was done last, the newest first.
    QStringList actions(int count)
    {
        QStringList found;
        const Got got = m_rig->call("GET",
                                    "/ui/api/audit/events?limit=" + QByteArray::number(count));
        for (const auto &event : got.items()) {
            found.append(event["action"_L1].toString());
        }
        return found;
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(LiteLlmApiTest)
#include "tst_litellm_api.moc"
