#pragma once

#include "gateway/config/yaml_node.h"

#include <QJsonObject>

namespace delta::config {

/// Returns the tree of a file with other values in the place of its own, or beside them. `values` holds scalars by the
/// path of their key, "section.key" or "section.section.key"; null takes none away. `root` is unchanged; what is no
/// map on the way to a key is replaced by one.
[[nodiscard]] YamlNode::Pointer overlaid(const YamlNode::Pointer &root, const QJsonObject &values);

} // namespace delta::config
