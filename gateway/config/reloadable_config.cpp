#include "gateway/config/reloadable_config.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

ReloadableConfig::ReloadableConfig(QString path, Surroundings surroundings, Complete complete)
    : m_path(std::move(path))
    , m_surroundings(std::move(surroundings))
    , m_complete(std::move(complete))
{
}

std::expected<ActiveConfig, Problems> ReloadableConfig::reload()
{
    auto loaded = load(m_path, m_surroundings);
    if (!loaded) {
        return std::unexpected(std::move(loaded.error()));
    }
    const bool hasModels = !loaded->config.endpoints.empty();
    if (m_hasModels && !hasModels) {
        const QString message =
            u"is empty; a reload does not take away every model, a restart does"_s;
        return std::unexpected(Problems{{m_path, {}, u"model_list"_s, message}});
    }
    m_complete(loaded->config);
    m_hasModels = hasModels;
    m_current = std::make_shared<const Config>(std::move(loaded->config));
    return ActiveConfig{m_current, std::move(loaded->warnings)};
}

} // namespace delta::config
