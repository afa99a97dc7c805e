#pragma once

#include "gateway/auth/pepper.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>

namespace delta::auth {

/// Returns what vouches for the records of the audit log: HMAC-SHA-256 with a key that is made of the pepper, which the
/// database does not have. Safe from any thread.
[[nodiscard]] std::function<QByteArray(QByteArrayView bytes)> auditMac(const Pepper &pepper);

} // namespace delta::auth
