#include "gateway/auth/owner_directory.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

using ports::OwnerKind;

QString nameOf(OwnerKind kind)
{
    switch (kind) {
    case OwnerKind::Organization:
        return u"organization"_s;
    case OwnerKind::Team:
        return u"team"_s;
    case OwnerKind::User:
        return u"user"_s;
    case OwnerKind::ServiceAccount:
    case OwnerKind::EndUser: // Owns no key.
        break;
    }
    return u"service account"_s;
}

} // namespace

Result<void> OwnerDirectory::refresh(ports::OwnerStore &store)
{
    TRY(const qint64 version, store.ownerVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the owners: what changes in between is read once more.
    auto owners = std::make_shared<AllOwners>();
    TRY_VOID(store.eachOwner([&owners](const ports::OwnerRow &row) {
        Facts facts{.organizationId = row.organizationId,
                    .models = nullptr,
                    .isBlocked = row.isBlocked,
                    .storesContent = row.storesContent};
        if (!row.models.isEmpty()) {
            facts.models = std::make_shared<const QByteArrayList>(row.models);
        }
        (*owners)[static_cast<std::size_t>(std::to_underlying(row.kind))].insert(row.id,
                                                                                 std::move(facts));
    }));
    m_owners.store(std::move(owners), std::memory_order_release);
    m_version = version;
    return {};
}

Result<Principal> OwnerDirectory::admit(Principal principal) const
{
    const std::shared_ptr<const AllOwners> owners = m_owners.load(std::memory_order_acquire);
    std::size_t ceilings = 0;
    principal.storesContent = principal.key ? principal.key->terms->storesContent : std::nullopt;
    const auto apply = [&](OwnerKind kind, const QByteArray &id) -> Result<void> {
        const Owners &known = (*owners)[static_cast<std::size_t>(std::to_underlying(kind))];
        const auto found = id.isEmpty() ? known.end() : known.find(id);
        if (found == known.end()) {
            return {};
        }
        if (found->isBlocked) {
            return failure(ApiError::ownerBlocked(nameOf(kind)));
        }
        if (found->storesContent && principal.storesContent != false) {
            principal.storesContent = found->storesContent;
        }
        if (found->models) {
            principal.ceilings[ceilings++] = found->models;
        }
        if (kind == OwnerKind::Team && principal.organizationId.isEmpty()) {
            principal.organizationId = found->organizationId;
        }
        return {};
    };
    // The team comes before its organisation, which it brings along.
    TRY_VOID(apply(OwnerKind::Team, principal.teamId));
    TRY_VOID(apply(OwnerKind::Organization, principal.organizationId));
    TRY_VOID(apply(OwnerKind::User, principal.userId));
    TRY_VOID(apply(OwnerKind::ServiceAccount, principal.serviceAccountId));
    return principal;
}

Result<void> OwnerDirectory::admitEndUser(const QByteArray &id) const
{
    if (id.isEmpty()) {
        return {};
    }
    const std::shared_ptr<const AllOwners> owners = m_owners.load(std::memory_order_acquire);
    const Owners &known =
        (*owners)[static_cast<std::size_t>(std::to_underlying(OwnerKind::EndUser))];
    const auto found = known.find(id);
    if (found == known.end() || !found->isBlocked) {
        return {};
    }
    ApiError error = ApiError::permissionDenied(
        u"The end user whom 'user' names is blocked. Whoever runs the gateway can tell why."_s);
    error.param = u"user"_s;
    return failure(std::move(error));
}

} // namespace delta::auth
