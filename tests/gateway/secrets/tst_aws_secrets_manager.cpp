#include "gateway/secrets/aws_secrets_manager.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QRegularExpression>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using delta::test::ScriptedRequest;

namespace {

QByteArray hmac(const QByteArray &key, const QByteArray &text)
{
    return QMessageAuthenticationCode::hash(text, key, QCryptographicHash::Sha256);
}

QByteArray sha(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

/// Works out, as the service does, which signature a request must have from what of it arrived.
QByteArray signatureOf(const ScriptedRequest &request, const QString &names)
{
    const QByteArray time = request.field("x-amz-date");
    const QByteArray day = time.left(8);
    QByteArray canonical = "POST\n/\n\n";
    for (const QString &name : names.split(u';')) {
        canonical += name.toLatin1() + ':' + request.field(name.toLatin1()) + '\n';
    }
    canonical += '\n' + names.toLatin1() + '\n' + sha(request.body);
    const QByteArray text = "AWS4-HMAC-SHA256\n" + time + '\n' + day
        + "/eu-central-1/secretsmanager/aws4_request\n" + sha(canonical);
    const QByteArray key = hmac(
        hmac(hmac(hmac("AWS4secret-of-aws", day), "eu-central-1"), "secretsmanager"),
        "aws4_request");
    return hmac(key, text).toHex();
}

QByteArray refused(const char *type)
{
    return reply(400, QByteArray("{\"__type\":\"") + type + "\",\"Message\":\"no\"}");
}

/// A Secrets Manager that takes nothing that is not signed in full.
QByteArray manager(const ScriptedRequest &request)
{
    static const QRegularExpression form(
        u"^AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-central-1/secretsmanager/aws4_request, "
        "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$"_s);
    const auto match = form.match(QString::fromLatin1(request.field("authorization")));
    const bool hasToken = !request.field("x-amz-security-token").isNull();
    const QString all = hasToken
        ? u"content-type;host;x-amz-date;x-amz-security-token;x-amz-target"_s
        : u"content-type;host;x-amz-date;x-amz-target"_s;
    if (match.captured(1) != all
        || match.captured(2).toLatin1() != signatureOf(request, match.captured(1))) {
        return refused("InvalidSignatureException");
    }
    if (request.requestLine() != "POST / HTTP/1.1"
        || request.field("x-amz-target") != "secretsmanager.GetSecretValue"
        || request.field("content-type") != "application/x-amz-json-1.1") {
        return refused("UnknownOperationException");
    }
    if (request.body == "{\"SecretId\":\"prod/app\"}" && !hasToken) {
        return reply(200,
                     "{\"Name\":\"prod/app\",\"SecretString\":\"{\\\"key\\\":\\\"sk-aws\\\"}\"}");
    }
    if (request.body
        == "{\"SecretId\":\"arn:aws:secretsmanager:eu-central-1:1:secret:x-AbCdEf\"}") {
        return reply(200,
                     hasToken ? "{\"SecretString\":\"with a session\"}"
                              : "{\"SecretString\":\"by its ARN\"}");
    }
    return request.body.contains("binary") ? reply(200, "{\"SecretBinary\":\"AAAA\"}")
                                           : refused("ResourceNotFoundException");
}

} // namespace

class AwsSecretsManagerTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;
    const ManagerCaller m_caller{m_clock};
    const ManagerServer m_server{manager};

    [[nodiscard]] QProcessEnvironment environment() const
    {
        return environmentOf({{"AWS_ACCESS_KEY_ID", u"AKID"_s},
                              {"AWS_SECRET_ACCESS_KEY", u"secret-of-aws"_s},
                              {"AWS_REGION", u"eu-central-1"_s},
                              {"AWS_ENDPOINT_URL_SECRETS_MANAGER", m_server.address()}});
    }
    [[nodiscard]] QString fetch(const QProcessEnvironment &environment, const QString &name) const
    {
        return shown(AwsSecretsManager(environment, m_caller, m_clock).fetch(name));
    }

private Q_SLOTS:
    void signsItsQuestion()
    {
        QCOMPARE(fetch(environment(), u"prod/app"_s), u"{\"key\":\"sk-aws\"}"_s);
    }

    void takesTheRegionFromAnArn()
    {
        auto noRegion = environment();
        noRegion.remove(u"AWS_REGION"_s);
        const QString arn = u"arn:aws:secretsmanager:eu-central-1:1:secret:x-AbCdEf"_s;
        QCOMPARE(fetch(noRegion, arn), u"by its ARN"_s);
        auto other = environment();
        other.insert(u"AWS_REGION"_s, u"us-west-2"_s);
        QCOMPARE(fetch(other, arn), u"by its ARN"_s);
    }

    void signsTheTokenOfASession()
    {
        auto session = environment();
        session.insert(u"AWS_SESSION_TOKEN"_s, u"token/of+session=="_s);
        QCOMPARE(fetch(session, u"arn:aws:secretsmanager:eu-central-1:1:secret:x-AbCdEf"_s),
                 u"with a session"_s);
    }

    void saysWhatIsWrong()
    {
        QCOMPARE(fetch(environment(), u"none"_s),
                 u"failed: AWS Secrets Manager does not have it (404): is the name right?"_s);
        QCOMPARE(fetch(environment(), u"binary"_s),
                 u"failed: AWS Secrets Manager answers without a secret in it"_s);
        auto wrong = environment();
        wrong.insert(u"AWS_SECRET_ACCESS_KEY"_s, u"another"_s);
        QCOMPARE(fetch(wrong, u"prod/app"_s),
                 u"failed: AWS Secrets Manager refuses it (403): are the credentials good, and may "
                 "they read it?"_s);
    }

    void saysWhatIsMissing()
    {
        const std::size_t before = m_server.count();
        auto noKey = environment();
        noKey.remove(u"AWS_SECRET_ACCESS_KEY"_s);
        QVERIFY(fetch(noKey, u"prod/app"_s).contains(u"AWS_SECRET_ACCESS_KEY must be set"_s));
        auto noRegion = environment();
        noRegion.remove(u"AWS_REGION"_s);
        QVERIFY(fetch(noRegion, u"prod/app"_s).contains(u"AWS_REGION must be set"_s));
        noRegion.insert(u"AWS_DEFAULT_REGION"_s, u"evil.example.com/"_s);
        QVERIFY(fetch(noRegion, u"prod/app"_s).contains(u"AWS_REGION must be set"_s));
        auto open = environment();
        open.insert(u"AWS_ENDPOINT_URL_SECRETS_MANAGER"_s, u"http://10.0.0.1"_s);
        QVERIFY(fetch(open, u"prod/app"_s).contains(u"http is for this machine only"_s));
        QVERIFY(fetch(environment(), u""_s).contains(u"its ARN"_s));
        QCOMPARE(m_server.count(), before);
    }
};

QTEST_GUILESS_MAIN(AwsSecretsManagerTest)
#include "tst_aws_secrets_manager.moc"
