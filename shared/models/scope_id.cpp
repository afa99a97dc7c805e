#include "shared/models/scope_id.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> checkScopeId(const QString &id, Presence presence, const QString &field,
                          QLatin1StringView scope)
{
    const bool isNeeded = presence == Presence::Required;
    if (id.isEmpty() == isNeeded) {
        const QString must = isNeeded ? u"must be given"_s : u"must be empty"_s;
        return failure(ApiError::invalidRequest(
            u"'%1' %2 for the scope \"%3\"."_s.arg(field, must, scope), field));
    }
    return {};
}

} // namespace delta
