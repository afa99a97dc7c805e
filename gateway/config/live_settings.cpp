#include "gateway/config/live_settings.h"

#include "gateway/config/known_keys.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Values of other kinds may hold secrets, or are no single value.
bool mayBeShown(const KnownKey &key)
{
    return !key.type.isEmpty() && key.type != "secret"_L1 && key.type != "URL"_L1
        && !key.type.startsWith("map "_L1) && !key.type.startsWith("list"_L1);
}

Setting settingOf(const KnownKey &key, const std::vector<FoundKey> &found)
{
    Setting setting{.name = key.path,
                    .type = key.type,
                    .meaning = key.meaning,
                    .value = {},
                    .isLive = liveSettings().contains(key.path)};
    const auto own = std::ranges::find(found, key.path, &FoundKey::path);
    if (own == found.end()) {
        return setting;
    }
    setting.source = own->isOverlaid ? SettingSource::Database
        : own->isReferenced          ? SettingSource::Environment
                                     : SettingSource::File;
    if (mayBeShown(key)) {
        setting.value = own->text;
    }
    return setting;
}

} // namespace

const QStringList &liveSettings()
{
    static const QStringList paths{u"general_settings.log_level"_s,
                                   u"general_settings.allow_unpriced"_s,
                                   u"general_settings.clamp_max_tokens"_s,
                                   u"general_settings.global_max_parallel_requests"_s,
                                   u"general_settings.store_content"_s,
                                   u"general_settings.store_content_retention"_s,
                                   u"general_settings.store_content_max_bytes"_s,
                                   u"general_settings.store_content_max_memory"_s,
                                   u"general_settings.upstream_http_connect_timeout_seconds"_s,
                                   u"general_settings.upstream_http_read_timeout_seconds"_s,
                                   u"general_settings.upstream_http_max_response_bytes"_s,
                                   u"router_settings.timeout"_s,
                                   u"router_settings.stream_timeout"_s};
    return paths;
}

std::expected<std::vector<Setting>, Problems> readSettings(const QString &path,
                                                           const Surroundings &surroundings)
{
    return findKeys(path, surroundings,
                    [](const QString &key) { return liveSettings().contains(key); })
        .transform([](const std::vector<FoundKey> &found) {
            std::vector<Setting> settings;
            for (const KnownKey &key : knownKeys()) {
                if (key.effect == Effect::Effective && !key.path.contains("[]"_L1)) {
                    settings.push_back(settingOf(key, found));
                }
            }
            return settings;
        });
}

} // namespace delta::config
