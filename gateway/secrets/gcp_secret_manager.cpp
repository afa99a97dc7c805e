#include "gateway/secrets/gcp_secret_manager.h"

#include "gateway/secrets/json_field.h"
#include "gateway/secrets/service_account.h"

#include <QRegularExpression>

#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

const QString people = u"Google Cloud Secret Manager"_s;
const QString metadata = u"the metadata server of Google Cloud"_s;
const QString usualAddress = u"https://secretmanager.googleapis.com"_s;
/// It speaks http only, and is reached by machines of Google Cloud only.
const QString metadataAddress = u"http://metadata.google.internal"_s;
constexpr auto tokenPath = "/computeMetadata/v1/instance/service-accounts/default/token";

} // namespace

GcpSecretManager::GcpSecretManager(const QProcessEnvironment &environment,
                                   const ManagerCaller &caller, const Clock &clock)
    : m_environment(environment)
    , m_caller(caller)
    , m_clock(clock)
{
}

FoundSecret GcpSecretManager::fetch(const QString &name)
{
    static const QRegularExpression form(
        u"^projects/[\\w.:-]+/secrets/[\\w-]+(/versions/[\\w-]+)?$"_s);
    if (!form.match(name).hasMatch()) {
        return lasting(u"gcp.secretmanager/ must be followed by projects/PROJECT/secrets/SECRET, "
                       "with or without /versions/VERSION"_s);
    }
    const QString variable = u"CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"_s;
    const QString given = m_environment.value(variable);
    const auto address = safeAddress(given.isEmpty() ? usualAddress : given, variable);
    if (!address) {
        return std::unexpected(address.error());
    }
    const FoundSecret asker = token();
    if (!asker) {
        return asker;
    }
    const QString version = name.contains("/versions/"_L1) ? name : name + u"/versions/latest"_s;
    const QString url = u"%1/v1/%2:access"_s.arg(*address, version);
    ManagerQuestion question{people, {"GET", Secret(url.toUtf8())}};
    question.request.fields = {{"authorization", "Bearer " + asker->reveal()}};
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(body.error());
    }
    const FoundSecret data = textOf(body->value("payload"_L1).toObject().value("data"_L1), people);
    if (!data) {
        return data;
    }
    auto decoded = QByteArray::fromBase64Encoding(data->reveal(),
                                                  QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) {
        return lasting(u"%1 answers without a secret in it"_s.arg(people));
    }
    return Secret(std::move(decoded.decoded));
}

FoundSecret GcpSecretManager::token()
{
    if (!m_token) {
        const QString path = m_environment.value(u"GOOGLE_APPLICATION_CREDENTIALS"_s);
        m_token = path.isEmpty() ? tokenOfMachine() : tokenByKey(path);
    }
    return *m_token;
}

FoundSecret GcpSecretManager::tokenByKey(const QString &path) const
{
    const auto account = readServiceAccount(path);
    if (!account) {
        return std::unexpected(account.error());
    }
    const FoundSecret assertion = signedAssertion(*account, m_clock.wall());
    if (!assertion) {
        return assertion;
    }
    const QString giver = u"the giver of tokens of Google Cloud"_s;
    ManagerQuestion question{giver, {"POST", Secret(account->tokenUri.toUtf8())}};
    question.request.fields = {{"content-type", "application/x-www-form-urlencoded"}};
    question.request.body = Secret(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
        + assertion->reveal());
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(body.error());
    }
    return textOf(body->value("access_token"_L1), giver);
}

FoundSecret GcpSecretManager::tokenOfMachine() const
{
    QString address = metadataAddress;
    if (const QString host = m_environment.value(u"GCE_METADATA_HOST"_s); !host.isEmpty()) {
        const auto given = safeAddress(u"http://"_s + host, u"GCE_METADATA_HOST"_s);
        if (!given) {
            return std::unexpected(given.error());
        }
        address = *given;
    }
    ManagerQuestion question{metadata, {"GET", Secret(address.toUtf8() + tokenPath)}};
    question.request.fields = {{"metadata-flavor", "Google"}};
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(ports::SecretFailure{
            body.error().reason
                + u". Without GOOGLE_APPLICATION_CREDENTIALS the machine's own account asks"_s,
            body.error().kind});
    }
    return textOf(body->value("access_token"_L1), metadata);
}

} // namespace delta::secrets
