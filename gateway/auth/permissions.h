#pragma once

#include "gateway/auth/principal.h"
#include "shared/core/result.h"

#include <QByteArray>

#include <utility>

namespace delta::auth {

/// The proof that a principal may call a model. Only Permissions can make one, so a call that was
/// not authorized cannot go on to routing: it does not compile.
class Grant
{
public:
    [[nodiscard]] const Principal &principal() const
    {
        return m_principal;
    }
    /// Returns the public model name that the grant is for.
    [[nodiscard]] const QByteArray &model() const
    {
        return m_model;
    }

private:
    friend class Permissions;
    Grant(Principal principal, QByteArray model)
        : m_principal(std::move(principal))
        , m_model(std::move(model))
    {
    }

    Principal m_principal;
    QByteArray m_model;
};

/// Decides what a principal may do. Holds no state; safe from any thread.
class Permissions
{
public:
    /// Grants the call of a model. Errors: ModelNotAllowed.
    [[nodiscard]] Result<Grant> authorize(const Principal &principal,
                                          const QByteArray &model) const;
    /// Says whether the principal may call the model: the master may call all; others must be allowed it by the
    /// list of the key and by those of its organisation, team, user and service account. An empty list, and one
    /// that holds "*", "all-proxy-models" or "all-team-models", allows all; else the exact name must be in it.
    [[nodiscard]] bool allows(const Principal &principal, QByteArrayView model) const;
    /// Lets pass who may call a path of the data plane, given without "/v1": everybody whose key does not name others.
    /// Errors: PermissionDenied.
    [[nodiscard]] Result<void> checkRoute(const Principal &principal, QByteArrayView path) const;
    /// Likewise for a path of the admin API. Errors: PermissionDenied.
    [[nodiscard]] Result<void> checkAdminRoute(const Principal &principal,
                                               QByteArrayView path) const;
    /// Lets only the master pass. Errors: PermissionDenied.
    [[nodiscard]] Result<void> requireMaster(const Principal &principal) const;
};

} // namespace delta::auth
