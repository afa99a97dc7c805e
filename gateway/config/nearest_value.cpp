#include "gateway/config/nearest_value.h"

#include <algorithm>

namespace delta::config {

Value nearestValue(const Value &root, const QStringList &path)
{
    Value value = root;
    for (const QString &key : path) {
        const auto &entries = value.node().entries;
        const auto found = std::ranges::find(entries, key, &YamlNode::Entry::key);
        if (found == entries.end()) {
            break;
        }
        value = value.at(*found);
    }
    return value;
}

} // namespace delta::config
