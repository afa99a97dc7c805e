#pragma once

#include <QString>
#include <QStringList>

namespace delta {

/// Returns the known name that the word was most likely meant to be, for "did you mean" in errors.
/// Empty if none is within two edits, or a third of the word's length for long words. Ignores case.
[[nodiscard]] QString nearestName(QStringView word, const QStringList &known);

} // namespace delta
