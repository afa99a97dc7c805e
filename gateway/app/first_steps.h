#pragma once

#include "gateway/app/first_run.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>

#include <optional>
#include <vector>

namespace delta::app {

/// What an operator reads when the gateway has started: where it is, and how to try it.
struct FirstSteps {
    QLatin1StringView scheme; ///< "http" or "https".
    quint16 port = 0;
    std::vector<QByteArray> models;      ///< Public names.
    std::optional<FirstSecrets> secrets; ///< Of the first start only.

    /// Returns the lines. Secrets are in them if there are any, and nowhere else ever again.
    [[nodiscard]] QString toText() const;
};

} // namespace delta::app
