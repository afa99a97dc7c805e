#pragma once

#include <QString>
#include <QStringList>

namespace delta {

/// Returns the known name that the word was most likely meant to be, for "did you mean" in errors.
/// Empty if none is within two edits, or a third of the word's length for long words. Ignores case.
[[nodiscard]] QString nearestName(QStringView word, const QStringList &known);

/// Says whether a word is a known name but for one slip: a letter too many, too few or another, or
/// two that changed places. Of words with less than five letters that says nothing. Ignores case.
[[nodiscard]] bool isSlipOf(QStringView name, QStringView word);

} // namespace delta
