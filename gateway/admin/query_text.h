#pragma once

#include <QByteArrayView>
#include <QUrlQuery>

namespace delta::admin {

/// Reads the query of a URL as programs write it: a `+` is a space, as in forms.
/// Source: WHATWG URL, "application/x-www-form-urlencoded", 5.1, read 2026-11.
[[nodiscard]] QUrlQuery readQuery(QByteArrayView query);

} // namespace delta::admin
