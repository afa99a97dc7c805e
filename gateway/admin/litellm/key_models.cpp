#include "gateway/admin/litellm/key_models.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/model_limits.h"
#include "gateway/store/control_tables.h"

#include <QStringList>

#include <vector>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

QJsonObject jsonOf(const std::vector<RateLimit> &limits)
{
    QJsonObject json;
    addModelLimits(json, limits);
    return json;
}

Placement placeOf(const QJsonObject &key)
{
    return {.organizationId = key.value("organization_id"_L1).toString(),
            .teamId = key.value("team_id"_L1).toString(),
            .userId = key.value("user_id"_L1).toString(),
            .serviceAccountId = key.value("service_account_id"_L1).toString()};
}

} // namespace

Result<QJsonObject> takeModelMaps(QJsonObject &request)
{
    QJsonObject maps;
    const QStringList names = jsonOf({}).keys();
    for (const QString &name : names) {
        if (const QJsonValue map = request.take(name); !map.isUndefined()) {
            maps.insert(name, map.isNull() ? QJsonValue(QJsonObject()) : map);
        }
    }
    QJsonObject read = maps;
    TRY_VOID(takeModelLimits(read));
    return maps;
}

Result<void> setModelLimits(const Steps &steps, const AdminCall &call, const QJsonObject &key,
                            const QJsonObject &maps)
{
    const QString id = key.value("key_id"_L1).toString();
    return steps.parts().store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(const std::vector<RateLimit> before, tables.rateLimits.loadOf(RateScope::Key, id));
        QJsonObject wanted = withoutNulls(jsonOf(before));
        for (auto map = maps.begin(); map != maps.end(); ++map) {
            wanted.insert(map.key(), *map);
        }
        TRY(std::vector<RateLimit> limits, takeModelLimits(wanted));
        TRY_VOID(tables.rateLimits.removeOf(RateScope::Key, id).transform([](bool) { }));
        for (RateLimit &limit : limits) {
            limit.subject.scopeId = id;
            TRY_VOID(limit.validate());
            TRY_VOID(tables.rateLimits.put(limit));
        }
        return recordChange(tables, call,
                            {.action = u"key.limit_models"_s,
                             .kind = u"key"_s,
                             .id = id,
                             .name = key.value("name"_L1).toString(),
                             .place = placeOf(key),
                             .before = jsonOf(before),
                             .after = jsonOf(limits),
                             .reason = {}},
                            steps.now());
    });
}

Result<QJsonObject> withModelLimits(const Steps &steps, QJsonObject shown, const QString &keyId)
{
    std::vector<RateLimit> limits;
    TRY_VOID(steps.parts().store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(limits, tables.rateLimits.loadOf(RateScope::Key, keyId));
        return {};
    }));
    addModelLimits(shown, limits);
    return shown;
}

} // namespace delta::admin::litellm
