#include "gateway/admin/litellm/common_fields.h"

#include "shared/core/quoted.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

Result<QJsonValue> takeRole(std::span<const RoleRow> roles, const QJsonValue &value,
                            const QString &field)
{
    const QString name = value.toString();
    QStringList known;
    for (const RoleRow &row : roles) {
        if (value.isString() && (row.theirs == name || row.ours == name)) {
            return QJsonValue(QString(row.ours));
        }
        known.append(QString(row.theirs));
    }
    return failure(ApiError::invalidRequest(
        u"'%1' must be one of: %2."_s.arg(field, known.join(", "_L1)), field));
}

QJsonValue showRole(std::span<const RoleRow> roles, const QJsonValue &ours)
{
    const auto row = std::ranges::find(roles, ours.toString(), &RoleRow::ours);
    return row == roles.end() ? ours : QJsonValue(QString(row->theirs));
}

Result<QJsonValue> takeModels(const QJsonValue &value, const QString &field)
{
    const QJsonArray models = value.toArray();
    if (models.contains(QJsonValue(u"no-default-models"_s))) {
        return failure(ApiError::invalidRequest(
            u"'%1' cannot be no model at all here: block it instead, or name the models."_s.arg(
                field),
            field));
    }
    const bool isAll = models.contains(QJsonValue(u"all-team-models"_s))
        || models.contains(QJsonValue(u"all-proxy-models"_s));
    return isAll ? QJsonValue(QJsonArray()) : value;
}

QJsonValue showObject(const QJsonValue &value)
{
    return value.isObject() ? value : QJsonValue(QJsonObject());
}

QJsonValue showList(const QJsonValue &value)
{
    return value.isArray() ? value : QJsonValue(QJsonArray());
}

} // namespace delta::admin::litellm
