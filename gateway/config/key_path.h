#pragma once

#include <QString>

namespace delta::config {

/// Returns the path of a key within a map: "general_settings" and "server" make
/// "general_settings.server".
/// A key is shown up to its first colon only: of `{api_key:sk-123}` YAML takes all for a key.
[[nodiscard]] QString keyPath(const QString &parent, const QString &key);

/// Returns the path of an item of a list: "model_list" and 3 make "model_list[3]".
[[nodiscard]] QString itemPath(const QString &parent, qsizetype index);

} // namespace delta::config
