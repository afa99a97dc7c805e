#include "gateway/secrets/reference_source.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using delta::test::ScriptedRequest;

class ReferenceSourceTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;
    QTemporaryDir m_folder;

    /// Writes a file and returns the reference to it.
    [[nodiscard]] QString referenceTo(const QByteArray &content) const
    {
        QFile file(m_folder.filePath(u"secret"_s));
        const bool isWritten = file.open(QIODevice::WriteOnly)
            && file.write(content) == content.size();
        return isWritten ? u"file"_s + file.fileName() : QString();
    }
    [[nodiscard]] QString find(const QString &reference,
                               const QProcessEnvironment &environment = {}) const
    {
        return shown(ReferenceSource(environment, m_clock).find(reference));
    }

private Q_SLOTS:
    void readsAFileWithoutItsLastLineEnd_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("found");
        QTest::newRow("as it is") << QByteArray("sk-file") << u"sk-file"_s;
        QTest::newRow("a line") << QByteArray("sk-file\n") << u"sk-file"_s;
        QTest::newRow("a line of Windows") << QByteArray("sk-file\r\n") << u"sk-file"_s;
        QTest::newRow("two lines") << QByteArray("a\nb\n\n") << u"a\nb\n"_s;
        QTest::newRow("not only ASCII") << QByteArray("pässword") << u"pässword"_s;
        QTest::newRow("nothing") << QByteArray() << u"failed: the secret is empty"_s;
        QTest::newRow("an empty line") << QByteArray("\n") << u"failed: the secret is empty"_s;
        QTest::newRow("no text") << QByteArray("\xff\xfe") << u"failed: the secret is no text"_s;
        QTest::newRow("a zero") << QByteArray("a\0b", 3) << u"failed: the secret is no text"_s;
    }

    void readsAFileWithoutItsLastLineEnd()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, found);
        QCOMPARE(find(referenceTo(content)), found);
    }

    void saysWhyAFileCannotBeRead()
    {
        QCOMPARE(find(u"file/no/such"_s), u"failed: there is no file /no/such"_s);
        QCOMPARE(find(u"file//no//such"_s), u"failed: there is no file /no/such"_s);
        QCOMPARE(find(u"file"_s + m_folder.path()),
                 u"failed: %1 is not a plain file"_s.arg(m_folder.path()));
        const QString pipe = m_folder.filePath(u"pipe"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QCOMPARE(find(u"file"_s + pipe), u"failed: %1 is not a plain file"_s.arg(pipe));
        QVERIFY(find(referenceTo(QByteArray((64 << 10) + 1, 'a'))).contains(u"more than 65536"_s));
    }

    void readsACredentialOfSystemd()
    {
        QVERIFY(!referenceTo("sk-systemd\n").isEmpty());
        const auto environment = environmentOf({{"CREDENTIALS_DIRECTORY", m_folder.path()}});
        QCOMPARE(find(u"systemd/secret"_s, environment), u"sk-systemd"_s);
        QVERIFY(find(u"systemd/none"_s, environment).startsWith(u"failed: there is no file"_s));
        QVERIFY(find(u"systemd/secret"_s).contains(u"LoadCredential=secret:/path"_s));
        for (const QString &name : {u"systemd/"_s, u"systemd/.."_s, u"systemd/../secret"_s}) {
            QVERIFY(find(name, environment).contains(u"the name of a credential"_s));
        }
    }

    void takesAFieldOfAnObject_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("found");
        const auto row = [](const char *name, const char *content, const QString &found) {
            QTest::newRow(name) << QByteArray(content) << found;
        };
        row("a text", "{\"a b\":\"x\",\"key\":\"sk-\\u00e4\\n\"}", u"sk-ä"_s);
        row("a number", "{\"key\":12345678901}", u"12345678901"_s);
        row("true", "{\"key\":true}", u"true"_s);
        row("an object", "{\"key\":{\"b\":[1]}}", u"{\"b\":[1]}"_s);
        row("an empty text", "{\"key\":\"\"}", u"failed: the secret is empty"_s);
        row("null", "{\"key\":null}", u"failed: the secret has no field 'key'"_s);
        row("another field", "{\"Key\":\"x\"}", u"failed: the secret has no field 'key'"_s);
        row("no object", "sk-text",
            u"failed: the secret is no JSON object, so it has no field 'key'"_s);
        row("a list", "[\"key\"]",
            u"failed: the secret is no JSON object, so it has no field 'key'"_s);
    }

    void takesAFieldOfAnObject()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, found);
        QCOMPARE(find(referenceTo(content) + u"#key"_s), found);
    }

    void asksForASecretOnceForAllItsFields()
    {
        const ManagerServer server([](const ScriptedRequest &request) {
            return request.path().endsWith("/app")
                ? reply(200, "{\"data\":{\"data\":{\"a\":\"1\",\"b\":\"2\"},\"metadata\":{}}}")
                : reply(404, "{}");
        });
        const auto environment = environmentOf(
            {{"VAULT_ADDR", server.address()}, {"VAULT_TOKEN", u"t"_s}});
        ReferenceSource source(environment, m_clock);
        QCOMPARE(shown(source.find(u"vault/secret/app#a"_s)), u"1"_s);
        QCOMPARE(shown(source.find(u"vault/secret/app#b"_s)), u"2"_s);
        QCOMPARE(shown(source.find(u"vault/secret/app#c"_s)),
                 u"failed: the secret has no field 'c'"_s);
        QCOMPARE(server.count(), 1U);
        // Nor is one that is not there asked for again; both versions of the engine were.
        QVERIFY(!source.find(u"vault/secret/none#a"_s));
        QVERIFY(!source.find(u"vault/secret/none#b"_s));
        QCOMPARE(server.count(), 3U);
        QCOMPARE(shown(ReferenceSource(environment, m_clock).find(u"vault/secret/app#a"_s)),
                 u"1"_s);
        QCOMPARE(server.count(), 4U);
    }

    void wantsAFieldOfAVault()
    {
        QCOMPARE(find(u"vault/secret/app"_s),
                 u"failed: vault/mount/path must be followed by #field"_s);
        QCOMPARE(find(u"vault/secret/app#"_s),
                 u"failed: the name of a field must follow the '#'"_s);
    }

    void knowsEveryManager()
    {
        QVERIFY(find(u"aws.secretsmanager/x"_s).contains(u"AWS_ACCESS_KEY_ID"_s));
        QVERIFY(find(u"gcp.secretmanager/x"_s).contains(u"projects/PROJECT"_s));
        QVERIFY(find(u"azure.keyvault/x"_s).contains(u"VAULT/SECRET"_s));
        QVERIFY(find(u"vault/x#y"_s).contains(u"mount/path"_s));
        QCOMPARE(find(u"other/x"_s), u"failed: nobody here is called other"_s);
        QCOMPARE(find(u"other"_s), u"failed: nobody here is called other"_s);
    }
};

QTEST_GUILESS_MAIN(ReferenceSourceTest)
#include "tst_reference_source.moc"
