#include "gateway/limits/shared_rate_keys.h"

#include <QCryptographicHash>

namespace delta::limits {

SharedRateKeys::Keys SharedRateKeys::of(const QByteArray &counter)
{
    constexpr qsizetype digestSize = 16;
    constexpr auto base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    if (const auto known = m_known.constFind(counter); known != m_known.cend()) {
        return *known;
    }
    if (m_known.size() >= mostKnown) {
        m_known.clear();
    }
    const QByteArray digest = QCryptographicHash::hash(counter, QCryptographicHash::Sha256);
    const QByteArray windows = "{deltallm}:rates:" + digest.first(digestSize).toBase64(base64);
    return *m_known.insert(counter, {windows, windows + ":calls"});
}

} // namespace delta::limits
