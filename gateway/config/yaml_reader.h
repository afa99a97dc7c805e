#pragma once

#include "gateway/config/yaml_node.h"

#include <QByteArray>

namespace delta::config {

/// Bounds of what is read. Configuration files of ten thousand deployments stay far below them.
inline constexpr qsizetype maxFileBytes = 8 * 1024 * 1024;
inline constexpr qsizetype maxYamlValues = 1'000'000; ///< With aliases written out.
inline constexpr int maxYamlDepth = 64;

/// A YAML file as far as it could be read.
struct YamlDocument {
    YamlNode::Pointer root; ///< Null if the file is no YAML; a null node if it is empty.
    Problems problems;      ///< With `file` as their file; the last may have ended the reading.
};

/// Reads one YAML document. Stricter than YAML: duplicate keys (the first one stays in the tree),
/// keys that are not text, unknown tags, several documents, text that is not UTF-8, and aliases
/// that expand without bound are problems. `<<` merges maps.
/// No exception of the YAML library leaves this function.
[[nodiscard]] YamlDocument readYaml(const QByteArray &bytes, const QString &file);

} // namespace delta::config
