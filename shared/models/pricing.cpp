#include "shared/models/pricing.h"

namespace delta {

UnitPrices UnitPrices::overlaid(const UnitPrices &over) const
{
    UnitPrices prices = *this;
    forEachField<UnitPrices>([&](const auto &field) {
        if ((over.*(field.member)).has_value()) {
            prices.*(field.member) = over.*(field.member);
        }
    });
    return prices;
}

} // namespace delta
