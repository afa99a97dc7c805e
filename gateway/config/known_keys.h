#pragma once

#include "gateway/config/key_table.h"

#include <QString>

#include <vector>

namespace delta::config {

/// A key that a configuration file may hold.
struct KnownKey {
    QString path; ///< Such as "general_settings.server.listen" or "model_list[].model_name".
    QString type; ///< Kind of value, for people; empty without effect.
    Effect effect = Effect::Effective;
    QString meaning; ///< What it does, or why it does nothing.
    QString alias;   ///< The last part's other spelling; empty if it has none.
};

/// Returns every key of every section, in the order of the tables; sections themselves are not
/// keys.
/// Names that end in '*' stand for all keys that begin so.
[[nodiscard]] std::vector<KnownKey> knownKeys();

} // namespace delta::config
