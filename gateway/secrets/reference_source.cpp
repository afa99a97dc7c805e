#include "gateway/secrets/reference_source.h"

#include "gateway/secrets/aws_secrets_manager.h"
#include "gateway/secrets/azure_key_vault.h"
#include "gateway/secrets/gcp_secret_manager.h"
#include "gateway/secrets/json_field.h"
#include "gateway/secrets/local_secrets.h"
#include "gateway/secrets/vault_manager.h"

#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

/// Returns the secret without the line end that editors and `echo` leave behind it. Errors: it is no text.
FoundSecret asText(const Secret &secret)
{
    QByteArrayView bytes = secret.reveal();
    if (bytes.endsWith('\n')) {
        bytes.chop(bytes.endsWith("\r\n") ? 2 : 1);
    }
    if (bytes.isEmpty()) {
        return lasting(u"the secret is empty"_s);
    }
    if (!bytes.isValidUtf8() || bytes.contains('\0')) {
        return lasting(u"the secret is no text"_s);
    }
    return Secret(bytes.toByteArray());
}

} // namespace

ReferenceSource::ReferenceSource(QProcessEnvironment environment, const Clock &clock)
    : m_environment(std::move(environment))
    , m_caller(clock)
{
    m_managers[u"file"_s] = std::make_unique<SecretFiles>();
    m_managers[u"systemd"_s] = std::make_unique<ServiceCredentials>(
        m_environment.value(u"CREDENTIALS_DIRECTORY"_s));
    m_managers[u"vault"_s] = std::make_unique<VaultManager>(m_environment, m_caller);
    m_managers[u"aws.secretsmanager"_s] = std::make_unique<AwsSecretsManager>(m_environment,
                                                                              m_caller, clock);
    m_managers[u"gcp.secretmanager"_s] = std::make_unique<GcpSecretManager>(m_environment, m_caller,
                                                                            clock);
    m_managers[u"azure.keyvault"_s] = std::make_unique<AzureKeyVault>(m_environment, m_caller);
}

FoundSecret ReferenceSource::find(const QString &reference)
{
    const qsizetype mark = reference.indexOf(u'#');
    const QString field = mark < 0 ? QString() : reference.sliced(mark + 1);
    if (mark >= 0 && field.isEmpty()) {
        return lasting(u"the name of a field must follow the '#'"_s);
    }
    if (mark < 0 && reference.startsWith("vault/"_L1)) {
        return lasting(u"vault/mount/path must be followed by #field"_s);
    }
    const FoundSecret &secret = whole(mark < 0 ? reference : reference.first(mark));
    if (!secret) {
        return secret;
    }
    const FoundSecret part = mark < 0 ? secret : jsonField(*secret, field);
    return part ? asText(*part) : part;
}

const FoundSecret &ReferenceSource::whole(const QString &reference)
{
    const auto known = m_known.constFind(reference);
    return known != m_known.constEnd() ? *known : *m_known.insert(reference, fetch(reference));
}

FoundSecret ReferenceSource::fetch(const QString &reference) const
{
    const QString manager = reference.section(u'/', 0, 0);
    const auto found = m_managers.find(manager);
    if (found == m_managers.end()) {
        return lasting(u"nobody here is called %1"_s.arg(manager));
    }
    return found->second->fetch(reference.section(u'/', 1));
}

} // namespace delta::secrets
