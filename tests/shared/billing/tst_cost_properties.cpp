// labels: money
#include "shared/billing/cost.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <algorithm>
#include <vector>

namespace delta {

namespace {

constexpr int rounds = 100'000;

/// A number of any length in decimal limbs: long multiplication and addition as taught at school,
/// and nothing in common with the code under test.
class LongNumber
{
public:
    explicit LongNumber(std::uint64_t value = 0)
    {
        for (; value > 0; value /= base) {
            m_limbs.push_back(value % base);
        }
    }
    LongNumber operator*(const LongNumber &other) const
    {
        LongNumber product;
        product.m_limbs.assign(m_limbs.size() + other.m_limbs.size(), 0);
        for (std::size_t i = 0; i < m_limbs.size(); ++i) {
            for (std::size_t j = 0; j < other.m_limbs.size(); ++j) {
                product.m_limbs[i + j] += m_limbs[i] * other.m_limbs[j];
                product.m_limbs[i + j + 1] += product.m_limbs[i + j] / base;
                product.m_limbs[i + j] %= base;
            }
        }
        return product;
    }
    LongNumber &operator+=(const LongNumber &other)
    {
        m_limbs.resize(std::max(m_limbs.size(), other.m_limbs.size()) + 1, 0);
        for (std::size_t i = 0; i + 1 < m_limbs.size(); ++i) {
            m_limbs[i] += i < other.m_limbs.size() ? other.m_limbs[i] : 0;
            m_limbs[i + 1] += m_limbs[i] / base;
            m_limbs[i] %= base;
        }
        return *this;
    }
    /// Returns the digits without leading zeros; "" for zero.
    [[nodiscard]] QByteArray digits() const
    {
        QByteArray text;
        for (const std::uint64_t limb : m_limbs) {
            text.prepend(QByteArray::number(quint64(limb)).rightJustified(9, '0'));
        }
        return text.sliced(std::distance(
            text.begin(), std::ranges::find_if(text, [](char digit) { return digit != '0'; })));
    }

private:
    static constexpr std::uint64_t base = 1'000'000'000;
    std::vector<std::uint64_t> m_limbs; ///< Least significant first.
};

std::uint64_t notNegative(std::int64_t value)
{
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

/// Returns total minus parts, not below zero, without ever forming a difference that could
/// overflow.
std::uint64_t left(std::int64_t total, std::vector<std::int64_t> parts)
{
    std::uint64_t remaining = notNegative(total);
    for (const std::int64_t part : parts) {
        remaining -= std::min(remaining, notNegative(part));
    }
    return remaining;
}

/// The rule of cost() once more, by long arithmetic. Half up is: add half, then drop three digits.
Money referenceCost(const Usage &usage, const UnitPrices &prices)
{
    struct Line {
        std::uint64_t count;
        std::optional<PicoUsd> price;
    };
    const auto input = prices.input;
    const auto output = prices.output;
    const std::vector<Line> lines{
        {left(usage.inputTokens,
              {usage.cacheReadTokens, usage.cacheWriteTokens, usage.audioInputTokens}),
         input},
        {notNegative(usage.cacheReadTokens), prices.cacheRead ? prices.cacheRead : input},
        {notNegative(usage.cacheWriteTokens), prices.cacheWrite ? prices.cacheWrite : input},
        {notNegative(usage.audioInputTokens), prices.audioInput ? prices.audioInput : input},
        {left(usage.outputTokens, {usage.reasoningTokens, usage.audioOutputTokens}), output},
        {notNegative(usage.reasoningTokens), prices.reasoning ? prices.reasoning : output},
        {notNegative(usage.audioOutputTokens), prices.audioOutput ? prices.audioOutput : output},
        {notNegative(usage.images), prices.image},
        {1, prices.request},
    };
    LongNumber sum(500);
    for (const Line &line : lines) {
        sum += LongNumber(line.count) * LongNumber(notNegative(line.price.value_or(0)));
    }
    const QByteArray nanos = sum.digits().chopped(std::min<qsizetype>(3, sum.digits().size()));
    bool fits = true;
    const qint64 value = nanos.isEmpty() ? 0 : nanos.toLongLong(&fits);
    return Money::fromNanos(fits ? value : std::numeric_limits<qint64>::max());
}

std::optional<PicoUsd> anyPrice(Dice &dice)
{
    return dice.between(0, 3) == 0 ? std::nullopt : std::optional<PicoUsd>(dice.ofAnySize());
}

UnitPrices anyPrices(Dice &dice)
{
    UnitPrices prices;
    forEachField<UnitPrices>([&](const auto &field) { prices.*(field.member) = anyPrice(dice); });
    prices.input = dice.ofAnySize();
    return prices;
}

Usage anyUsage(Dice &dice)
{
    return {dice.ofAnySize(), dice.ofAnySize(), dice.ofAnySize(), dice.ofAnySize(),
            dice.ofAnySize(), dice.ofAnySize(), dice.ofAnySize(), dice.ofAnySize()};
}

/// A usage that a provider could report, with parts within their totals.
Usage plausibleUsage(Dice &dice)
{
    Usage usage{.inputTokens = dice.between(0, 2'000'000),
                .outputTokens = dice.between(0, 200'000)};
    usage.cacheReadTokens = dice.between(0, usage.inputTokens / 3);
    usage.cacheWriteTokens = dice.between(0, usage.inputTokens / 3);
    usage.audioInputTokens = dice.between(0, usage.inputTokens / 3);
    usage.reasoningTokens = dice.between(0, usage.outputTokens / 2);
    usage.audioOutputTokens = dice.between(0, usage.outputTokens / 2);
    usage.images = dice.between(0, 4);
    return usage;
}

/// Prices up to 1,000 USD per million tokens, to the pico.
UnitPrices plausiblePrices(Dice &dice)
{
    UnitPrices prices;
    forEachField<UnitPrices>([&](const auto &field) {
        if (dice.between(0, 2) > 0) {
            prices.*(field.member) = dice.between(0, 1'000'000'000);
        }
    });
    prices.input = dice.between(0, 1'000'000'000);
    return prices;
}

} // namespace

class CostPropertiesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithLongArithmeticOnPlausibleCalls();
    void agreesWithLongArithmeticOnAnythingAtAll();
    void isNeverOffByMoreThanHalfANano();
    void isNeverNegative();
    void neverFallsWhenMoreIsConsumed();
    void chargesTwoCallsLikeOneButForRounding();
    void chargesALongerContextLikeItsTier();
};

void CostPropertiesTest::agreesWithLongArithmeticOnPlausibleCalls()
{
    Dice dice(1);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Usage usage = plausibleUsage(dice);
        const UnitPrices prices = plausiblePrices(dice);
        const Money charged = cost(usage, Pricing{.base = prices});
        QVERIFY2(charged == referenceCost(usage, prices), dice.where());
    }
}

void CostPropertiesTest::agreesWithLongArithmeticOnAnythingAtAll()
{
    Dice dice(2);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Usage usage = anyUsage(dice);
        const UnitPrices prices = anyPrices(dice);
        const Money charged = cost(usage, Pricing{.base = prices});
        QVERIFY2(charged == referenceCost(usage, prices), dice.where());
    }
}

void CostPropertiesTest::isNeverOffByMoreThanHalfANano()
{
    Dice dice(3);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Charge result = charge(plausibleUsage(dice), Pricing{.base = plausiblePrices(dice)});
        const PicoSum error = PicoSum(result.total.nanos()) * 1000 - result.parts.total();
        QVERIFY2(error <= 500 && error > -500, dice.where());
    }
}

void CostPropertiesTest::isNeverNegative()
{
    Dice dice(4);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        Pricing pricing{.base = anyPrices(dice)};
        pricing.tiers = {{dice.countOfAnySize(), anyPrices(dice)}};
        const Charge result = charge(anyUsage(dice), pricing);
        QVERIFY2(result.total >= Money() && result.parts.total() >= 0, dice.where());
    }
}

void CostPropertiesTest::neverFallsWhenMoreIsConsumed()
{
    // A part grows together with its total: moving input into the cache may well make a call
    // cheaper.
    struct Growth {
        qint64 Usage::*part;
        qint64 Usage::*total;
    };
    constexpr std::array growths{Growth{&Usage::inputTokens, nullptr},
                                 Growth{&Usage::outputTokens, nullptr},
                                 Growth{&Usage::images, nullptr},
                                 Growth{&Usage::cacheReadTokens, &Usage::inputTokens},
                                 Growth{&Usage::cacheWriteTokens, &Usage::inputTokens},
                                 Growth{&Usage::audioInputTokens, &Usage::inputTokens},
                                 Growth{&Usage::reasoningTokens, &Usage::outputTokens},
                                 Growth{&Usage::audioOutputTokens, &Usage::outputTokens}};
    Dice dice(5);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Usage before = plausibleUsage(dice);
        const Pricing pricing{.base = plausiblePrices(dice)};
        const Growth &growth =
            growths[static_cast<std::size_t>(dice.between(0, growths.size() - 1))];
        const qint64 more = dice.between(0, 1'000'000);
        Usage after = before;
        after.*(growth.part) += more;
        if (growth.total) {
            after.*(growth.total) += more;
        }
        QVERIFY2(cost(after, pricing) >= cost(before, pricing), dice.where());
    }
}

