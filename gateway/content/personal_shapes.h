#pragma once

#include "gateway/content/text_marks.h"

#include <QtTypes>

namespace delta::content {

/// Finds personal data where a number or a word begins, or with a `+` or a `(`: card numbers by their check digit, IBANs by
/// theirs, social security numbers of the USA, telephone numbers. Takes a fixed time.
[[nodiscard]] Found personalAt(QByteArrayView text);

/// Where an e-mail address lies in a text.
struct Address {
    qsizetype begin = 0;
    qsizetype end = 0; ///< As `begin`: there is none.
};

/// Finds the e-mail address around an `@`; none of it lies before `floor`. Takes a fixed time.
[[nodiscard]] Address emailAround(QByteArrayView text, qsizetype at, qsizetype floor);

} // namespace delta::content
