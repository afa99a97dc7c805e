#pragma once

#include <QHash>
#include <QString>

namespace delta::routing {

/// Settings of the router.
struct RoutingSettings {
    QHash<QString, QString> aliases; ///< `model_group_alias`: another public name of a model group.

    bool operator==(const RoutingSettings &) const = default;
};

} // namespace delta::routing
