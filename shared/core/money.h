#pragma once

#include <QString>

#include <compare>
#include <cstdint>
#include <expected>
#include <limits>

namespace delta {

/// An amount of money in nano-USD (1e-9 USD), as a 64-bit integer: exact up to 9.2 billion USD.
/// Sums saturate at the ends instead of wrapping, so that a hostile number can never turn a debt
/// into a credit.
class Money
{
public:
    constexpr Money() = default;
    [[nodiscard]] static constexpr Money fromNanos(std::int64_t nanos)
    {
        return Money(nanos);
    }
    /// Reads a decimal USD amount such as "12.5" or "-0.000000001": at most nine decimals, and no
    /// exponent. Errors: a text saying what is wrong, to be put after the name of the field.
    [[nodiscard]] static std::expected<Money, QString> fromUsd(QStringView text);

    [[nodiscard]] constexpr std::int64_t nanos() const
    {
        return m_nanos;
    }
    /// Returns the amount in USD as a JSON number with at most nine decimals: "0.000125" or "3".
    [[nodiscard]] QString toUsd() const;

    friend constexpr auto operator<=>(Money, Money) = default;
    friend constexpr Money operator+(Money a, Money b)
    {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(a.m_nanos, b.m_nanos, &sum)) {
            return Money(b.m_nanos > 0 ? highest : lowest);
        }
        return Money(sum);
    }
    friend constexpr Money operator-(Money a, Money b)
    {
        std::int64_t difference = 0;
        if (__builtin_sub_overflow(a.m_nanos, b.m_nanos, &difference)) {
            return Money(b.m_nanos < 0 ? highest : lowest);
        }
        return Money(difference);
    }
    constexpr Money &operator+=(Money other)
    {
        return *this = *this + other;
    }

private:
    static constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    explicit constexpr Money(std::int64_t nanos)
        : m_nanos(nanos)
    {
    }

    std::int64_t m_nanos = 0;
};

} // namespace delta
