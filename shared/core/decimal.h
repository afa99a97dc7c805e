#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <expected>

namespace delta {

/// Whether a number may be written with an exponent, as in "2.5e-06".
enum class Exponent { Refuse, Accept };

/// Why a text is not a decimal number that fits.
enum class DecimalFault {
    Malformed, ///< Not a decimal number.
    TooFine,   ///< More decimals than can be kept; nothing is ever rounded.
    TooLarge,  ///< Beyond 64 bits.
};

/// Reads a decimal number exactly, as a count of 10^-scale parts: "12.5" at scale 3 is 12'500.
/// ASCII digits, an optional leading minus and an optional point between digits; nothing else.
/// No floating point is involved, and the work is linear in the length of the text.
[[nodiscard]] std::expected<std::int64_t, DecimalFault> parseDecimal(
    QStringView text, int scale, Exponent exponent = Exponent::Refuse);

/// Writes value × 10^-scale in plain digits without needless zeros: 12'500 at scale 3 is "12.5".
[[nodiscard]] QString decimalText(std::int64_t value, int scale);

/// Appends that text to another.
void appendDecimal(QByteArray &text, std::int64_t value, int scale);

} // namespace delta
