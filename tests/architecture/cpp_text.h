#pragma once

#include <QString>

namespace delta::architecture {

// Each of these puts blanks where something is taken away, so that lines and columns stay.

/// Blanks out comments. Literals may hold what looks like a comment.
[[nodiscard]] QString withoutComments(const QString &text);
/// Blanks out what stands between the quotes of string and character literals; raw strings too.
/// The text must be without comments.
[[nodiscard]] QString withoutLiterals(const QString &code);
/// Blanks out preprocessor directives with their continuation lines.
[[nodiscard]] QString withoutPreprocessor(const QString &code);

} // namespace delta::architecture
