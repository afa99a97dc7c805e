#pragma once

#include "gateway/auth/hook/hook_settings.h"
#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"

#include <array>

namespace delta::config {

/// Takes a URL as readJwksUrl() does: credentials are sent there, and what comes from there lets people in.
void readHookUrl(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Reports settings of custom auth without a place to ask. `root` is the whole file.
void checkHook(const Value &root, const auth::HookSettings &hook);

/// Who is asked about credentials that are no keys, in general_settings.
inline constexpr std::array hookKeys{
    Key<ConfigDraft>{.name = QLatin1StringView("custom_auth_url"),
                     .meaning = QLatin1StringView(
                         "Who is asked about credentials that are no keys; absent: nobody."),
                     .type = QLatin1StringView("URL"),
                     .read = readHookUrl},
    setting<&Config::authHook, &auth::HookSettings::key>(
        QLatin1StringView("custom_auth_key"),
        QLatin1StringView("By which it knows the gateway, as a bearer; absent: none is sent.")),
    setting<&Config::authHook, &auth::HookSettings::caFile>(
        QLatin1StringView("custom_auth_ca_file"),
        QLatin1StringView("PEM bundle that it is trusted by; absent: the system's.")),
    setting<&Config::authHook, &auth::HookSettings::timeout>(
        QLatin1StringView("custom_auth_timeout"),
        QLatin1StringView("Longest wait for an answer; beyond: 503."), {100, 30'000}),
    setting<&Config::authHook, &auth::HookSettings::goodFor>(
        QLatin1StringView("custom_auth_cache_ttl"),
        QLatin1StringView("How long a credential that was let in is not asked about again."),
        {0, oneDay}),
    setting<&Config::authHook, &auth::HookSettings::refusedFor>(
        QLatin1StringView("custom_auth_negative_cache_ttl"),
        QLatin1StringView("How long one that was refused is not asked about again."), {0, oneDay}),
    setting<&Config::authHook, &auth::HookSettings::maxConcurrent>(
        QLatin1StringView("custom_auth_max_concurrent"), QLatin1StringView("Questions at once."),
        {1, 64}),
};

} // namespace delta::config
