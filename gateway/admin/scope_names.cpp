#include "gateway/admin/scope_names.h"

#include "gateway/auth/key_format.h"
#include "shared/core/quoted.h"

namespace delta::admin {

using namespace Qt::StringLiterals;

Result<void> checkScopeName(const QString &name, const QString &field)
{
    constexpr qsizetype longestName = 256;
    if (name.toUtf8().size() > longestName || hasUnprintable(name)) {
        return failure(ApiError::invalidRequest(
            u"'%1' must have at most %2 bytes and no control characters or line breaks."_s
                .arg(field)
                .arg(longestName),
            field));
    }
    return {};
}

Result<void> refuseKeyItself(const QString &scopeId)
{
    if (auth::looksLikeOurs(scopeId.toUtf8())) {
        return failure(ApiError::invalidRequest(
            u"'scope_id' must be the id of the key, as /key/info shows it, and not the key itself."_s,
            u"scope_id"_s));
    }
    return {};
}

Result<void> checkBudgetNames(const Budget &budget)
{
    TRY_VOID(checkScopeName(budget.scopeId, u"scope_id"_s));
    TRY_VOID(checkScopeName(budget.memberId, u"member_id"_s));
    return budget.scope == BudgetScope::Key ? refuseKeyItself(budget.scopeId) : Result<void>();
}

} // namespace delta::admin
