#pragma once

#include "gateway/app/first_run.h"
#include "gateway/http/listener.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>

#include <optional>
#include <vector>

namespace delta::app {

/// What an operator reads when the gateway has started: where it is, and how to try it.
struct FirstSteps {
    QLatin1StringView scheme;            ///< "http" or "https".
    http::ListenAddress address;         ///< Where it really listens.
    std::vector<QByteArray> models;      ///< Public names.
    QString configuration;               ///< The file in force; empty: there is none.
    std::optional<FirstSecrets> secrets; ///< Of the first start only.

    /// Where the secrets were written to, because what is printed is kept; empty: they are printed.
    QString secretsFile;

    /// Returns the lines. Secrets are in them if there are any, and nowhere else ever again, unless
    /// they are in a file.
    [[nodiscard]] QString toText() const;
};

/// Returns the secrets that there are, with what each is for, one on a line.
[[nodiscard]] QString secretLines(const FirstSecrets &secrets);

} // namespace delta::app
