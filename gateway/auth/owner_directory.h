#pragma once

#include "gateway/auth/principal.h"
#include "gateway/ports/owner_store.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QtTypes>

#include <array>
#include <atomic>
#include <memory>
#include <optional>

namespace delta::auth {

/// What organisations, teams, users and service accounts say about the calls of their keys: whether there are to be
/// any, and of which models at most; and on whose behalf none are to be made. admit() and admitEndUser() are safe from any thread and take no lock; refresh() is for the thread
/// that owns the store.
class OwnerDirectory
{
public:
    /// Brings what is new in the store into the directory; cheap if no process changed any owner since.
    /// Errors: StoreUnavailable. Then nothing has changed; it may be tried again.
    [[nodiscard]] Result<void> refresh(ports::OwnerStore &store);

    /// Adds to a principal what its owners say: the models that they allow, and the organisation of its team where it
    /// names none itself, and whether its content is kept. Errors: KeyBlocked if one of them is blocked.
    [[nodiscard]] Result<Principal> admit(Principal principal) const;

    /// Errors: PermissionDenied if that end user is blocked. Empty is none, and may.
    [[nodiscard]] Result<void> admitEndUser(const QByteArray &id) const;

private:
    struct Facts {
        QByteArray organizationId;
        std::shared_ptr<const QByteArrayList> models; ///< Null: all.
        bool isBlocked = false;
        std::optional<bool> storesContent{}; ///< Of an organisation; absent: it does not say.
    };
    using Owners = QHash<QByteArray, Facts>; ///< By id.
    static constexpr std::size_t kinds = 5;
    using AllOwners = std::array<Owners, kinds>; ///< By kind.

    std::atomic<std::shared_ptr<const AllOwners>> m_owners = std::make_shared<const AllOwners>();
    std::optional<qint64> m_version; ///< Of what is in here; nothing before the first refresh().
};

} // namespace delta::auth
