#include "gateway/secrets/azure_key_vault.h"

#include "gateway/secrets/json_field.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <array>

namespace delta::secrets {

using namespace Qt::StringLiterals;
using ports::SecretFailure;

namespace {

const QString people = u"Azure Key Vault"_s;
const QString usualCloud = u"vault.azure.net"_s;
/// The clouds, by the end of their vaults' names. A token goes nowhere else.
constexpr std::array clouds{"vault.azure.net"_L1, "vault.azure.cn"_L1,
                            "vault.usgovcloudapi.net"_L1};
const QString usualAuthority = u"https://login.microsoftonline.com"_s;
/// It speaks http only, and is reached by machines of the cloud only.
const QString metadataAddress = u"http://169.254.169.254"_s;
constexpr auto metadataPath = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=";

/// Where a secret lies.
struct Place {
    QString url;      ///< Of the secret.
    QString resource; ///< What a token must be for.
};

std::unexpected<SecretFailure> noPlace()
{
    return lasting(u"azure.keyvault/ must be followed by VAULT/SECRET or "
                   "https://VAULT.vault.azure.net/secrets/SECRET, with or without /VERSION"_s);
}

/// Reads the short form.
std::expected<Place, SecretFailure> placeOf(const QString &name)
{
    static const QRegularExpression form(
        u"^([A-Za-z0-9-]{3,24})/([A-Za-z0-9-]{1,127})(/[0-9A-Za-z]{1,64})?$"_s);
    const auto match = form.match(name);
    if (!match.hasMatch()) {
        return noPlace();
    }
    return Place{u"https://%1.%2/secrets/%3%4"_s.arg(match.captured(1), usualCloud,
                                                     match.captured(2), match.captured(3)),
                 u"https://"_s + usualCloud};
}

/// Reads the long form.
std::expected<Place, SecretFailure> placeOfUrl(const QString &text)
{
    static const QRegularExpression form(u"^/secrets/[A-Za-z0-9-]{1,127}(/[0-9A-Za-z]{1,64})?$"_s);
    const auto url = safeAddress(text, u"the address of the vault"_s);
    if (!url) {
        return std::unexpected(url.error());
    }
    const QUrl parts(*url);
    if (!form.match(parts.path()).hasMatch()) {
        return noPlace();
    }
    if (parts.scheme() == "http"_L1) { // On this machine, as safeAddress() says.
        return Place{*url, u"https://"_s + usualCloud};
    }
    const auto cloud = std::ranges::find_if(
        clouds, [&](auto end) { return parts.host().endsWith(u'.' + QString(end)); });
    if (cloud == clouds.end()) {
        return lasting(u"%1 is no vault of Azure, so it gets no token"_s.arg(parts.host()));
    }
    return Place{*url, u"https://"_s + *cloud};
}

} // namespace

AzureKeyVault::AzureKeyVault(const QProcessEnvironment &environment, const ManagerCaller &caller)
    : m_environment(environment)
    , m_caller(caller)
{
}

FoundSecret AzureKeyVault::fetch(const QString &name)
{
    const auto place = name.contains("://"_L1) ? placeOfUrl(name) : placeOf(name);
    if (!place) {
        return std::unexpected(place.error());
    }
    const FoundSecret asker = token(place->resource);
    if (!asker) {
        return asker;
    }
    ManagerQuestion question{people, {"GET", Secret(place->url.toUtf8() + "?api-version=7.4")}};
    question.request.fields = {{"authorization", "Bearer " + asker->reveal()}};
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(body.error());
    }
    return textOf(body->value("value"_L1), people);
}

FoundSecret AzureKeyVault::token(const QString &resource)
{
    if (!m_token || m_resource != resource) {
        const bool hasPassword = !m_environment.value(u"AZURE_CLIENT_SECRET"_s).isEmpty();
        m_token = hasPassword ? tokenByPassword(resource) : tokenOfMachine(resource);
        m_resource = resource;
    }
    return *m_token;
}

FoundSecret AzureKeyVault::tokenByPassword(const QString &resource) const
{
    const QString tenant = m_environment.value(u"AZURE_TENANT_ID"_s);
    const QString client = m_environment.value(u"AZURE_CLIENT_ID"_s);
    if (tenant.isEmpty() || client.isEmpty()) {
        return lasting(u"the environment variables AZURE_TENANT_ID and AZURE_CLIENT_ID must be set "
                       "beside AZURE_CLIENT_SECRET"_s);
    }
    const QString variable = u"AZURE_AUTHORITY_HOST"_s;
    const QString given = m_environment.value(variable);
    const auto authority = safeAddress(given.isEmpty() ? usualAuthority : given, variable);
    if (!authority) {
        return std::unexpected(authority.error());
    }
    const QByteArray url = authority->toUtf8() + '/' + encoded(tenant) + "/oauth2/v2.0/token";
    ManagerQuestion question{u"the giver of tokens of Azure"_s, {"POST", Secret(url)}};
    question.request.fields = {{"content-type", "application/x-www-form-urlencoded"}};
    question.request.body = Secret("grant_type=client_credentials&client_id=" + encoded(client)
                                   + "&client_secret="
                                   + encoded(m_environment.value(u"AZURE_CLIENT_SECRET"_s))
                                   + "&scope=" + encoded(resource + u"/.default"_s));
    return tokenFrom(question);
}

FoundSecret AzureKeyVault::tokenOfMachine(const QString &resource) const
{
    QString address = metadataAddress;
    const QString variable = u"AZURE_POD_IDENTITY_AUTHORITY_HOST"_s;
    if (const QString given = m_environment.value(variable); !given.isEmpty()) {
        const auto safe = safeAddress(given, variable);
        if (!safe) {
            return std::unexpected(safe.error());
        }
        address = *safe;
    }
    QByteArray url = address.toUtf8() + metadataPath + encoded(resource);
    if (const QString client = m_environment.value(u"AZURE_CLIENT_ID"_s); !client.isEmpty()) {
        url += "&client_id=" + encoded(client);
    }
    ManagerQuestion question{u"the metadata server of Azure"_s, {"GET", Secret(url)}};
    question.request.fields = {{"metadata", "true"}};
    FoundSecret found = tokenFrom(question);
    if (!found) {
        found.error().reason +=
            u". Without AZURE_CLIENT_SECRET the machine's managed identity asks"_s;
    }
    return found;
}

FoundSecret AzureKeyVault::tokenFrom(const ManagerQuestion &question) const
{
    const auto body = m_caller.askForObject(question);
    if (!body) {
        return std::unexpected(body.error());
    }
    return textOf(body->value("access_token"_L1), question.manager);
}

} // namespace delta::secrets
