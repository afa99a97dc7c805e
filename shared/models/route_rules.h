#pragma once

#include "shared/core/result.h"

#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

namespace delta {

/// \file What a key may call, as LiteLLM says it: a path of the data plane, such as "/chat/completions" or
/// "/v1/chat/completions", which are the same; one with "*" at its end for all that begins so; or
/// "llm_api_routes", which is all of the data plane.

/// Checks such a list. Errors: InvalidRequest naming the element.
[[nodiscard]] Result<void> checkRoutes(const QStringList &routes, const QString &path);

/// Says whether a list allows a path, which is given without "/v1". An empty list allows all.
[[nodiscard]] bool allowsRoute(const QByteArrayList &routes, QByteArrayView path);

/// The same for a path of the admin API, which has to be named itself.
[[nodiscard]] bool allowsAdminRoute(const QByteArrayList &routes, QByteArrayView path);

} // namespace delta
