#include "gateway/pipeline/budget_text.h"

#include "shared/core/quoted.h"

#include <QDateTime>
#include <QTimeZone>

#include <chrono>
#include <optional>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

/// Names whose budget it is, in the words of who reads an error: "the team 'sales'".
QString name(const Budget &budget)
{
    const QString id = quoted(budget.scopeId);
    switch (budget.scope) {
    case BudgetScope::Gateway:
        return u"this gateway"_s;
    case BudgetScope::Team:
        return u"the team "_s + id;
    case BudgetScope::TeamMember:
        return u"the member %1 of the team %2"_s.arg(quoted(budget.memberId), id);
    case BudgetScope::User:
        return u"the user "_s + id;
    case BudgetScope::Key:
        return u"the API key "_s + id;
    case BudgetScope::EndUser:
        return u"the end user "_s + id;
    case BudgetScope::Model:
        return u"the model "_s + id;
    case BudgetScope::Deployment:
        return u"the deployment "_s + id;
    case BudgetScope::Provider:
        return u"the provider "_s + id;
    case BudgetScope::Organization:
        return u"the organisation "_s + id;
    case BudgetScope::Tag:
        return u"the tag "_s + id;
    }
    Q_UNREACHABLE_RETURN({});
}

QString limitText(const limits::BudgetState &state)
{
    const QString limit = state.limit.value_or(Money()).toUsd() + u" USD"_s;
    return state.budget.duration ? limit + u" per "_s + state.budget.duration->toText() : limit;
}

std::chrono::seconds secondsUntil(WallTime at, WallTime now)
{
    return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(at - now));
}

} // namespace

ApiError budgetError(const limits::BudgetState &state, const Wanted &wanted, WallTime now)
{
    // What calls under way have reserved, here or in other gateways, is more than they will cost, and soon free again.
    const bool isBusy = state.reserved + state.elsewhere > Money()
        && state.limit.value_or(Money()) - state.spent >= wanted.least;
    const auto renewsAt = isBusy ? std::optional(now + std::chrono::seconds(1)) : state.renewsAt;
    QString renewal = u"It does not renew by itself; ask an administrator to raise it."_s;
    if (isBusy) {
        renewal = u"It may have more when those end."_s;
    } else if (renewsAt) {
        renewal = u"It has more again at %1."_s.arg(utcText(*renewsAt));
    }
    QString reserved = state.reserved > Money()
        ? u", and calls under way have reserved %1 USD"_s.arg(state.reserved.toUsd())
        : QString();
    if (state.elsewhere > Money()) {
        reserved += u", and other gateways hold up to %1 USD"_s.arg(state.elsewhere.toUsd());
    }
    return ApiError::budgetExceeded(
        u"The budget of %1 does not pay for this call: its limit is %2, %3 USD are spent%4; "
        "the call may cost up to %5 USD more. %6"_s.arg(name(state.budget), limitText(state),
                                                        state.spent.toUsd(), reserved,
                                                        wanted.most.toUsd(), renewal),
        renewsAt.transform([now](WallTime at) { return secondsUntil(at, now); }));
}

QString utcText(WallTime at)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(at.time_since_epoch()).count();
    return QDateTime::fromSecsSinceEpoch(seconds, QTimeZone::UTC).toString(Qt::ISODate);
}

} // namespace delta::pipeline
