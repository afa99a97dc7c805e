#pragma once

#include "shared/core/result.h"

#include <QString>
#include <QStringList>
#include <QtTypes>

#include <optional>

namespace delta {

/// How long the name or the id of something may be, in characters.
inline constexpr qsizetype longestName = 255;

/// Checks a text of one line: that it is not too long, and holds no control characters.
/// Errors: InvalidRequest naming `path`.
[[nodiscard]] Result<void> checkText(const QString &text, const QString &path,
                                     qsizetype longest = longestName);

/// Checks a text of one line that must not be empty. Errors: as checkText().
[[nodiscard]] Result<void> checkRequired(const QString &text, const QString &path);

/// Checks a text that may have several lines, such as a description or a reason. Errors: as checkText().
[[nodiscard]] Result<void> checkProse(const QString &text, const QString &path);

/// Checks an id that a client chooses: letters, digits and any of `-_.:@`, so that it can stand in a path, a log
/// line and a spreadsheet. Empty is for the caller to judge. Errors: as checkText().
[[nodiscard]] Result<void> checkId(const QString &id, const QString &path);

/// Checks an e-mail address: something on either side of one '@', without spaces. Empty is for the caller to judge.
/// Errors: as checkText().
[[nodiscard]] Result<void> checkEmail(const QString &address, const QString &path);

/// Checks a list of public model names. Errors: as checkText(), naming the element.
[[nodiscard]] Result<void> checkModels(const QStringList &models, const QString &path);

/// Checks that a number is one of `least` to `most`. Absent is in order. Errors: InvalidRequest naming `path`.
[[nodiscard]] Result<void> checkRange(std::optional<qint64> value, qint64 least, qint64 most,
                                      const QString &path);

} // namespace delta
