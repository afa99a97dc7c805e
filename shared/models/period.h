#pragma once

#include "shared/json/value_codec.h"

#include <QString>

#include <expected>

namespace delta {

/// The units of a Period.
enum class PeriodUnit { Second, Minute, Hour, Day, Week, Month };

/// A length of time as budgets and limits are given one: "30s", "5m", "12h", "7d", "2w" or "1mo". It is
/// not a number of seconds, for months and days differ in length; budget_window.h says when one begins.
struct Period {
    int count = 1; ///< 1 to 10,000.
    PeriodUnit unit = PeriodUnit::Day;

    bool operator==(const Period &) const = default;

    /// Reads a period as LiteLLM spells it.
    /// Errors: a text saying what is wrong, to be put after the name of the field.
    [[nodiscard]] static std::expected<Period, QString> fromText(QStringView text);
    /// Returns the text that fromText() reads.
    [[nodiscard]] QString toText() const;
};

/// The text of a period, e.g. "30d".
template <>
struct JsonCodec<Period> {
    static QJsonValue encode(const Period &value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, Period &target);
};

} // namespace delta
