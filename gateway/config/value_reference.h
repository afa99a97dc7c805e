#pragma once

#include <QProcessEnvironment>
#include <QString>

#include <expected>

namespace delta::config {

/// Says whether a text stands for a value that is kept elsewhere: "os.environ/NAME" and the
/// references to secret managers.
[[nodiscard]] bool isReference(const QString &text);

/// Returns the value that a reference stands for. A reference is a whole value, never a part of
/// one.
/// Errors: a message that names the variable and never holds a value. A variable that is not set,
/// or empty, is an error: taking the reference itself for the value would make a key that all can
/// guess.
[[nodiscard]] std::expected<QString, QString> resolveReference(
    const QString &text, const QProcessEnvironment &environment);

} // namespace delta::config
