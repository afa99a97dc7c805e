#pragma once

#include <QString>

namespace delta::config {

/// Returns the path of a key within a map: "general_settings" and "server" make
/// "general_settings.server".
/// A key is shown as far as it can be one: of `{api_key:sk-123}` and `{api_key=sk-123}` YAML takes
/// all for a key. What has the shape of a credential is not shown at all.
[[nodiscard]] QString keyPath(const QString &parent, const QString &key);

/// Returns the path of an item of a list: "model_list" and 3 make "model_list[3]".
[[nodiscard]] QString itemPath(const QString &parent, qsizetype index);

} // namespace delta::config
