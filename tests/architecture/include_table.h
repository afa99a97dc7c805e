#pragma once

#include "tests/architecture/source_tree.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace delta::architecture {

/// Which folder may include which, as the delta_folder() lines of the build say.
class IncludeTable
{
public:
    /// Reads gateway/CMakeLists.txt and shared/CMakeLists.txt.
    explicit IncludeTable(const SourceTree &tree);

    /// Returns the folder of the table that holds a path, or nothing: "gateway/http/transport/x.h"
    /// is in "gateway/http".
    [[nodiscard]] QString folderOf(const QString &path) const;
    /// Returns the folders that `folder` may include beside itself.
    [[nodiscard]] QStringList usedBy(const QString &folder) const;
    [[nodiscard]] QStringList folders() const;

private:
    void read(const QString &text);

    QHash<QString, QStringList> m_uses;
};

} // namespace delta::architecture
