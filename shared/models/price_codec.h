#pragma once

#include "shared/json/value_codec.h"
#include "shared/models/pico_usd.h"

namespace delta {

/// A price as a JSON number in USD per unit, e.g. 2.5e-06. The shortest text of the number is read
/// exactly and never calculated with, so what a client wrote is what is charged, for all prices of
/// up to 15 significant digits.
struct PriceCodec {
    static QJsonValue encode(PicoUsd value)
    {
        return numberFromText(toUsdPerUnit(value));
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, PicoUsd &target)
    {
        const auto price = fromUsdPerUnit(numberText(json).value_or(QString()));
        if (!price) {
            return failure(place.error(price.error()));
        }
        target = *price;
        return {};
    }
};

/// The same, and null for no price.
using OptionalPrice = OptionalCodec<PicoUsd, PriceCodec>;

} // namespace delta
