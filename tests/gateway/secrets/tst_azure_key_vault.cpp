#include "gateway/secrets/azure_key_vault.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using delta::test::ScriptedRequest;

namespace {

/// Plays the giver of tokens, the metadata server and a vault.
QByteArray cloud(const ScriptedRequest &request)
{
    const QByteArray line = request.requestLine();
    const QByteArray identity =
        "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource="
        "https%3A%2F%2Fvault.azure.net";
    if (line == "POST /tenant-1/oauth2/v2.0/token HTTP/1.1") {
        const bool isGood = request.field("content-type") == "application/x-www-form-urlencoded"
            && request.body
                == "grant_type=client_credentials&client_id=client-1&client_secret=p%26w%3D1"
                   "&scope=https%3A%2F%2Fvault.azure.net%2F.default";
        return isGood ? reply(200, "{\"access_token\":\"of-client\"}")
                      : reply(401, "{\"error\":\"invalid_client\"}");
    }
    if (line == identity + " HTTP/1.1" || line == identity + "&client_id=client-1 HTTP/1.1") {
        return request.field("metadata") == "true"
            ? reply(200, "{\"access_token\":\"of-machine\",\"expires_in\":\"86399\"}")
            : reply(400, "{}");
    }
    if (line == "GET /secrets/key?api-version=7.4 HTTP/1.1"
        && request.field("authorization") == "Bearer of-client") {
        return reply(200, "{\"value\":\"newest\",\"id\":\"x\"}");
    }
    if (line == "GET /secrets/key/0a1b?api-version=7.4 HTTP/1.1"
        && request.field("authorization") == "Bearer of-machine") {
        return reply(200, "{\"value\":\"an older one\"}");
    }
    return reply(404, "{\"error\":{\"code\":\"SecretNotFound\"}}");
}

} // namespace

class AzureKeyVaultTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;
    const ManagerCaller m_caller{m_clock};
    const ManagerServer m_server{cloud};

    [[nodiscard]] QProcessEnvironment machine() const
    {
        return environmentOf({{"AZURE_POD_IDENTITY_AUTHORITY_HOST", m_server.address()}});
    }
    [[nodiscard]] QProcessEnvironment client() const
    {
        return environmentOf({{"AZURE_AUTHORITY_HOST", m_server.address() + u'/'},
                              {"AZURE_TENANT_ID", u"tenant-1"_s},
                              {"AZURE_CLIENT_ID", u"client-1"_s},
                              {"AZURE_CLIENT_SECRET", u"p&w=1"_s}});
    }
    [[nodiscard]] QString fetch(const QProcessEnvironment &environment, const QString &name) const
    {
        return shown(AzureKeyVault(environment, m_caller).fetch(name));
    }

private Q_SLOTS:
    void asksWithThePasswordOfAnApplication()
    {
        QCOMPARE(fetch(client(), m_server.address() + u"/secrets/key"_s), u"newest"_s);
    }

    void asksWithTheIdentityOfTheMachine()
    {
        const QString name = m_server.address() + u"/secrets/key/0a1b"_s;
        QCOMPARE(fetch(machine(), name), u"an older one"_s);
        auto chosen = machine();
        chosen.insert(u"AZURE_CLIENT_ID"_s, u"client-1"_s);
        QCOMPARE(fetch(chosen, name), u"an older one"_s);
    }

    void asksForATokenOnce()
    {
        const auto environment = client();
        AzureKeyVault vault(environment, m_caller);
        const std::size_t before = m_server.count();
        QVERIFY(vault.fetch(m_server.address() + u"/secrets/key"_s));
        QVERIFY(vault.fetch(m_server.address() + u"/secrets/key"_s));
        QCOMPARE(m_server.count(), before + 3);
    }

    void saysWhatIsWrong()
    {
        QCOMPARE(fetch(client(), m_server.address() + u"/secrets/none"_s),
                 u"failed: Azure Key Vault does not have it (404): is the name right?"_s);
        auto wrong = client();
        wrong.insert(u"AZURE_CLIENT_SECRET"_s, u"other"_s);
        QCOMPARE(
            fetch(wrong, u"my-vault/key"_s),
            u"failed: the giver of tokens of Azure refuses it (401): are the credentials good, "
            "and may they read it?"_s);
        auto noTenant = client();
        noTenant.remove(u"AZURE_TENANT_ID"_s);
        QVERIFY(fetch(noTenant, u"my-vault/key"_s).contains(u"AZURE_TENANT_ID"_s));
        auto open = machine();
        open.insert(u"AZURE_POD_IDENTITY_AUTHORITY_HOST"_s, u"http://10.0.0.1"_s);
        QVERIFY(fetch(open, u"my-vault/key"_s).contains(u"http is for this machine only"_s));
    }

    void sendsATokenToNobodyElse_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("why");
        const QString form = u"azure.keyvault/ must be followed by VAULT/SECRET"_s;
        const QString noVault = u"is no vault of Azure, so it gets no token"_s;
        QTest::newRow("another host") << u"https://example.com/secrets/key"_s << noVault;
        QTest::newRow("a host like one")
            << u"https://evilvault.azure.net.example.com/secrets/key"_s << noVault;
        QTest::newRow("no dot before") << u"https://evilvault.azure.net/secrets/key"_s << noVault;
        QTest::newRow("http") << u"http://v.vault.azure.net/secrets/key"_s << u"http is for"_s;
        QTest::newRow("another path") << u"https://v.vault.azure.net/keys/key"_s << form;
        QTest::newRow("a query") << u"https://v.vault.azure.net/secrets/key?a=b"_s << u"must be"_s;
        QTest::newRow("nothing") << QString() << form;
        QTest::newRow("a vault alone") << u"my-vault"_s << form;
        QTest::newRow("a host as a vault") << u"example.com/key"_s << form;
        QTest::newRow("too many parts") << u"my-vault/key/0a1b/more"_s << form;
    }

    void sendsATokenToNobodyElse()
    {
        QFETCH(QString, name);
        QFETCH(QString, why);
        const std::size_t before = m_server.count();
        const QString found = fetch(client(), name);
        QVERIFY2(found.contains(why), qPrintable(found));
        QCOMPARE(m_server.count(), before);
    }
};

QTEST_GUILESS_MAIN(AzureKeyVaultTest)
#include "tst_azure_key_vault.moc"
