#pragma once

#include "shared/core/random.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::auth {

// A key of our making is 65 characters: sk-dl-<id: 8>-<secret: 43>-<checksum: 6>, all base62.
// 43 such characters hold 256 bits. The checksum is the CRC-32 of everything before its dash: it
// costs nothing to check, so typos and random spray end before any hashing, and leak scanners can
// tell a real key from an example.

/// No credential is longer; longer texts are refused before they cost any hashing.
inline constexpr qsizetype longestKey = 512;

/// What a text can be, judged by its form alone.
enum class KeyShape {
    /// A key of our making with a right checksum. Whether it is known is another question.
    Issued,
    Misspelt, ///< Has the form of our keys but not their checksum: certainly not a key.
    /// Another `sk-…` text of 20 to 512 printable characters; keys of other gateways look so.
    Imported,
    Other, ///< Cannot be a virtual key.
};

/// A key that was just made.
struct IssuedKey {
    Secret text;   ///< The whole key; shown once.
    QByteArray id; ///< The eight characters that name it in logs and on screens.
};

/// Makes a key with a 256-bit secret.
[[nodiscard]] IssuedKey issueKey(Random &random);
/// Makes the id of a key whose text does not hold one: eight base62 characters.
[[nodiscard]] QByteArray makeKeyId(Random &random);

/// Judges a text by its form, in time that depends on the length and form only.
[[nodiscard]] KeyShape keyShape(QByteArrayView text);
/// Says whether the text is a key of our making with a right checksum.
[[nodiscard]] bool looksLikeOurs(QByteArrayView text);

} // namespace delta::auth
