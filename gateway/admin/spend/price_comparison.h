#pragma once

#include "gateway/store/usage_question.h"
#include "shared/billing/price_book.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

#include <vector>

namespace delta::admin {

/// A model of the price book.
struct PricedModel {
    QString name; ///< "provider/model"
    Pricing pricing;
};

/// Reads `models`, names with commas between. Errors: InvalidRequest naming the parameter.
[[nodiscard]] Result<std::vector<PricedModel>> readModels(const QUrlQuery &query,
                                                          const PriceBook &prices);

/// Says what the calls of each group of a report, which is by model, would have cost at the prices of other models: as
/// many tokens, at the base price of each kind. Prices that depend on a call's length are not looked at, for sums do not
/// know how long calls were.
[[nodiscard]] QJsonObject comparisonJson(const store::UsageReport &report,
                                         const std::vector<PricedModel> &models);

} // namespace delta::admin
