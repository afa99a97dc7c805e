#pragma once

#include <QByteArrayView>
#include <QString>

namespace delta::net {

/// Says what is wrong with the name of a configured header field; "" if nothing is. Besides the
/// syntax of RFC 9110 §5.1, fields that frame the message or that the gateway writes itself are
/// refused.
[[nodiscard]] QString headerNameFault(QByteArrayView name);

/// Says whether bytes can be sent as (part of) a header value: no control characters, RFC 9110
/// §5.5.
[[nodiscard]] bool isHeaderValue(QByteArrayView value);

} // namespace delta::net
