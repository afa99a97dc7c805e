#pragma once

#include "shared/models/pricing.h"

#include <QString>
#include <QStringList>

namespace delta {

/// One place where a model can be called: a provider, its model name, and a base URL.
/// Deployments with the same modelName form one model group. Credentials are not part of it.
struct Deployment {
    QString id;            ///< Unique; "{modelName}-{index}" unless configured.
    QString modelName;     ///< The public name that clients send.
    QString provider;      ///< Row of the provider table.
    QString upstreamModel; ///< The name that the provider knows.
    QString apiBase;       ///< Base URL; empty means the provider's own default.
    int weight = 1;        ///< Share of the traffic of its group; zero takes none.
    int priority = 0;      ///< Lower numbers are tried first.
    QStringList tags;
    Pricing pricing;

    bool operator==(const Deployment &) const = default;
};

} // namespace delta
