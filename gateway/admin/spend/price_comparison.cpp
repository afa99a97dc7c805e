#include "gateway/admin/spend/price_comparison.h"

#include "gateway/admin/query_values.h"
#include "gateway/admin/spend/spend_json.h"
#include "shared/billing/cost.h"
#include "shared/core/nearest_name.h"
#include "shared/core/quoted.h"
#include "shared/json/value_codec.h"

#include <QJsonArray>

#include <limits>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr qsizetype mostModels = 20;

/// What as many calls with that usage would have cost.
Money costOf(const store::SpendTotals &totals, const Pricing &pricing)
{
    Pricing base;
    base.base = pricing.base;
    const std::optional<PicoUsd> perCall = std::exchange(base.base.request, std::nullopt);
    Money total = cost(totals.usage, base);
    if (perCall) {
        constexpr qint64 picosPerNano = 1000;
        const auto picos = static_cast<__int128>(*perCall) * totals.requests;
        const auto nanos = (picos + picosPerNano / 2) / picosPerNano;
        constexpr auto most = std::numeric_limits<qint64>::max();
        total += Money::fromNanos(nanos > most ? most : static_cast<qint64>(nanos));
    }
    return total;
}

QJsonObject costsJson(const store::SpendTotals &totals, const std::vector<PricedModel> &models)
{
    QJsonObject costs;
    for (const PricedModel &model : models) {
        costs.insert(model.name, JsonCodec<Money>::encode(costOf(totals, model.pricing)));
    }
    return costs;
}

} // namespace

Result<std::vector<PricedModel>> readModels(const QUrlQuery &query, const PriceBook &prices)
{
    std::vector<PricedModel> models;
    const QString text = query.queryItemValue(u"models"_s, QUrl::FullyDecoded);
    for (const QString &name : text.split(u',', Qt::SkipEmptyParts)) {
        const qsizetype slash = name.indexOf(u'/');
        const Pricing *found = slash > 0 ? prices.find(name.first(slash), name.sliced(slash + 1))
                                         : nullptr;
        if (!found) {
            QStringList known;
            for (const PriceBook::Entry &entry : prices.entries()) {
                known.append(entry.provider + u'/' + entry.model);
            }
            const QString nearest = nearestName(name, known);
            return wrongParameter("models"_L1,
                                  u"names %1, whose price is not known%2"_s.arg(
                                      quoted(name),
                                      nearest.isEmpty()
                                          ? u"; write provider/model"_s
                                          : u"; did you mean %1?"_s.arg(quoted(nearest))));
        }
        models.push_back({name, *found});
    }
    if (models.empty() || std::ssize(models) > mostModels) {
        return wrongParameter("models"_L1,
                              u"must name 1 to %1 models, as provider/model"_s.arg(mostModels));
    }
    return models;
}

QJsonObject comparisonJson(const store::UsageReport &report, const std::vector<PricedModel> &models)
{
    QJsonArray groups;
    for (const store::UsageGroup &group : report.groups) {
        groups.append(QJsonObject{{"model"_L1, QString::fromUtf8(group.name)},
                                  {"totals"_L1, totalsJson(group.totals)},
                                  {"costs"_L1, costsJson(group.totals, models)}});
    }
    return {{"totals"_L1, totalsJson(report.totals)},
            {"costs"_L1, costsJson(report.totals, models)},
            {"groups"_L1, groups}};
}

} // namespace delta::admin
