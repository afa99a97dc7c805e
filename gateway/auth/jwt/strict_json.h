#pragma once

#include <QByteArrayView>
#include <QJsonObject>

#include <optional>

namespace delta::auth {

/// Reads one JSON object and nothing else, strictly: the grammar of RFC 8259 in UTF-8, no name
/// twice in any object, at most 16 levels, numbers that 64 bits hold. Two readers that disagree
/// about a name that is there twice are how signed texts are made to mean two things. Returns
/// nothing for any other text.
[[nodiscard]] std::optional<QJsonObject> parseStrictObject(QByteArrayView text);

} // namespace delta::auth
