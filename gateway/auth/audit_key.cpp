#include "gateway/auth/audit_key.h"

#include <memory>

namespace delta::auth {

std::function<QByteArray(QByteArrayView bytes)> auditMac(const Pepper &pepper)
{
    return [key = std::make_shared<const Pepper>(pepper.derived("audit"))](QByteArrayView bytes) {
        const KeyMac mac = key->mac(bytes);
        return QByteArray(reinterpret_cast<const char *>(mac.data()),
                          static_cast<qsizetype>(mac.size()));
    };
}

} // namespace delta::auth
