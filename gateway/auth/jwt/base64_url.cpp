#include "gateway/auth/jwt/base64_url.h"

namespace delta::auth {

std::optional<QByteArray> decodeBase64Url(QByteArrayView text)
{
    constexpr auto form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    QByteArray bytes = QByteArray::fromBase64(text.toByteArray(), form);
    // Qt is lenient in several ways, but what it writes is the only text that is right.
    if (QByteArrayView(bytes.toBase64(form)) != text) {
        return std::nullopt;
    }
    return bytes;
}

} // namespace delta::auth
