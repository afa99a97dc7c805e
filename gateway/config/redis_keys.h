#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"

#include <array>
#include <cstddef>

namespace delta::config {

/// Takes "unix://path", "redis://host", or "rediss://host" for TLS, each with what else is needed to get in.
/// Never shows the URL: it may hold a password.
void readRedisUrl(const Value &value, const Limits &limits, ConfigDraft &draft);
void readRedisPort(const Value &value, const Limits &limits, ConfigDraft &draft);
void readRedisTls(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Where Redis is. DeltaLLM has these keys in general_settings, LiteLLM in router_settings.
inline constexpr std::array redisPlaceKeys{
    setting<&Config::redis, &net::RedisSettings::host>(
        QLatin1StringView("redis_host"),
        QLatin1StringView("Of the Redis or Valkey that gateways share rate limits in.")),
    Key<ConfigDraft>{.name = QLatin1StringView("redis_port"),
                     .meaning = QLatin1StringView("Of that host."),
                     .type = QLatin1StringView("whole number"),
                     .read = readRedisPort,
                     .limits = {1, 65'535}},
    setting<&Config::redis, &net::RedisSettings::user>(QLatin1StringView("redis_username"),
                                                       QLatin1StringView("If it has users.")),
    setting<&Config::redis, &net::RedisSettings::password>(
        QLatin1StringView("redis_password"), QLatin1StringView("If it asks for one.")),
    setting<&Config::redis, &net::RedisSettings::database>(
        QLatin1StringView("redis_db"),
        QLatin1StringView("Number of the database; one for each installation."), {0, 1'000'000}),
    Key<ConfigDraft>{.name = QLatin1StringView("redis_ssl"),
                     .meaning = QLatin1StringView("Whether TLS is spoken with that host."),
                     .type = QLatin1StringView("true or false"),
                     .read = readRedisTls},
    Key<ConfigDraft>{.name = QLatin1StringView("redis_url"),
                     .meaning = QLatin1StringView(
                         "All of the above as redis://, rediss:// or unix://, which wins."),
                     .type = QLatin1StringView("URL"),
                     .read = readRedisUrl},
};

/// Puts two lists of keys one behind the other.
template <std::size_t First, std::size_t Second>
constexpr std::array<Key<ConfigDraft>, First + Second> joined(
    const std::array<Key<ConfigDraft>, First> &first,
    const std::array<Key<ConfigDraft>, Second> &second)
{
    std::array<Key<ConfigDraft>, First + Second> keys{};
    for (std::size_t index = 0; index < First + Second; ++index) {
        keys[index] = index < First ? first[index] : second[index - First];
    }
    return keys;
}

} // namespace delta::config
