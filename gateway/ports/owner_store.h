#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QtTypes>

#include <functional>
#include <optional>

namespace delta::ports {

/// To what kind of owner keys belong; and those on whose behalf calls are made, who own none.
enum class OwnerKind { Organization, Team, User, ServiceAccount, EndUser };

/// What a gateway keeps in memory of an owner: what stops or narrows the calls of its keys.
struct OwnerRow {
    OwnerKind kind = OwnerKind::Team;
    QByteArray id;             ///< UTF-8; so the next two.
    QByteArray organizationId; ///< Of a team; empty: it belongs to none.
    QByteArrayList models;     ///< Public names that may be called at most; empty means all.
    bool isBlocked = false;
    /// Of an organisation: whether what its calls ask and are answered is kept; absent: it does not say.
    std::optional<bool> storesContent{};
};

/// The part of the store that knows the owners of keys. Used from one thread at a time.
class OwnerStore
{
public:
    using Visitor = std::function<void(const OwnerRow &owner)>;

    virtual ~OwnerStore() = default;
    /// Hands over each owner that is blocked, has a list of models, says whether the content of calls is kept, or is a
    /// team of an organisation, and each end user who is blocked: of all others there is nothing to know.
    [[nodiscard]] virtual Result<void> eachOwner(const Visitor &visit) = 0;
    /// Returns a number that changes whenever any process changes an owner.
    [[nodiscard]] virtual Result<qint64> ownerVersion() = 0;
};

} // namespace delta::ports
