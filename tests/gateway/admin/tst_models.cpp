// labels: db contract
// links: gateway/http gateway/providers
#include "gateway/admin/resources/configured_deployments.h"
#include "gateway/routing/model_loader.h"
#include "tests/gateway/admin/control_rig.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

const QJsonObject openAi{{u"credential_id"_s, u"main"_s},
                         {u"name"_s, u"Main"_s},
                         {u"provider"_s, u"openai"_s},
                         {u"api_key"_s, u"sk-provider-0123456789abcd"_s}};

QJsonObject deployment(QJsonObject more = {})
{
    QJsonObject body{{u"deployment_id"_s, u"one"_s},
                     {u"model_name"_s, u"gpt"_s},
                     {u"model"_s, u"openai/gpt-4o"_s},
                     {u"credential_id"_s, u"main"_s}};
    for (auto member = more.begin(); member != more.end(); ++member) {
        body.insert(member.key(), *member);
    }
    return body;
}

} // namespace

/// Credentials and deployments over the admin API, and what becomes of them.
class ModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->make("/ui/api/credentials", openAi);
    }

    void neverShowsAKeyAgain()
    {
        const Got shown = m_rig->call("GET", "/ui/api/credentials/main");
        QCOMPARE(shown.body["key_hint"_L1].toString(), u"abcd"_s);
        QCOMPARE(shown.body["origin"_L1].toString(), u"https://api.openai.com"_s);
        for (const char *path : {"/ui/api/credentials/main", "/ui/api/credentials"}) {
            QVERIFY(!m_rig->call("GET", path).text.contains("0123456789"));
        }
        QVERIFY(m_rig->store
                    .look([](store::ControlTables &tables) -> Result<void> {
                        TRY(const auto sealed, tables.models.secretOf(u"main"_s));
                        return sealed ? Result<void>() : failure(ApiError::internal(u"none"_s));
                    })
                    .has_value());
    }

    void refusesAKeyThatWasHiddenByAConsole_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("stars") << u"sk-...***abcd"_s;
        QTest::newRow("redacted") << u"[redacted]"_s;
        QTest::newRow("blank") << u"sk-with blank"_s;
        QTest::newRow("line") << u"sk-with\nline"_s;
    }
    void refusesAKeyThatWasHiddenByAConsole()
    {
        QFETCH(const QString, key);
        const Got got = m_rig->call("PATCH", "/ui/api/credentials/main", {{u"api_key"_s, key}});
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), u"api_key"_s);
    }

    void sendsNoKeptKeyToAnotherServer()
    {
        const QJsonObject elsewhere{{u"origin"_s, u"https://evil.example"_s}};
        const Got got = m_rig->call("PATCH", "/ui/api/credentials/main", elsewhere);
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), u"api_key"_s);
        QJsonObject anew = elsewhere;
        anew.insert(u"api_key"_s, u"another-key-0123456789"_s);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/credentials/main", anew).status, 200);

        const Got moved = m_rig->call("POST", "/ui/api/deployments",
                                      deployment({{u"api_base"_s, u"https://third.example/v1"_s}}));
        QCOMPARE(moved.status, 400);
        QCOMPARE(moved.param(), u"api_base"_s);
    }

    void saysWhatKeepsADeploymentFromBeingCalled_data()
    {
        QTest::addColumn<QJsonObject>("wrong");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *name, const QString &field, const QJsonValue &value,
                            const QString &param) {
            QTest::newRow(name) << QJsonObject{{field, value}} << param;
        };
        row("no model", u"model"_s, u"openai/"_s, u"model"_s);
        row("unknown provider", u"model"_s, u"opneai/gpt-4o"_s, u"model"_s);
        row("address", u"api_base"_s, u"ftp://api.openai.com"_s, u"api_base"_s);
        row("credential", u"credential_id"_s, u"nobody"_s, u"credential_id"_s);
        row("weight", u"weight"_s, -1, u"weight"_s);
        row("state", u"state"_s, u"sleeping"_s, u"state"_s);
        row("mode", u"mode"_s, u"telepathy"_s, u"mode"_s);
        row("price", u"prices"_s, QJsonObject{{u"input_cost_per_token"_s, u"cheap"_s}},
            u"prices.input_cost_per_token"_s);
        row("price key", u"prices"_s, QJsonObject{{u"input_cost_per_smile"_s, 1}},
            u"prices.input_cost_per_smile"_s);
        row("header", u"extra_headers"_s, QJsonObject{{u"Host"_s, u"elsewhere"_s}},
            u"extra_headers.Host"_s);
        row("base model", u"base_model"_s, u"gpt-nobody"_s, u"base_model"_s);
        row("timeout", u"timeout_ms"_s, 0, u"timeout_ms"_s);
    }
    void saysWhatKeepsADeploymentFromBeingCalled()
    {
        QFETCH(const QJsonObject, wrong);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", "/ui/api/deployments", deployment(wrong));
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
        QVERIFY(m_rig->call("GET", "/ui/api/deployments").items().isEmpty());
    }

    void handsOverWhatCallsNeed()
    {
        m_rig->make("/ui/api/deployments",
                    deployment({{u"weight"_s, 7},
                                {u"timeout_ms"_s, 1500},
                                {u"prices"_s,
                                 QJsonObject{{u"input_cost_per_token"_s, 1e-6},
                                             {u"output_cost_per_token"_s, 0.00001}}}}));
        const auto endpoints = load();
        QCOMPARE(endpoints.size(), 1U);
        const ports::Endpoint made = endpoints.front().within({}, {});
        QCOMPARE(made.apiKey.reveal(), "sk-provider-0123456789abcd");
        QCOMPARE(made.origin.host, "api.openai.com");
        QCOMPARE(made.deployment.weight, 7);
        QCOMPARE(made.deployment.upstreamModel, u"gpt-4o"_s);
        QCOMPARE(made.deployment.pricing.base.input, PicoUsd(1'000'000));
        QCOMPARE(made.deployment.pricing.base.output, PicoUsd(10'000'000));
        QCOMPARE(made.timeouts.total, std::chrono::milliseconds(1500));
        QCOMPARE(made.streamTimeouts.idle, std::chrono::milliseconds(1500));
    }

    void givesADeploymentThatIsNotEnabledNoCalls()
    {
        m_rig->make("/ui/api/deployments", deployment());
        QCOMPARE(load().front().endpoint.deployment.weight, 1);
        for (const QString &state : {u"draining"_s, u"disabled"_s}) {
            QCOMPARE(m_rig->call("PATCH", "/ui/api/deployments/one", {{u"state"_s, state}}).status,
                     200);
            QCOMPARE(load().front().endpoint.deployment.weight, 0);
        }
        const QJsonObject group = m_rig->call("GET", "/ui/api/models").items().first().toObject();
        QCOMPARE(group["deployment_count"_L1].toInt(), 1);
        QCOMPARE(group["enabled_count"_L1].toInt(), 0);
    }

    void keepsACredentialThatIsInUse()
    {
        m_rig->make("/ui/api/deployments", deployment());
        QCOMPARE(m_rig->call("DELETE", "/ui/api/credentials/main").status, 409);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/deployments/one").status, 204);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/credentials/main").status, 204);
        QVERIFY(load().empty());
    }

    void letsTheFileAloneChangeWhatIsOfTheFile()
    {
        StoredDeployment ofFile;
        ofFile.id = u"gpt-0"_s;
        ofFile.modelName = u"gpt"_s;
        ofFile.upstreamModel = u"gpt-4o"_s;
        ofFile.source = DeploymentSource::File;
        const auto show = [this](std::vector<StoredDeployment> all) {
            return admin::showConfigured(m_rig->store, all, m_rig->clock.wall()).has_value();
        };
        QVERIFY(show({ofFile}));
        QVERIFY(show({ofFile}));
        const Got shown = m_rig->call("GET", "/ui/api/deployments/gpt-0");
        QCOMPARE(shown.body["source"_L1].toString(), u"file"_s);
        QCOMPARE(shown.body["revision"_L1].toInt(), 1);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/deployments/gpt-0", {{u"weight"_s, 2}}).status, 409);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/deployments/gpt-0").status, 409);
        QVERIFY(load().empty());

        ofFile.weight = 5;
        QVERIFY(show({ofFile}));
        QCOMPARE(m_rig->call("GET", "/ui/api/deployments/gpt-0").body["weight"_L1].toInt(), 5);
        QVERIFY(show({}));
        QCOMPARE(m_rig->call("GET", "/ui/api/deployments/gpt-0").status, 404);
    }

    void leavesOutWhatCannotBeOpenedAndServesTheRest()
    {
        m_rig->make("/ui/api/deployments", deployment());
        m_rig->make("/ui/api/deployments",
                    deployment({{u"deployment_id"_s, u"two"_s},
                                {u"model"_s, u"vllm/llama"_s},
                                {u"api_base"_s, u"http://10.0.0.7:8000/v1"_s},
                                {u"credential_id"_s, QJsonValue()}}));
        QVERIFY(m_rig->store
                    .change([](store::ControlTables &tables) {
                        return tables.models.putSecret(u"main"_s, "sealed elsewhere");
                    })
                    .has_value());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"the deployment one is left out"_s));
        const auto endpoints = load();
        QCOMPARE(endpoints.size(), 1U);
        QCOMPARE(endpoints.front().endpoint.deployment.id, u"two"_s);
    }

    void triesADeploymentByASmallCallAndNotesHowItDid()
    {
        m_rig->make("/ui/api/deployments", deployment({{u"state"_s, u"disabled"_s}}));
        QVERIFY(m_rig->call("GET", "/ui/api/deployments/one").body["last_check"_L1].isNull());
        const Got good = m_rig->call("POST", "/ui/api/deployments/one/test");
        QCOMPARE(good.status, 200);
        QCOMPARE(good.body["ok"_L1].toBool(), true);
        QCOMPARE(m_rig->errands.size(), 1U);
        QCOMPARE(m_rig->errands.front().deploymentId, "one");
        QCOMPARE(m_rig->errands.front().principal.kind, auth::PrincipalKind::Master);
        QVERIFY(m_rig->asked.body.contains("\"model\":\"gpt\""));

        m_rig->answerStatus = 401;
        m_rig->answerBody = R"({"error":{"message":"Wrong key."}})";
        QCOMPARE(m_rig->call("POST", "/ui/api/deployments/one/test").status, 200);
        const QJsonObject check =
            m_rig->call("GET", "/ui/api/deployments/one").body["last_check"_L1].toObject();
        QCOMPARE(check["ok"_L1].toBool(true), false);
        QCOMPARE(check["status"_L1].toInt(), 401);
        QCOMPARE(check["error"_L1].toString(), u"Wrong key."_s);
        QCOMPARE(m_rig->call("POST", "/ui/api/deployments/two/test").status, 404);
    }

    void triesADeploymentThatIsNotKeptYet()
    {
        const Got got = m_rig->call("POST", "/ui/api/deployments/test", deployment());
        QCOMPARE(got.status, 200);
        QVERIFY(m_rig->call("GET", "/ui/api/deployments").items().isEmpty());
        const ports::Endpoint &endpoint = *m_rig->errands.front().endpoint;
        QCOMPARE(endpoint.apiKey.reveal(), "sk-provider-0123456789abcd");
        QCOMPARE(endpoint.origin.host, "api.openai.com");
        const Got wrong = m_rig->call("POST", "/ui/api/deployments/test",
                                      deployment({{u"credential_id"_s, u"nobody"_s}}));
        QCOMPARE(wrong.param(), u"credential_id"_s);
    }

    void letsAMemberTryAModelInTheNameOfTheTeam()
    {
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"research"_s}, {u"name"_s, u"Research"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"bob"_s}});
        m_rig->make("/ui/api/teams/research/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_member"_s}});
        const QByteArray path = "/ui/api/playground/teams/research/chat/completions";
        const QJsonObject body{{u"model"_s, u"gpt"_s}};
        QCOMPARE(m_rig->callAs("bob", "POST", path, body).status, 404);
        QVERIFY(m_rig->errands.empty());
        QCOMPARE(m_rig->callAs("ann", "POST", path, body).status, 200);
        const auth::Principal &principal = m_rig->errands.front().principal;
        QCOMPARE(principal.kind, auth::PrincipalKind::Person);
        QCOMPARE(principal.teamId, "research");
        QCOMPARE(principal.userId, "ann");
        QCOMPARE(principal.keyId, "playground:ann");
        QVERIFY(m_rig->asked.body.contains("gpt"));
        QCOMPARE(m_rig->callAs("ann", "POST", "/ui/api/playground/chat/completions", body).status,
                 403);
    }

private:
    std::vector<routing::StoredEndpoint> load()
    {
        std::vector<routing::StoredEndpoint> loaded;
        routing::ModelLoader loader(
            {m_rig->store, m_rig->sealer, m_rig->endpoints,
             [&loaded](std::vector<routing::StoredEndpoint> all) { loaded = std::move(all); }});
        if (const auto refreshed = loader.refresh(); !refreshed) {
            qFatal("%ls", qUtf16Printable(refreshed.error().message));
        }
        return loaded;
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "tst_models.moc"
