#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace delta::auth {

/// Reads base64url as JOSE has it (RFC 7515, 2): without padding, line breaks or bits that nobody
/// reads, so that there is one text for some bytes and not several. Returns nothing for any other
/// text.
[[nodiscard]] std::optional<QByteArray> decodeBase64Url(QByteArrayView text);

} // namespace delta::auth
