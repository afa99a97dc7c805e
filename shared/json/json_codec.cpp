#include "shared/json/json_codec.h"

#include "shared/core/nearest_name.h"
#include "shared/core/quoted.h"

using namespace Qt::StringLiterals;

namespace delta::detail {

namespace {

/// The name comes from the client, and goes back to it.
constexpr qsizetype longestParam = 100;

} // namespace

Result<void> checkNames(const QJsonObject &object, const JsonPlace &place, const QStringList &known)
{
    for (auto member = object.constBegin(); member != object.constEnd(); ++member) {
        const QString name = member.key();
        if (known.contains(name)) {
            continue;
        }
        const QString path = place.path.isEmpty() ? name : place.path + u'.' + name;
        const QString nearest = nearestName(name, known);
        const QString hint = nearest.isEmpty() ? u" The fields are: %1."_s.arg(known.join(u", "_s))
                                               : u" Did you mean '%1'?"_s.arg(nearest);
        return failure(ApiError::invalidRequest(u"Unknown field %1."_s.arg(quoted(path)) + hint,
                                                path.left(longestParam)));
    }
    return {};
}

ApiError readOnly(const JsonPlace &place)
{
    return place.error(u"is set by the gateway and cannot be changed"_s);
}

} // namespace delta::detail
