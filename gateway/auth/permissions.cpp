#include "gateway/auth/permissions.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::auth {

Result<Grant> Permissions::authorize(const Principal &principal, const QByteArray &model) const
{
    if (!allows(principal, model)) {
        return failure(ApiError::modelNotAllowed(QString::fromUtf8(model)));
    }
    return Grant(principal, model);
}

bool Permissions::allows(const Principal &principal, QByteArrayView model) const
{
    if (principal.kind == PrincipalKind::Master) {
        return true;
    }
    if (!principal.key) {
        return false;
    }
    const QByteArrayList &names = principal.key->terms->models;
    const auto isMatch = [model](QByteArrayView allowed) {
        return allowed == "*" || allowed == "all-proxy-models" || allowed == model;
    };
    return names.isEmpty() || std::ranges::any_of(names, isMatch);
}

Result<void> Permissions::requireMaster(const Principal &principal) const
{
    if (principal.kind != PrincipalKind::Master) {
        return failure(ApiError::permissionDenied(u"Only the master key may do this."_s));
    }
    return {};
}

} // namespace delta::auth
