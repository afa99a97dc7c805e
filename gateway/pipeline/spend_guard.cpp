#include "gateway/pipeline/spend_guard.h"

#include "gateway/pipeline/budget_text.h"
#include "shared/core/saturated.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

/// How much output is paid for ahead where nobody says how long an answer may become. A stream reserves
/// more as it comes; a whole answer is there at once, and what it costs beyond this is a debt.
constexpr qint64 streamedAhead = 4096;
constexpr qint64 wholeAhead = 16'384;
/// An answer of less is of no use to anybody.
constexpr qint64 shortestAnswer = 16;
/// How often a call asks the database of several gateways while the others hold what is left. While there is
/// enough, and other calls take what was given, it asks as long as it may wait: of many budgets one or the other
/// lacks room at any time, which is no reason to refuse.
constexpr int askings = 4;
/// How often a call settles for a shorter answer when others take what it saw to be left.
constexpr int shortenings = 3;

/// Returns how long each answer may become, as far as that is known.
qint64 longestAnswer(const openai::ModelRequest &request, const Deployment &deployment)
{
    constexpr qint64 unknown = std::numeric_limits<qint64>::max();
    const qint64 known = deployment.maxOutputTokens > 0 ? deployment.maxOutputTokens : unknown;
    const qint64 longest = std::min(request.maxOutputTokens.value_or(unknown), known);
    if (longest < unknown) {
        return longest;
    }
    return request.isStream ? streamedAhead : wholeAhead;
}

} // namespace

std::optional<Result<void>> SpendGuard::reserve(const Demand &demand)
{
    m_pricing = &demand.deployment.pricing;
    m_answers = demand.request.answers();
    m_longest = saturatedProduct(longestAnswer(demand.request, demand.deployment), m_answers);
    m_bound = {demand.request.mostInputTokens, m_longest, demand.request.mayHaveAudio};
    m_shorteningsLeft = demand.shortening == Shortening::Allowed ? shortenings : 0;
    beginToAsk();
    return tryToReserve(demand);
}

Task<Result<void>> SpendGuard::reserveLater(const Demand &demand)
{
    std::optional<Result<void>> done;
    while (!done) {
        const Result<void> asked = co_await ask(costOf(m_bound.outputTokens));
        if (!asked) {
            m_cap.reset();
            co_return asked;
        }
        done = tryToReserve(demand);
    }
    co_return *std::move(done);
}

/// Tries until it has something, nothing more can be done, or other gateways' database has to be asked.
std::optional<Result<void>> SpendGuard::tryToReserve(const Demand &demand)
{
    const WallTime at = demand.call.startedAt;
    auto hold = m_budgets.reserve(demand.call, costOf(m_bound.outputTokens), at);
    while (!hold) {
        const Money afford = hold.error().afford;
        m_lacking = std::move(hold.error().lacking);
        m_tightest = std::move(hold).error();
        if (mayAsk(costOf(m_bound.outputTokens))) {
            return std::nullopt;
        }
        if (!shorten(afford)) {
            return refused(demand);
        }
        hold = m_budgets.reserve(demand.call, costOf(m_bound.outputTokens), at);
    }
    demand.request.outputCap = m_cap;
    m_hold = *std::move(hold);
    if (m_hold.isLimited()) {
        m_tightest = m_budgets.tightest(m_hold);
    }
    return Result<void>();
}

void SpendGuard::beginToAsk()
{
    m_askingsLeft = askings;
    m_askUntil = m_desk ? m_clock.steady() + GrantDesk::patience : SteadyTime();
}

/// Says whether the database of several gateways may have what was lacking. Where there is enough it may, even if
/// ask() then says that it took too long: that is no reason to tell of too little money.
bool SpendGuard::mayAsk(Money amount)
{
    if (!m_desk || m_lacking.empty()) {
        return false;
    }
    const bool isThere = m_tightest->left() - m_tightest->elsewhere >= amount;
    return isThere || (m_clock.steady() < m_askUntil && m_askingsLeft-- > 0);
}

Task<Result<void>> SpendGuard::ask(Money amount)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_askUntil - m_clock.steady());
    return m_desk->ask(m_lacking, amount, left);
}

/// Settles for answers that so much pays for. Returns whether they are of use.
bool SpendGuard::shorten(Money afford)
{
    if (m_shorteningsLeft-- <= 0) {
        return false;
    }
    m_cap = shorterAnswers(afford);
    m_bound.outputTokens = m_cap ? *m_cap * m_answers : m_bound.outputTokens;
    return m_cap.has_value();
}