void CostPropertiesTest::chargesTwoCallsLikeOneButForRounding()
{
    Dice dice(6);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        Pricing pricing{.base = plausiblePrices(dice)};
        pricing.base.request.reset();
        const Usage a = plausibleUsage(dice);
        const Usage b = plausibleUsage(dice);
        const Usage both{a.inputTokens + b.inputTokens,
                         a.outputTokens + b.outputTokens,
                         a.cacheReadTokens + b.cacheReadTokens,
                         a.cacheWriteTokens + b.cacheWriteTokens,
                         a.reasoningTokens + b.reasoningTokens,
                         a.audioInputTokens + b.audioInputTokens,
                         a.audioOutputTokens + b.audioOutputTokens,
                         a.images + b.images};
        const Money difference = cost(both, pricing) - (cost(a, pricing) + cost(b, pricing));
        QVERIFY2(std::abs(difference.nanos()) <= 1, dice.where());
    }
}

void CostPropertiesTest::chargesALongerContextLikeItsTier()
{
    Dice dice(7);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Usage usage = plausibleUsage(dice);
        Pricing pricing{.base = plausiblePrices(dice)};
        const UnitPrices tier = plausiblePrices(dice);
        const std::int64_t edge = dice.between(1, 2'000'000);
        pricing.tiers = {{edge, tier}};
        const UnitPrices expected = usage.inputTokens > edge ? pricing.base.overlaid(tier)
                                                             : pricing.base;
        QVERIFY2(cost(usage, pricing) == referenceCost(usage, expected), dice.where());
    }
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::CostPropertiesTest)
#include "tst_cost_properties.moc"
