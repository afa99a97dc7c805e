#pragma once

#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace delta::app {

/// The folder in which a gateway keeps what is its own: the store, the journal, the keys' pepper,
/// the keys that seal secrets and the traces of its first secrets. Only its owner can look inside (mode 0700, files 0600).
class StateFolder
{
public:
    /// Opens the folder and makes it if it is missing.
    /// Errors: StoreUnavailable naming the path and what is wrong with it.
    [[nodiscard]] static Result<StateFolder> open(const QString &path);

    [[nodiscard]] const QString &path() const
    {
        return m_path;
    }
    /// Returns where the folder at `path` keeps its database, whether or not there is one.
    [[nodiscard]] static QString databaseFileIn(const QString &path);
    [[nodiscard]] QString databaseFile() const;
    [[nodiscard]] QString journalFolder() const;
    [[nodiscard]] QString pepperFile() const;
    /// Returns where the folder keeps the keys that seal secrets, where these come from nowhere else.
    [[nodiscard]] QString sealingKeyFile() const;

    /// Returns what a small file of the folder holds; nothing if there is no such file.
    [[nodiscard]] Result<std::optional<QByteArray>> read(const QString &name) const;
    /// Writes a small file whole or not at all, through to the disk.
    [[nodiscard]] Result<void> write(const QString &name, const QByteArray &bytes) const;
    /// Removes a small file, if it is there.
    [[nodiscard]] Result<void> remove(const QString &name) const;

private:
    explicit StateFolder(QString path);

    QString m_path;
};

} // namespace delta::app
