#include "gateway/secrets/aws_secrets_manager.h"

#include "gateway/secrets/json_field.h"
#include "shared/core/quoted.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

namespace delta::secrets {

using namespace Qt::StringLiterals;
using ports::SecretFailure;

namespace {

const QString people = u"AWS Secrets Manager"_s;
constexpr int success = 200;

/// Returns what a refusal means. What is wrong stands in the answer, whose status says little.
SecretFailure failureOf(const ManagerAnswer &answer)
{
    const QString type = answer.body.value("__type"_L1).toString().section(u'#', -1);
    if (type == "ResourceNotFoundException"_L1) {
        return refusal(people, 404);
    }
    if (type == "ThrottlingException"_L1) {
        return {u"%1 has no time now; try again"_s.arg(people), SecretFailure::Kind::Passing};
    }
    if (type == "ExpiredTokenException"_L1) {
        return {u"%1 says that AWS_SESSION_TOKEN has expired"_s.arg(people)};
    }
    const bool isRefused = type == "AccessDeniedException"_L1
        || type == "UnrecognizedClientException"_L1 || type == "InvalidSignatureException"_L1
        || type == "IncompleteSignatureException"_L1
        || type == "MissingAuthenticationTokenException"_L1;
    if (isRefused || type.isEmpty()) {
        return refusal(people, isRefused ? 403 : answer.status);
    }
    return {u"%1 refuses it: %2"_s.arg(people, quoted(type))};
}

bool isRegion(const QString &text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
    });
}

} // namespace

AwsSecretsManager::AwsSecretsManager(const QProcessEnvironment &environment,
                                     const ManagerCaller &caller, const Clock &clock)
    : m_environment(environment)
    , m_caller(caller)
    , m_clock(clock)
{
}

FoundSecret AwsSecretsManager::fetch(const QString &name)
{
    if (name.isEmpty()) {
        return lasting(
            u"aws.secretsmanager/ must be followed by the name of a secret or its ARN"_s);
    }
    const QByteArray accessKey = m_environment.value(u"AWS_ACCESS_KEY_ID"_s).toUtf8();
    const Secret secretKey(m_environment.value(u"AWS_SECRET_ACCESS_KEY"_s).toUtf8());
    if (accessKey.isEmpty() || secretKey.isEmpty()) {
        return lasting(u"the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                       "must be set"_s);
    }
    const QString region = regionOf(name);
    if (!isRegion(region)) {
        return lasting(u"the environment variable AWS_REGION must be set, such as eu-central-1"_s);
    }
    const auto address = addressOf(region);
    if (!address) {
        return std::unexpected(address.error());
    }
    const AwsSigner signer{accessKey, secretKey, region.toLatin1(), "secretsmanager"};
    const auto answer = m_caller.ask(questionFor(name, *address, signer));
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (answer->status != success) {
        return std::unexpected(failureOf(*answer));
    }
    return textOf(answer->body.value("SecretString"_L1), people);
}

/// Returns the signed question for a secret.
ManagerQuestion AwsSecretsManager::questionFor(const QString &name, const QString &address,
                                               const AwsSigner &signer) const
{
    AwsRequest covered{
        .method = "POST",
        .path = "/",
        .fields = {{"content-type", "application/x-amz-json-1.1"},
                   {"host", QUrl(address).authority().toUtf8()},
                   {"x-amz-target", "secretsmanager.GetSecretValue"}},
        .body = QJsonDocument(QJsonObject{{u"SecretId"_s, name}}).toJson(QJsonDocument::Compact)};
    if (const QByteArray session = m_environment.value(u"AWS_SESSION_TOKEN"_s).toUtf8();
        !session.isEmpty()) {
        covered.fields.emplace_back("x-amz-security-token", session);
    }
    ManagerQuestion question{people, {"POST", Secret(address.toUtf8() + '/')}};
    question.request.fields = covered.fields;
    for (const auto &field : awsSignature(signer, covered, m_clock.wall())) {
        question.request.fields.push_back(field);
    }
    question.request.body = Secret(covered.body);
    question.caFile = m_environment.value(u"AWS_CA_BUNDLE"_s).toUtf8();
    return question;
}

/// An ARN is arn:aws:secretsmanager:region:account:secret:name.
QString AwsSecretsManager::regionOf(const QString &name) const
{
    if (name.startsWith("arn:"_L1)) {
        return name.section(u':', 3, 3);
    }
    const QString region = m_environment.value(u"AWS_REGION"_s);
    return region.isEmpty() ? m_environment.value(u"AWS_DEFAULT_REGION"_s) : region;
}

std::expected<QString, SecretFailure> AwsSecretsManager::addressOf(const QString &region) const
{
    const QString variable = u"AWS_ENDPOINT_URL_SECRETS_MANAGER"_s;
    if (const QString given = m_environment.value(variable); !given.isEmpty()) {
        return safeAddress(given, variable);
    }
    const QString domain = region.startsWith("cn-"_L1) ? u"amazonaws.com.cn"_s : u"amazonaws.com"_s;
    return u"https://secretsmanager.%1.%2"_s.arg(region, domain);
}

} // namespace delta::secrets
