#include "gateway/pipeline/rate_rules.h"

#include "gateway/pipeline/metering.h"
#include "shared/core/saturated.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <string_view>
#include <utility>

namespace delta::pipeline {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using limits::RateRule;
using limits::RateState;
using limits::RateUnit;

namespace {

using std::chrono::milliseconds;

/// Writes numbers with their units one after another, on the stack: a call has several of them.
class ShortText
{
public:
    void add(qint64 number, std::string_view unit)
    {
        m_end = std::to_chars(m_end, m_text.data() + m_text.size(), number).ptr;
        m_end = std::ranges::copy(unit, m_end).out;
    }
    [[nodiscard]] QByteArray text() const
    {
        return {m_text.data(), m_end - m_text.data()};
    }

private:
    std::array<char, 80> m_text; // Three numbers of twenty digits, and their units.
    char *m_end = m_text.data();
};

/// Writes a duration as OpenAI does: "340ms", "7s", "2m30s", "1h0m5s"; beyond a second
/// rounded up to one.
QByteArray durationText(milliseconds duration)
{
    ShortText text;
    if (duration < 1s) {
        text.add(duration.count(), "ms");
        return text.text();
    }
    const qint64 seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    if (seconds >= 3600) {
        text.add(seconds / 3600, "h");
    }
    if (seconds >= 60) {
        text.add(seconds / 60 % 60, "m");
    }
    text.add(seconds % 60, "s");
    return text.text();
}

QByteArray numberText(qint64 number)
{
    ShortText text;
    text.add(number, {});
    return text.text();
}

/// Of two limits with as much left, the one that takes longer to be whole again is in the way for longer.
bool isTighter(const RateState &state, const RateState &other)
{
    return std::pair(state.remaining(), other.resetsIn)
        < std::pair(other.remaining(), state.resetsIn);
}

/// The header fields for one unit.
struct FieldNames {
    QByteArray limit;
    QByteArray remaining;
    QByteArray reset;
};

void appendFields(std::span<const RateState> states, RateUnit unit, const FieldNames &names,
                  ports::HeaderList &fields)
{
    const RateState *tightest = nullptr;
    for (const RateState &state : states) {
        if (state.rule.unit == unit && (!tightest || isTighter(state, *tightest))) {
            tightest = &state;
        }
    }
    if (tightest) {
        fields.emplace_back(names.limit, numberText(tightest->rule.limit));
        fields.emplace_back(names.remaining, numberText(tightest->remaining()));
        fields.emplace_back(names.reset, durationText(tightest->resetsIn));
    }
}

} // namespace

std::vector<RateRule> rateRulesOf(const RateSources &sources, const SpendEntry &call,
                                  const Deployment &deployment)
{
    std::vector<RateRule> rules;
    if (sources.key && sources.key->terms->limits != RateLimits()) {
        const QString id = QString::fromUtf8(sources.key->id);
        limits::addRules(sources.key->terms->limits,
                         limits::counterName({RateScope::Key, id, {}, {}}), rules);
    }
    if (!sources.table.isEmpty()) {
        rules.reserve(32);
        sources.table.addRules(call, deployment.modelName.toUtf8(), rules);
    }
    if (sources.maxParallelRequests) {
        rules.push_back({limits::counterName({RateScope::Gateway, {}, {}, {}}), RateUnit::Parallel,
                         milliseconds::zero(), *sources.maxParallelRequests});
    }
    return rules;
}

qint64 rateTokensOf(const openai::ModelRequest &request)
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / 4;
    const qint64 output = saturatedProduct(request.maxOutputTokens.value_or(0), request.answers());
    return std::min(estimatedInputTokens(request), most) + std::min(output, most);
}

ApiError rateError(const limits::RateRefusal &refusal)
{
    const RateRule &rule = refusal.rule;
    const QString rate = u"The %1 is allowed %2"_s.arg(QString::fromUtf8(rule.counter),
                                                       limits::limitText(rule));
    if (!refusal.retryAfter) {
        const QString reason = rule.unit == RateUnit::Tokens
            ? u"this call alone needs %1. Send less, or allow a shorter answer with max_tokens."_s
                  .arg(refusal.wanted)
            : u"that lets no call through."_s;
        return ApiError::rateLimited(rate + u"; "_s + reason, std::nullopt);
    }
    return ApiError::rateLimited(
        u"%1; %2 are used, and this call needs %3. There is room again in %4."_s.arg(rate)
            .arg(refusal.used)
            .arg(refusal.wanted)
            .arg(QLatin1StringView(durationText(*refusal.retryAfter))),
        std::max(std::chrono::seconds(1),
                 std::chrono::ceil<std::chrono::seconds>(*refusal.retryAfter)));
}

ApiError rateOutage()
{
    ApiError error = ApiError::storeUnavailable(
        u"The rate limits of this call cannot be checked at the moment: the store that this "
        u"gateway "
        "shares them in does not answer. Try again shortly."_s);
    error.retryAfter = std::chrono::seconds(1);
    return error;
}

ports::HeaderList rateFields(std::span<const RateState> states)
{
    ports::HeaderList fields;
    fields.reserve(6);
    appendFields(states, RateUnit::Requests,
                 {"x-ratelimit-limit-requests"_ba, "x-ratelimit-remaining-requests"_ba,
                  "x-ratelimit-reset-requests"_ba},
                 fields);
    appendFields(states, RateUnit::Tokens,
                 {"x-ratelimit-limit-tokens"_ba, "x-ratelimit-remaining-tokens"_ba,
                  "x-ratelimit-reset-tokens"_ba},
                 fields);
    return fields;
}

} // namespace delta::pipeline
