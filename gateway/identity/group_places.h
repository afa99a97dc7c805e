#pragma once

#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace delta::identity {

/// Returns which of the groups that the configuration names the directory keeps by SCIM: those that have the name, or the
/// directory's own id, of one that it told us of. Errors: StoreUnavailable.
[[nodiscard]] Result<QStringList> groupsOfDirectory(store::ControlTables &tables,
                                                    const auth::OidcSettings &settings);

/// Returns the groups that a user is in by SCIM, each by its name and by the directory's own id.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<QStringList> directoryGroupsOf(store::ControlTables &tables,
                                                    const QString &userId);

/// Returns what counts at a login of somebody whose token says that they are in `claimed`: of groups that the directory
/// keeps by SCIM its word, if it provisions the user; of all others the token's. Nothing if that says nothing of groups.
/// Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<QStringList>> groupsAtLogin(store::ControlTables &tables,
                                                               const auth::OidcSettings &settings,
                                                               const QString &userId,
                                                               std::optional<QStringList> claimed);

} // namespace delta::identity
