#pragma once

#include <QString>

namespace delta {

/// Returns a text from outside in single quotes, fit for a message or a log line: at most 100
/// characters with "…" for the rest, and control characters shown as "�".
[[nodiscard]] QString quoted(QStringView text);

/// Says whether the text holds a control character, a line or paragraph separator, or half a
/// surrogate pair: what has no place in a name.
[[nodiscard]] bool hasUnprintable(QStringView text);

} // namespace delta
