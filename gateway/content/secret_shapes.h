#pragma once

#include "gateway/content/text_marks.h"

namespace delta::content {

/// Finds a credential where a word begins: keys of known forms (`sk-…`, `ghp_…`, `AKIA…`), tokens of JSON (`eyJ…`), what
/// follows `Bearer` and `Basic`, and media in a `data:` URL. Takes the time of what it finds, or a fixed one.
[[nodiscard]] Found secretAt(QByteArrayView text);

/// Finds a private key in PEM, which ends with its last line or else with the text.
[[nodiscard]] Found privateKeyAt(QByteArrayView text);

/// Finds the value behind a name such as `password`, where `place` is that of the `=` or `:` between the two. `keep` is
/// then what stays of the text from `place` on.
[[nodiscard]] Found valueBehind(QByteArrayView text, qsizetype place);

/// Says whether a member of this name holds a credential, whatever it looks like.
[[nodiscard]] bool namesCredential(QByteArrayView name);

} // namespace delta::content
