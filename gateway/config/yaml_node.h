#pragma once

#include "gateway/config/problem.h"

#include <QString>

#include <memory>
#include <vector>

namespace delta::config {

/// One value of a YAML file. Scalars keep their text as written: what it means is decided by the
/// key that it belongs to, so that `no` can be a name and a price never passes through a double.
/// Immutable once read; an alias shares the node of its anchor.
struct YamlNode {
    enum class Kind { Null, Scalar, List, Map };
    using Pointer = std::shared_ptr<const YamlNode>;
    struct Entry {
        QString key;
        Place place; ///< Of the key.
        Pointer value;
    };

    Kind kind = Kind::Null;
    Place place;
    QString text;               ///< Of a scalar.
    std::vector<Pointer> items; ///< Of a list.
    std::vector<Entry> entries; ///< Of a map, in file order; keys are unique.
    qsizetype size = 1; ///< Values in it, itself included, counted as if aliases were written out.

    /// Returns the value of that key of a map, or null.
    [[nodiscard]] const YamlNode *find(QStringView key) const
    {
        for (const Entry &entry : entries) {
            if (entry.key == key) {
                return entry.value.get();
            }
        }
        return nullptr;
    }
};

} // namespace delta::config
