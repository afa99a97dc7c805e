#pragma once

#include "gateway/config/value.h"

#include <QLatin1StringView>
#include <QString>

namespace delta::config {

/// Says whether a text is the https URL of another machine or any URL of this one, without user, password and fragment.
[[nodiscard]] bool isSafeUrl(const QString &text);

/// Takes a URL that credentials may travel by; an empty one leaves the setting as it is. `example` is what the
/// message names to whom it is wrong.
void readSafeUrl(const Value &value, QLatin1StringView example, QString &target);

} // namespace delta::config
