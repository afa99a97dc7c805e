#pragma once

#include "gateway/admin/access/access_table.h"
#include "gateway/admin/access/caller.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace delta::admin {

/// Returns to whom the object of an id belongs: all places of a user, who may be in several teams, and one of
/// anything else. Nothing if there is no such object. Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<std::vector<Placement>>> placesOf(store::ControlTables &tables,
                                                                     Place place,
                                                                     const QString &id);

/// Returns to whom an object would belong that a body wants to be made; `place` says which of its fields count.
/// Errors: InvalidRequest naming the field that names what is not there; StoreUnavailable.
[[nodiscard]] Result<Placement> placeOfBody(store::ControlTables &tables, Place place,
                                            const QJsonObject &body);

/// Returns what it takes to know that an object is there at all, and what one that is not there is called.
struct PlaceKind {
    Permission read;
    QLatin1StringView name;
};
[[nodiscard]] PlaceKind kindOf(Place place);

} // namespace delta::admin
