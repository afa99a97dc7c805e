#pragma once

#include "shared/core/random.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <expected>
#include <optional>

namespace delta::auth {

/// The file behind a Pepper. Its errors are whole sentences for the operator.
class PepperFile
{
public:
    using Bytes = std::array<std::byte, 32>;

    explicit PepperFile(const QString &path);

    /// Reads the file; nothing if there is none.
    /// Errors: not a plain file, not ours alone to read, wrong size, I/O.
    [[nodiscard]] std::expected<std::optional<Bytes>, QString> read() const;
    /// Makes the file, whole or not at all, and returns what is in it. If another process was
    /// faster, the result is that one's pepper. Errors: I/O, and those of read().
    [[nodiscard]] std::expected<std::optional<Bytes>, QString> create(Random &random) const;

private:
    [[nodiscard]] QString failureText(const QString &what) const;
    [[nodiscard]] std::expected<void, QString> writeDraft(const Bytes &bytes) const;
    [[nodiscard]] std::expected<void, QString> syncFolder() const;

    QString m_path;
    QByteArray m_file; ///< The path as the system wants it.
    /// Beside it; becomes the file by a link, so that the file is never half written.
    QByteArray m_draft;
};

} // namespace delta::auth
