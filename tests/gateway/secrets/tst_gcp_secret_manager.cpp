#include "gateway/secrets/gcp_secret_manager.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using delta::test::ScriptedRequest;

namespace {

constexpr auto options = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// The pair of keys of a service account.
class RsaKey
{
public:
    RsaKey()
        : m_key(EVP_RSA_gen(2048), &EVP_PKEY_free)
    {
    }
    [[nodiscard]] QString pem() const
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> target(BIO_new(BIO_s_mem()), &BIO_free);
        PEM_write_bio_PrivateKey(target.get(), m_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char *text = nullptr;
        const long length = BIO_get_mem_data(target.get(), &text);
        return QString::fromLatin1(text, length);
    }
    [[nodiscard]] bool hasSigned(const QByteArray &text, const QByteArray &signature) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        const auto bytes = [](const QByteArray &array) {
            return reinterpret_cast<const unsigned char *>(array.constData());
        };
        return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1
            && EVP_DigestVerify(context.get(), bytes(signature), std::size_t(signature.size()),
                                bytes(text), std::size_t(text.size()))
            == 1;
    }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> m_key;
};

QJsonObject decoded(const QByteArray &part)
{
    return QJsonDocument::fromJson(QByteArray::fromBase64(part, options)).object();
}

QByteArray payload(const QByteArray &secret)
{
    return "{\"name\":\"x\",\"payload\":{\"data\":\"" + secret.toBase64() + "\"}}";
}

} // namespace

class GcpSecretManagerTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;
    const ManagerCaller m_caller{m_clock};
    const RsaKey m_key;
    QTemporaryDir m_folder;
    const ManagerServer m_server{
        [this](const ScriptedRequest &request) { return answer(request); }};

    /// Says whether a text is what the service account would sign to get a token from this server.
    [[nodiscard]] bool isAssertion(const QByteArray &text) const
    {
        const QByteArrayList parts = text.split('.');
        const QJsonObject head = decoded(parts.value(0));
        const QJsonObject claims = decoded(parts.value(1));
        return parts.size() == 3
            && head
            == QJsonObject{{u"alg"_s, u"RS256"_s}, {u"typ"_s, u"JWT"_s}, {u"kid"_s, u"key-1"_s}}
        && claims
            == QJsonObject{{u"iss"_s, u"app@p.iam.gserviceaccount.com"_s},
                           {u"scope"_s, u"https://www.googleapis.com/auth/cloud-platform"_s},
                           {u"aud"_s, m_server.address() + u"/token"_s},
                           {u"iat"_s, 1'800'000'000},
                           {u"exp"_s, 1'800'003'600}}
        && m_key.hasSigned(parts[0] + '.' + parts[1], QByteArray::fromBase64(parts[2], options));
    }
    /// Plays all servers of the cloud.
    [[nodiscard]] QByteArray answer(const ScriptedRequest &request) const
    {
        const QByteArray line = request.requestLine();
        if (line == "POST /token HTTP/1.1") {
            const QByteArray begin =
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
            const bool isGood = request.body.startsWith(begin)
                && isAssertion(request.body.sliced(begin.size()));
            return isGood ? reply(200, "{\"access_token\":\"of-account\",\"expires_in\":3599}")
                          : reply(400, "{\"error\":\"invalid_grant\"}");
        }
        if (line == "GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.1") {
            return request.field("metadata-flavor") == "Google"
                ? reply(200, "{\"access_token\":\"of-machine\"}")
                : reply(403, "{}");
        }
        if (line == "GET /v1/projects/p/secrets/s/versions/latest:access HTTP/1.1"
            && request.field("authorization") == "Bearer of-account") {
            return reply(200, payload("newest"));
        }
        if (line == "GET /v1/projects/p/secrets/s/versions/3:access HTTP/1.1"
            && request.field("authorization") == "Bearer of-machine") {
            return reply(200, payload("third"));
        }
        return reply(404, "{\"error\":{\"code\":404}}");
    }
    [[nodiscard]] QProcessEnvironment machine() const
    {
        return environmentOf(
            {{"CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", m_server.address() + u'/'},
             {"GCE_METADATA_HOST", m_server.address().sliced(7)}});
    }
    /// Returns an environment with a key file.
    [[nodiscard]] QProcessEnvironment account(const QJsonObject &change = {}) const
    {
        QJsonObject fields{{u"type"_s, u"service_account"_s},
                           {u"client_email"_s, u"app@p.iam.gserviceaccount.com"_s},
                           {u"private_key_id"_s, u"key-1"_s},
                           {u"private_key"_s, m_key.pem()},
                           {u"token_uri"_s, m_server.address() + u"/token"_s}};
        for (const QString &name : change.keys()) {
            fields.insert(name, change.value(name));
        }
        QFile file(m_folder.filePath(u"account.json"_s));
        const bool isWritten = file.open(QIODevice::WriteOnly)
            && file.write(QJsonDocument(fields).toJson()) > 0;
        auto environment = machine();
        environment.insert(u"GOOGLE_APPLICATION_CREDENTIALS"_s,
                           isWritten ? file.fileName() : QString());
        return environment;
    }
    [[nodiscard]] QString fetch(const QProcessEnvironment &environment, const QString &name) const
    {
        return shown(GcpSecretManager(environment, m_caller, m_clock).fetch(name));
    }

private Q_SLOTS:
    void exchangesASignedAssertionForAToken()
    {
        QCOMPARE(fetch(account(), u"projects/p/secrets/s"_s), u"newest"_s);
    }

    void asksTheMachineWithoutAKeyFile()
    {
        QCOMPARE(fetch(machine(), u"projects/p/secrets/s/versions/3"_s), u"third"_s);
    }

    void asksForATokenOnce()
    {
        const auto environment = machine();
        GcpSecretManager manager(environment, m_caller, m_clock);
        const std::size_t before = m_server.count();
        QVERIFY(manager.fetch(u"projects/p/secrets/s/versions/3"_s));
        QVERIFY(manager.fetch(u"projects/p/secrets/s/versions/3"_s));
        QCOMPARE(m_server.count(), before + 3);
    }

    void saysWhatIsWrong()
    {
        QCOMPARE(
            fetch(machine(), u"projects/p/secrets/none"_s),
            u"failed: Google Cloud Secret Manager does not have it (404): is the name right?"_s);
        const RsaKey other;
        QCOMPARE(fetch(account({{u"private_key"_s, other.pem()}}), u"projects/p/secrets/s"_s),
                 u"failed: the giver of tokens of Google Cloud refuses it with the status 400"_s);
        QCOMPARE(fetch(account({{u"private_key"_s, u"no key"_s}}), u"projects/p/secrets/s"_s),
                 u"failed: the private_key of the service account app@p.iam.gserviceaccount.com is "
                 "no RSA key"_s);
        QVERIFY(
            fetch(account({{u"type"_s, u"authorized_user"_s}}), u"projects/p/secrets/s"_s)
                .contains(u"is the key of no service account; its type is 'authorized_user'"_s));
        QVERIFY(
            fetch(account({{u"token_uri"_s, u"http://example.com"_s}}), u"projects/p/secrets/s"_s)
                .contains(u"token_uri in "_s));
        auto absent = machine();
        absent.insert(u"GOOGLE_APPLICATION_CREDENTIALS"_s, u"/no/such"_s);
        QCOMPARE(fetch(absent, u"projects/p/secrets/s"_s),
                 u"failed: GOOGLE_APPLICATION_CREDENTIALS: there is no file /no/such"_s);
        auto elsewhere = machine();
        elsewhere.insert(u"GCE_METADATA_HOST"_s, u"metadata.example.com"_s);
        QVERIFY(fetch(elsewhere, u"projects/p/secrets/s"_s).contains(u"GCE_METADATA_HOST must"_s));
    }

    void takesNoOtherName_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"", "s", "projects/p", "projects/p/secrets/", "projects/p/secrets/s/",
              "projects/p/secrets/s/versions/", "projects/p/secrets/../x",
              "projects/p/secrets/s?a=b", "projects/p/secrets/s/versions/1/x"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void takesNoOtherName()
    {
        QFETCH(QString, name);
        QVERIFY(fetch(machine(), name).contains(u"must be followed by projects/PROJECT"_s));
    }
};

QTEST_GUILESS_MAIN(GcpSecretManagerTest)
#include "tst_gcp_secret_manager.moc"
