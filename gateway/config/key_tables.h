#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/key_table.h"
#include "gateway/config/model_draft.h"

namespace delta::config {

// The known keys of every section. To add a key, add a row; the reader, the suggestions, the report
// of keys without effect and the test of config.example.yaml follow from it.

extern const Table<ConfigDraft> topLevelTable;
extern const Table<ConfigDraft> generalTable;    ///< general_settings
extern const Table<ConfigDraft> serverTable;     ///< general_settings.server
extern const Table<ConfigDraft> ledgerTable;     ///< general_settings.ledger
extern const Table<ConfigDraft> loggingTable;    ///< general_settings.logging
extern const Table<ConfigDraft> alertsTable;     ///< general_settings.alerts
extern const Table<ConfigDraft> mailTable;       ///< general_settings.mail
extern const Table<ConfigDraft> routerTable;     ///< router_settings
extern const Table<ConfigDraft> deltallmTable;   ///< deltallm_settings, litellm_settings
extern const Table<ModelDraft> modelTable;       ///< model_list[]
extern const Table<ModelDraft> modelParamsTable; ///< model_list[].deltallm_params, .litellm_params
extern const Table<ModelDraft> modelInfoTable;   ///< model_list[].model_info

/// Makes a key whose value is read into a member of Config.
template <auto... Path>
constexpr Key<ConfigDraft> setting(QLatin1StringView name, QLatin1StringView meaning,
                                   Limits limits = {})
{
    return key<ConfigDraft, &ConfigDraft::config, Path...>(name, meaning, limits);
}

/// Makes a key that is itself a section.
template <typename Target>
constexpr Key<Target> section(QLatin1StringView name, QLatin1StringView meaning,
                              const Table<Target> &table)
{
    return {.name = name, .meaning = meaning, .type = QLatin1StringView("map"), .section = &table};
}

/// Returns the key with another accepted spelling.
template <typename Target>
constexpr Key<Target> alsoKnownAs(QLatin1StringView alias, Key<Target> key)
{
    key.alias = alias;
    return key;
}

/// Returns the key as one that may not be left out.
template <typename Target>
constexpr Key<Target> required(Key<Target> key)
{
    key.presence = Presence::Required;
    return key;
}

/// Longest duration that makes sense anywhere, in milliseconds: a day.
inline constexpr qint64 oneDay = 24LL * 60 * 60 * 1000;
/// Largest size that makes sense anywhere, in bytes: a tebibyte.
inline constexpr qint64 oneTebibyte = 1LL << 40;
/// Limits of a duration that must not be zero.
inline constexpr Limits anyDuration{1, oneDay};

} // namespace delta::config
