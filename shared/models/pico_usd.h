#pragma once

#include <QString>

#include <cstdint>
#include <expected>

namespace delta {

/// A price in pico-USD (1e-12 USD) per unit: 2.50 USD per million tokens is 2'500'000.
using PicoUsd = std::int64_t;

/// The highest price of one unit that is taken: a million USD. More is a slip of the pen.
inline constexpr PicoUsd highestUnitPrice = 1'000'000'000'000'000'000;

/// Reads a price in USD per unit, such as "0.0000025" or "2.5e-06", exactly.
/// Errors: a text beginning with "must", for what is no number, negative, above a million USD, or
/// no whole number of pico-USD.
[[nodiscard]] std::expected<PicoUsd, QString> fromUsdPerUnit(QStringView text);

/// Reads a price as providers publish it, in USD per million units, such as "2.50".
/// Errors: as above.
[[nodiscard]] std::expected<PicoUsd, QString> fromUsdPerMillion(QStringView text);

/// Writes a price in USD per unit, in plain digits: 2'500'000 is "0.0000025".
[[nodiscard]] QString toUsdPerUnit(PicoUsd price);

} // namespace delta
