#include "gateway/routing/model_loader.h"

#include <QLoggingCategory>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::routing {

namespace {

Q_LOGGING_CATEGORY(lcModels, "delta.models")

} // namespace

Result<void> ModelLoader::refresh()
{
    TRY(const qint64 version, m_parts.store.modelVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the models: what changes in between is read once more.
    TRY(const ports::StoredModels models, m_parts.store.loadModels());
    std::vector<StoredEndpoint> endpoints;
    for (const StoredDeployment &deployment : models.deployments) {
        auto made = make(deployment, models);
        if (made) {
            endpoints.push_back(*std::move(made));
        } else {
            qCWarning(lcModels, "the deployment %ls is left out: %ls",
                      qUtf16Printable(deployment.id), qUtf16Printable(made.error().message));
        }
    }
    m_parts.sink(std::move(endpoints));
    m_version = version;
    return {};
}

Result<StoredEndpoint> ModelLoader::make(const StoredDeployment &deployment,
                                         const ports::StoredModels &models)
{
    if (deployment.credentialId.isEmpty()) {
        return m_parts.maker.make(deployment, nullptr, {});
    }
    const auto found = std::ranges::find_if(models.credentials, [&](const auto &each) {
        return each.credential.id == deployment.credentialId;
    });
    if (found == models.credentials.end() || found->sealed.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"'credential_id' names no credential with a key."_s, u"credential_id"_s));
    }
    TRY(const Secret key, m_parts.sealer.open(found->sealed, sealContext(found->credential)));
    return m_parts.maker.make(deployment, &found->credential, key);
}

} // namespace delta::routing
