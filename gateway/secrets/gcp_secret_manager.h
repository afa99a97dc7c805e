#pragma once

#include "gateway/secrets/manager_caller.h"
#include "gateway/secrets/secret_manager.h"
#include "shared/core/clock.h"

#include <QProcessEnvironment>

#include <optional>

namespace delta::secrets {

/// Google Cloud's Secret Manager. The service account of the key file GOOGLE_APPLICATION_CREDENTIALS asks, or else
/// the machine's own, by its metadata server. GCE_METADATA_HOST and
/// CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER are obeyed, the first on this machine only.
class GcpSecretManager final : public SecretManager
{
public:
    /// All must outlive it.
    GcpSecretManager(const QProcessEnvironment &environment, const ManagerCaller &caller,
                     const Clock &clock);
    /// `name` is "projects/P/secrets/S", with "/versions/V" for another version than the latest.
    [[nodiscard]] FoundSecret fetch(const QString &name) override;

private:
    [[nodiscard]] FoundSecret token();
    [[nodiscard]] FoundSecret tokenByKey(const QString &path) const;
    [[nodiscard]] FoundSecret tokenOfMachine() const;

    const QProcessEnvironment &m_environment;
    const ManagerCaller &m_caller;
    const Clock &m_clock;
    std::optional<FoundSecret> m_token; ///< Absent until it is asked for.
};

} // namespace delta::secrets
