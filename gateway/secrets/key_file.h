#pragma once

#include "gateway/secrets/key_ring.h"
#include "shared/core/random.h"

#include <QString>
#include <QStringList>

#include <expected>

namespace delta::secrets {

/// The file of sealing keys, to be changed. While the object lives no other process changes it. Every change is whole
/// or did not happen, and is on the disk before it returns. Errors are sentences for the operator that name the path.
class KeyFile
{
public:
    /// Finds where a gateway has its keys, and keeps other processes from changing them.
    /// Errors: a credential of systemd, which its own file is the place to change; another process changes the keys at
    /// this moment; I/O.
    [[nodiscard]] static std::expected<KeyFile, QString> lock(const KeySources &sources);
    KeyFile(KeyFile &&other) noexcept;
    KeyFile &operator=(KeyFile &&) = delete;
    KeyFile(const KeyFile &) = delete;
    KeyFile &operator=(const KeyFile &) = delete;
    ~KeyFile();

    [[nodiscard]] const QString &path() const
    {
        return m_path;
    }
    /// Puts a new random key above those that are there.
    [[nodiscard]] std::expected<void, QString> addOnTop(Random &random) const;
    /// Takes out all keys but one. Remarks stay. Returns the ids of those that were taken out.
    [[nodiscard]] std::expected<QStringList, QString> keepOnly(QByteArrayView id) const;

private:
    KeyFile(QString path, int folder);
    [[nodiscard]] std::expected<Secret, QString> read() const;

    QString m_path;
    int m_folder; ///< Open and locked; -1 when moved from.
};

} // namespace delta::secrets
