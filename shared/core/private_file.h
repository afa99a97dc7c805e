#pragma once

#include "shared/core/secret.h"

#include <QByteArray>
#include <QString>

#include <expected>
#include <optional>

namespace delta {

/// A small file that holds a secret and that nobody else may read. Its errors are whole sentences for the operator;
/// they name the path and never show what is in it. Safe from any thread.
class PrivateFile
{
public:
    /// Who keeps the others out.
    enum class Custody {
        OwnMode, ///< The mode of the file: a plain one of this user or root, 0600 or less.
        ServiceManager, ///< The folder. Links are followed, and a group may read: an access list shows as one.
    };

    /// `noun` is what the file is to people, such as "pepper file".
    PrivateFile(const QString &path, QString noun, Custody custody = Custody::OwnMode);

    /// Reads the file; nothing if there is none.
    /// Errors: not a plain file, not ours alone to read, more than `maxBytes`, I/O.
    [[nodiscard]] std::expected<std::optional<Secret>, QString> read(qsizetype maxBytes) const;
    /// Makes the file, whole or not at all and through to the disk, mode 0600, and returns what is in it. Never
    /// replaces one that is there: if another process was faster, the result is that one's.
    /// Errors: I/O, and those of read().
    [[nodiscard]] std::expected<Secret, QString> create(const Secret &content) const;
    /// Puts another content in the place of the file, whole or not at all and through to the disk, mode 0600. Whoever
    /// does so keeps others from doing it at the same time. Errors: I/O.
    [[nodiscard]] std::expected<void, QString> replace(const Secret &content) const;
    /// Makes the sentence that says why the file cannot be used.
    [[nodiscard]] QString unusable(const QString &why) const;

private:
    [[nodiscard]] QString failureText(const QString &what) const;
    [[nodiscard]] std::expected<void, QString> writeDraft(const QByteArray &bytes) const;
    [[nodiscard]] std::expected<void, QString> syncFolder() const;

    QString m_path;
    QString m_noun;
    Custody m_custody;
    QByteArray m_file; ///< The path as the system wants it.
    /// Beside it; becomes the file by a link, so that the file is never half written.
    QByteArray m_draft;
};

} // namespace delta
