#include "gateway/secrets/vault_manager.h"

#include "gateway/secrets/local_secrets.h"

#include <QDir>
#include <QJsonDocument>
#include <QStringList>

#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;
using ports::SecretFailure;

namespace {

const QString people = u"Vault"_s;

/// Returns a path for a URL, with its slashes.
QByteArray encodedPath(const QString &path)
{
    return QUrl::toPercentEncoding(path, "/");
}

bool hasDots(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return parts.contains(u""_s) || parts.contains(u"."_s) || parts.contains(u".."_s);
}

/// Returns the fields of an answer. Those of version 2 lie one level deeper, beside what is known of them.
QJsonObject fieldsOf(const QJsonObject &body)
{
    const QJsonObject data = body.value("data"_L1).toObject();
    const bool isSecond = data.value("data"_L1).isObject() && data.value("metadata"_L1).isObject();
    return isSecond ? data.value("data"_L1).toObject() : data;
}

} // namespace

VaultManager::VaultManager(const QProcessEnvironment &environment, const ManagerCaller &caller)
    : m_environment(environment)
    , m_caller(caller)
{
}

FoundSecret VaultManager::fetch(const QString &name)
{
    const QString mount = name.section(u'/', 0, 0);
    const QString path = name.section(u'/', 1);
    if (mount.isEmpty() || path.isEmpty() || hasDots(name)) {
        return lasting(u"vault/ must be followed by mount/path#field"_s);
    }
    const QString variable = u"VAULT_ADDR"_s;
    if (m_environment.value(variable).isEmpty()) {
        return lasting(u"the environment variable VAULT_ADDR is not set"_s);
    }
    const auto address = safeAddress(m_environment.value(variable), variable);
    if (!address) {
        return std::unexpected(address.error());
    }
    const FoundSecret asker = token();
    if (!asker) {
        return asker;
    }
    // Which version an engine has only its administrators may ask. One of version 1 knows no such path, or its
    // policies do not speak of it.
    FoundSecret second = read(encodedPath(mount) + "/data/" + encodedPath(path), *asker, *address);
    if (second || second.error().kind == SecretFailure::Kind::Passing) {
        return second;
    }
    FoundSecret first = read(encodedPath(mount) + '/' + encodedPath(path), *asker, *address);
    return first ? first : second;
}

/// Returns who asks.
FoundSecret VaultManager::token() const
{
    if (const QString token = m_environment.value(u"VAULT_TOKEN"_s); !token.isEmpty()) {
        return Secret(token.toUtf8());
    }
    QString file = m_environment.value(u"VAULT_TOKEN_FILE"_s);
    if (file.isEmpty()) {
        file = QDir::homePath() + u"/.vault-token"_s;
    }
    FoundSecret token = readSecretFile(file);
    if (!token) {
        return lasting(
            u"no token for Vault: VAULT_TOKEN is not set, and %1"_s.arg(token.error().reason));
    }
    Secret trimmed(token->reveal().trimmed());
    if (trimmed.isEmpty()) {
        return lasting(u"no token for Vault: the file %1 is empty"_s.arg(file));
    }
    return trimmed;
}

FoundSecret VaultManager::read(const QByteArray &path, const Secret &token,
                               const QString &address) const
{
    ManagerQuestion question{people, {"GET", Secret(address.toUtf8() + "/v1/" + path)}};
    question.request.fields = {{"X-Vault-Token", token.reveal()}, {"X-Vault-Request", "true"}};
    if (const QString space = m_environment.value(u"VAULT_NAMESPACE"_s); !space.isEmpty()) {
        question.request.fields.push_back({"X-Vault-Namespace", space.toUtf8()});
    }
    question.caFile = m_environment.value(u"VAULT_CACERT"_s).toUtf8();
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(body.error());
    }
    const QJsonObject fields = fieldsOf(*body);
    if (fields.isEmpty()) {
        return lasting(u"Vault answers without a secret in it"_s);
    }
    return Secret(QJsonDocument(fields).toJson(QJsonDocument::Compact));
}

} // namespace delta::secrets
