#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::content {

/// JSON in which nothing is that must not be kept.
struct RedactedJson {
    QByteArray text;
    bool isTruncated = false; ///< Only the begin is here, and no JSON any more.
};

/// Returns JSON with its texts as redactedText() has them, numbers that are of a card as marks, members whose name says
/// that they hold a credential as marks, and long texts of base64 as their size. All else stays as it was, byte for byte.
/// What it comes to is cut off after `maxBytes`; whatever is cut through is redacted before. Takes a time in proportion to
/// the length.
/// Errors: Internal if it is no JSON, for then nobody knows what is in it.
[[nodiscard]] Result<RedactedJson> redactedJson(QByteArrayView json, qsizetype maxBytes);

} // namespace delta::content
