#pragma once

#include "gateway/store/scim_rows.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>

#include <vector>

namespace delta::admin::scim {

/// What a directory wants a user to be.
struct UserWish {
    store::ScimFacts facts;
    QString email; ///< In lower case; empty: none is known.
    QString name;  ///< For people; never empty.
    bool isActive = true;
};

/// Reads a user as readResource() gives one. Errors: InvalidRequest with the code `invalidValue`, naming the attribute.
[[nodiscard]] Result<UserWish> readUser(QJsonObject resource);

/// Returns what a directory may set of a user, as readResource() gives it.
[[nodiscard]] QJsonObject settableJson(const store::ScimUser &user);

/// Returns a user as a resource, with these groups.
[[nodiscard]] QJsonObject userJson(const store::ScimUser &user,
                                   const std::vector<store::ScimGroup> &groups);

} // namespace delta::admin::scim
