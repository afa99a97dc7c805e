#pragma once

#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayView>

namespace delta::alerts {

/// Returns what X-DeltaLLM-Signature holds for a body that is sent now: "t=<unix seconds>,v1=<hex>",
/// where v1 is the HMAC-SHA-256 under `secret` of the digits of t, a full stop and the body's bytes.
/// A receiver computes it anew, compares in constant time, and refuses a t that is minutes away.
[[nodiscard]] QByteArray signatureOf(QByteArrayView body, const Secret &secret, WallTime now);

} // namespace delta::alerts
