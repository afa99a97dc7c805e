#include "gateway/admin/model_limits.h"

#include "shared/json/json_codec.h"

#include <algorithm>
#include <array>
#include <optional>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// A map of models to one of their limits.
struct ModelMap {
    QLatin1StringView name;
    std::optional<qint64> RateLimits::*limit;
};

constexpr std::array modelMaps{
    ModelMap{"model_rpm_limit"_L1, &RateLimits::requestsPerMinute},
    ModelMap{"model_tpm_limit"_L1, &RateLimits::tokensPerMinute},
    ModelMap{"model_max_parallel_requests"_L1, &RateLimits::parallelRequests},
};

RateLimits &limitsOf(const QString &model, std::vector<RateLimit> &limits)
{
    const auto found = std::ranges::find_if(
        limits, [&model](const RateLimit &limit) { return limit.subject.model == model; });
    return found != limits.end()
        ? found->limits
        : limits.emplace_back(RateLimit{{RateScope::Key, {}, {}, model}, {}}).limits;
}

Result<void> readMap(const QJsonValue &value, const ModelMap &map, std::vector<RateLimit> &limits)
{
    const JsonPlace place{map.name, DocumentKind::Patch};
    if (!value.isObject()) {
        return failure(place.error(u"must be an object of models and whole numbers"_s));
    }
    const QJsonObject models = value.toObject();
    for (auto entry = models.begin(); entry != models.end(); ++entry) {
        const JsonPlace here{map.name + u'.' + entry.key(), DocumentKind::Patch};
        qint64 limit = 0;
        TRY_VOID(JsonCodec<qint64>::decode(entry.value(), here, limit));
        if (entry.key().isEmpty() || limit < 0) {
            return failure(here.error(entry.key().isEmpty() ? u"must name a model"_s
                                                            : u"must not be negative"_s));
        }
        limitsOf(entry.key(), limits).*map.limit = limit;
    }
    return {};
}

} // namespace

Result<std::vector<RateLimit>> takeModelLimits(QJsonObject &object)
{
    std::vector<RateLimit> limits;
    for (const ModelMap &map : modelMaps) {
        if (const QJsonValue value = object.take(map.name); !value.isUndefined()) {
            TRY_VOID(readMap(value, map, limits));
        }
    }
    return limits;
}

void addModelLimits(QJsonObject &key, const std::vector<RateLimit> &limits)
{
    for (const ModelMap &map : modelMaps) {
        QJsonObject models;
        for (const RateLimit &limit : limits) {
            if (const auto &value = limit.limits.*map.limit;
                value && !limit.subject.model.isEmpty()) {
                models.insert(limit.subject.model, *value);
            }
        }
        key.insert(map.name, models.isEmpty() ? QJsonValue(QJsonValue::Null) : models);
    }
}

} // namespace delta::admin
