#pragma once

#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QString>

namespace delta {

/// Whether a name has to be given.
enum class Presence { Required, Forbidden };

/// Checks that the id of a scope's object is there where the scope has one, and only there.
/// Errors: InvalidRequest naming the field.
[[nodiscard]] Result<void> checkScopeId(const QString &id, Presence presence, const QString &field,
                                        QLatin1StringView scope);

} // namespace delta