Result<void> SpendGuard::refused(const Demand &demand)
{
    m_cap.reset();
    m_budgets.noteRefusal(m_tightest->budget.id, m_clock.wall());
    const qint64 shortest = demand.shortening == Shortening::Allowed
        ? std::min(m_longest, saturatedProduct(shortestAnswer, m_answers))
        : m_longest;
    return failure(
        budgetError(*m_tightest, {costOf(m_longest), costOf(shortest)}, demand.call.startedAt));
}

/// Returns how long each answer may be for so much; nothing if that is too short to be of use.
std::optional<qint64> SpendGuard::shorterAnswers(Money afford) const
{
    const auto tokens = affordableOutput(afford, m_bound, *m_pricing);
    if (!tokens || m_answers == 0) {
        return std::nullopt;
    }
    const qint64 each = *tokens / m_answers;
    const qint64 asked = m_bound.outputTokens / m_answers;
    return each >= std::min(shortestAnswer, asked) && each > 0 ? std::optional(each) : std::nullopt;
}

std::optional<Result<void>> SpendGuard::cover(qint64 outputTokens)
{
    if (outputTokens <= m_bound.outputTokens || !m_hold.isLimited() || extendAhead(outputTokens)) {
        return Result<void>();
    }
    if (m_desk && !m_lacking.empty()) {
        return std::nullopt;
    }
    return overdrawn(outputTokens);
}

Task<Result<void>> SpendGuard::coverLater(qint64 outputTokens)
{
    beginToAsk();
    while (mayAsk(costOf(outputTokens) - m_hold.amount())) {
        CO_TRY_VOID(co_await ask(costOf(outputTokens) - m_hold.amount()));
        if (extendAhead(outputTokens)) {
            co_return Result<void>();
        }
    }
    co_return overdrawn(outputTokens);
}

Result<void> SpendGuard::overdrawn(qint64 outputTokens) const
{
    m_budgets.noteRefusal(m_tightest->budget.id, m_clock.wall());
    // What this call has reserved itself stands in nobody's way.
    limits::BudgetState others = *m_tightest;
    others.reserved = others.reserved - m_hold.amount();
    const Money more = costOf(outputTokens) - m_hold.amount();
    return failure(budgetError(others, {more, more}, m_clock.wall()));
}

/// Extends to some more than that, or else to that.
bool SpendGuard::extendAhead(qint64 outputTokens)
{
    qint64 ahead = 0;
    if (__builtin_add_overflow(outputTokens, streamedAhead, &ahead)) {
        ahead = outputTokens;
    }
    return extendTo(ahead) || extendTo(outputTokens);
}

bool SpendGuard::extendTo(qint64 outputTokens)
{
    // Prices never fall with the output, so the difference is not below zero.
    const Money more = costOf(outputTokens) - m_hold.amount();
    if (auto extended = m_budgets.extend(m_hold, more, m_clock.wall()); !extended) {
        m_lacking = std::move(extended.error().lacking);
        m_tightest = std::move(extended).error();
        return false;
    }
    m_bound.outputTokens = outputTokens;
    return true;
}

WallTime SpendGuard::countsAt(WallTime startedAt) const
{
    // The book's time does not follow a clock that is set back, but the ledger must not be dated wrong.
    constexpr std::chrono::minutes skew{1};
    return m_hold.isMoved() || m_hold.at() - startedAt <= skew ? std::max(startedAt, m_hold.at())
                                                               : startedAt;
}

void SpendGuard::settle(const SpendEntry &call, std::uint64_t offset)
{
    m_budgets.settle(std::move(m_hold), call, offset);
}

Money SpendGuard::costOf(qint64 outputTokens) const
{
    UsageBound bound = m_bound;
    bound.outputTokens = outputTokens;
    return highestCost(bound, *m_pricing);
}

ports::HeaderList SpendGuard::fields() const
{
    if (!m_tightest) {
        return {};
    }
    ports::HeaderList fields{
        {"x-deltallm-budget-remaining"_ba, m_tightest->left().toUsd().toLatin1()}};
    if (m_tightest->renewsAt) {
        fields.emplace_back("x-deltallm-budget-reset"_ba,
                            utcText(*m_tightest->renewsAt).toLatin1());
    }
    if (m_cap) {
        fields.emplace_back("x-deltallm-max-tokens"_ba, QByteArray::number(*m_cap));
    }
    return fields;
}

} // namespace delta::pipeline
