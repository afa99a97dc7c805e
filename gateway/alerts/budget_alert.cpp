#include "gateway/alerts/budget_alert.h"

#include "shared/core/quoted.h"
#include "shared/json/json_codec.h"

#include <QDateTime>
#include <QJsonDocument>

namespace delta::alerts {

using namespace Qt::StringLiterals;

namespace {

constexpr auto fullThreshold = "100"_L1;
constexpr qsizetype idLength = 22; ///< 131 bits.

/// Says whose calls the budget counts: "team 'sales'", "the gateway".
QString ownerOf(const Budget &budget)
{
    if (budget.scope == BudgetScope::Gateway) {
        return u"the gateway"_s;
    }
    const QString kind = QString(enumName(budget.scope)).replace(u'_', u' ');
    const QString owner = kind + u' ' + quoted(budget.scopeId);
    return budget.memberId.isEmpty() ? owner : owner + u", "_s + quoted(budget.memberId);
}

QString usd(Money amount)
{
    return amount.toUsd() + u" USD"_s;
}

} // namespace

QString timeText(WallTime time)
{
    return QDateTime::fromStdTimePoint(time).toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC"_s;
}

QString BudgetAlert::headline() const
{
    if (isTest()) {
        return u"A test of the alerts"_s;
    }
    const QString name = u"the budget %1 of %2"_s.arg(quoted(budget.id), ownerOf(budget));
    if (threshold == softThreshold) {
        return u"The soft limit of %1 is reached"_s.arg(name);
    }
    return threshold == fullThreshold ? u"%1 is used up"_s.arg(u'T' + name.sliced(1))
                                      : u"%1 % of %2 is spent"_s.arg(threshold, name);
}

QString BudgetAlert::message() const
{
    if (isTest()) {
        return u"This is a test of the alerts of %1; it is about no budget."_s.arg(instance);
    }
    const std::optional<Money> of = threshold == softThreshold ? budget.softBudget : limit;
    QString text = headline() + u": "_s + usd(spent);
    if (of) {
        text += u" of "_s + usd(*of);
    }
    if (budget.duration) {
        text += budget.reset == BudgetReset::Rolling ? u" in the last "_s : u" per "_s;
        text += budget.duration->toText();
    }
    text += u'.';
    if (threshold == fullThreshold) {
        text += u" Calls that it counts are refused."_s;
    }
    return renewsAt ? text + u" It begins anew at %1."_s.arg(timeText(*renewsAt)) : text;
}

BudgetAlert BudgetAlert::test(const QString &instance, WallTime now, Random &random)
{
    BudgetAlert alert;
    alert.event = QString(testEvent);
    alert.id = u"test_"_s + QString::fromLatin1(randomText(random, idLength));
    alert.createdAt = now;
    alert.instance = instance;
    return alert;
}

QByteArray BudgetAlert::toEvent() const
{
    return QJsonDocument(toJson(*this)).toJson(QJsonDocument::Compact);
}

Result<BudgetAlert> BudgetAlert::fromEvent(const QByteArray &event)
{
    return fromJson<BudgetAlert>(QJsonDocument::fromJson(event).object());
}

} // namespace delta::alerts
