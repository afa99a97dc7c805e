#include "gateway/secrets/vault_manager.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using delta::test::ScriptedPeer;
using delta::test::ScriptedRequest;
using delta::test::ScriptedServer;
using delta::test::TlsFiles;

namespace {

const QByteArray secondVersion = "{\"data\":{\"data\":{\"key\":\"sk-2\",\"n\":7},\"metadata\":{"
                                 "\"version\":3}},\"lease_id\":\"\"}";
const QByteArray firstVersion = "{\"data\":{\"key\":\"sk-1\"},\"lease_duration\":2764800}";

/// A Vault with an engine of version 2 at "secret" and one of version 1 at "old".
QByteArray vault(const ScriptedRequest &request)
{
    if (request.field("x-vault-token") != "s.token" || request.field("x-vault-request") != "true") {
        return reply(403, "{\"errors\":[\"permission denied\"]}");
    }
    if (request.requestLine() == "GET /v1/secret/data/team/app%20one HTTP/1.1") {
        return reply(200, secondVersion);
    }
    if (request.requestLine() == "GET /v1/old/app HTTP/1.1") {
        return reply(200, firstVersion);
    }
    // Policies of an engine of version 1 do not speak of such paths.
    return request.path().startsWith("/v1/old/data/") ? reply(403, "{}") : reply(404, "{}");
}

} // namespace

class VaultManagerTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;
    const ManagerCaller m_caller{m_clock};

    [[nodiscard]] FoundSecret fetch(const QProcessEnvironment &environment,
                                    const QString &name) const
    {
        return VaultManager(environment, m_caller).fetch(name);
    }

private Q_SLOTS:
    void readsEnginesOfBothVersions()
    {
        const ManagerServer server(vault);
        const auto environment = environmentOf(
            {{"VAULT_ADDR", server.address() + u'/'}, {"VAULT_TOKEN", u"s.token"_s}});
        QCOMPARE(shown(fetch(environment, u"secret/team/app one"_s)),
                 u"{\"key\":\"sk-2\",\"n\":7}"_s);
        QCOMPARE(shown(fetch(environment, u"old/app"_s)), u"{\"key\":\"sk-1\"}"_s);
        QCOMPARE(shown(fetch(environment, u"secret/none"_s)),
                 u"failed: Vault does not have it (404): is the name right?"_s);
    }

    void takesTheTokenFromAFile()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("s.token\n") > 0);
        file.close();
        const ManagerServer server(vault);
        const auto environment = environmentOf(
            {{"VAULT_ADDR", server.address()}, {"VAULT_TOKEN_FILE", file.fileName()}});
        QCOMPARE(shown(fetch(environment, u"old/app"_s)), u"{\"key\":\"sk-1\"}"_s);
        QVERIFY(file.remove());
        QCOMPARE(shown(fetch(environment, u"old/app"_s)),
                 u"failed: no token for Vault: VAULT_TOKEN is not set, and there is no file "_s
                     + file.fileName());
    }

    void namesItsNamespace()
    {
        const ManagerServer server([](const ScriptedRequest &request) {
            return request.field("x-vault-namespace") == "team-a" ? reply(200, firstVersion)
                                                                  : reply(404, "{}");
        });
        const auto environment = environmentOf({{"VAULT_ADDR", server.address()},
                                                {"VAULT_TOKEN", u"t"_s},
                                                {"VAULT_NAMESPACE", u"team-a"_s}});
        QCOMPARE(shown(fetch(environment, u"old/app"_s)), u"{\"key\":\"sk-1\"}"_s);
    }

    void trustsTheAuthorityThatItIsToldOf()
    {
        const TlsFiles files;
        const auto script = [](ScriptedPeer &peer) {
            while (peer.readRequest()) {
                peer.send(reply(200, firstVersion));
            }
        };
        ScriptedServer server(script, {files.localhost()});
        const QString address = u"https://localhost:%1"_s.arg(server.port());
        const auto unknown = environmentOf({{"VAULT_ADDR", address}, {"VAULT_TOKEN", u"t"_s}});
        QVERIFY(!fetch(unknown, u"old/app"_s));
        auto known = unknown;
        known.insert(u"VAULT_CACERT"_s, QString::fromUtf8(files.caFile()));
        QCOMPARE(shown(fetch(known, u"old/app"_s)), u"{\"key\":\"sk-1\"}"_s);
    }

    void saysWhatIsMissing_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("why");
        const QString form = u"vault/ must be followed by mount/path#field"_s;
        const QString unsafe =
            u"VAULT_ADDR must be an address such as https://secrets.example.com; "
            "http is for this machine only"_s;
        const QString good = u"https://127.0.0.1:1"_s;
        QTest::newRow("no path") << good << u"secret"_s << form;
        QTest::newRow("empty path") << good << u"secret/"_s << form;
        QTest::newRow("dots") << good << u"secret/../sys/seal"_s << form;
        QTest::newRow("two slashes") << good << u"secret//app"_s << form;
        QTest::newRow("no address")
            << QString() << u"secret/app"_s << u"the environment variable VAULT_ADDR is not set"_s;
        QTest::newRow("http") << u"http://vault.example.com"_s << u"secret/app"_s << unsafe;
        QTest::newRow("a password") << u"https://a:b@v.example.com"_s << u"secret/app"_s << unsafe;
        QTest::newRow("no scheme") << u"vault:8200"_s << u"secret/app"_s << unsafe;
    }

    void saysWhatIsMissing()
    {
        QFETCH(QString, address);
        QFETCH(QString, name);
        QFETCH(QString, why);
        const auto environment = environmentOf({{"VAULT_ADDR", address}, {"VAULT_TOKEN", u"t"_s}});
        QCOMPARE(shown(fetch(environment, name)), u"failed: "_s + why);
    }

    void sendsNoTokenOfTwoLines()
    {
        const ManagerServer server(vault);
        const auto environment = environmentOf(
            {{"VAULT_ADDR", server.address()}, {"VAULT_TOKEN", u"s.token\r\nX-Other: y"_s}});
        QVERIFY(!fetch(environment, u"old/app"_s));
        QCOMPARE(server.count(), 0U);
    }
};

QTEST_GUILESS_MAIN(VaultManagerTest)
#include "tst_vault_manager.moc"
