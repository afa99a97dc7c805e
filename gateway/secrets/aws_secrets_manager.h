#pragma once

#include "gateway/secrets/aws_signature.h"
#include "gateway/secrets/manager_caller.h"
#include "gateway/secrets/secret_manager.h"
#include "shared/core/clock.h"

#include <QProcessEnvironment>

namespace delta::secrets {

/// AWS Secrets Manager. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN say who asks; AWS_REGION or
/// AWS_DEFAULT_REGION where, unless the secret's ARN does. AWS_ENDPOINT_URL_SECRETS_MANAGER and AWS_CA_BUNDLE are
/// obeyed.
class AwsSecretsManager final : public SecretManager
{
public:
    /// All must outlive it.
    AwsSecretsManager(const QProcessEnvironment &environment, const ManagerCaller &caller,
                      const Clock &clock);
    /// `name` is the name of a secret, or its ARN. Its newest version is returned, as a text.
    [[nodiscard]] FoundSecret fetch(const QString &name) override;

private:
    [[nodiscard]] ManagerQuestion questionFor(const QString &name, const QString &address,
                                              const AwsSigner &signer) const;
    [[nodiscard]] QString regionOf(const QString &name) const;
    [[nodiscard]] std::expected<QString, ports::SecretFailure> addressOf(
        const QString &region) const;

    const QProcessEnvironment &m_environment;
    const ManagerCaller &m_caller;
    const Clock &m_clock;
};

} // namespace delta::secrets
