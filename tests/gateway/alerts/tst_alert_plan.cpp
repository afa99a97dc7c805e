#include "gateway/alerts/alert_plan.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::alerts;

namespace {

const QStringList all{u"webhook"_s, u"email"_s};

Budget budgetOf(BudgetScope scope, const QString &id)
{
    Budget budget;
    budget.scope = scope;
    budget.scopeId = id;
    return budget;
}

AlertRule ruleOf(std::vector<int> thresholds, const QStringList &channels = {})
{
    AlertRule rule;
    rule.thresholds = std::move(thresholds);
    rule.channels = channels;
    return rule;
}

} // namespace

class AlertPlanTest : public QObject
{
    Q_OBJECT

    AlertPlan m_plan{{50, 100}, all};
    const Budget m_team = budgetOf(BudgetScope::Team, u"sales"_s);
    const Budget m_key = budgetOf(BudgetScope::Key, u"k1"_s);

private Q_SLOTS:
    void init()
    {
        m_plan.useRules({});
    }

    void tellsWhatTheFileSaysWhereNoRuleCovers()
    {
        AlertRule rule = ruleOf({10});
        rule.scope = BudgetScope::Team;
        m_plan.useRules({rule});
        const Telling told = m_plan.of(m_key);
        QCOMPARE(told.percentages, (std::vector{50, 100}));
        QCOMPARE(told.channels.at(u"50"_s), all);
        QCOMPARE(told.channels.at(u"soft"_s), all);
        QCOMPARE(m_plan.of(m_team).percentages, std::vector{10});
    }

    void tellsWhatAllRulesSayThatCover()
    {
        m_plan.useRules({ruleOf({90, 20}, {u"email"_s}), ruleOf({90}, {u"webhook"_s})});
        const Telling told = m_plan.of(m_team);
        QCOMPARE(told.percentages, (std::vector{20, 90}));
        QCOMPARE(told.channels.at(u"20"_s), QStringList{u"email"_s});
        QCOMPARE(told.channels.at(u"90"_s), (QStringList{u"email"_s, u"webhook"_s}));
    }

    void coversTheObjectsThatItNames()
    {
        AlertRule rule = ruleOf({10});
        rule.scope = BudgetScope::Team;
        rule.scopeIds = {u"sales"_s};
        m_plan.useRules({rule});
        QCOMPARE(m_plan.of(m_team).percentages, std::vector{10});
        QCOMPARE(m_plan.of(budgetOf(BudgetScope::Team, u"other"_s)).percentages.size(), 2U);
        QCOMPARE(m_plan.of(budgetOf(BudgetScope::User, u"sales"_s)).percentages.size(), 2U);
    }

    void tellsNothingWhereARuleSaysNothing()
    {
        AlertRule silent = ruleOf({});
        silent.tellsSoftBudget = false;
        m_plan.useRules({silent});
        QVERIFY(m_plan.of(m_team).percentages.empty());
        QVERIFY(m_plan.of(m_team).channels.empty());
    }

    void takesNoNoticeOfRulesThatAreOff()
    {
        AlertRule off = ruleOf({10});
        off.isEnabled = false;
        m_plan.useRules({off});
        QCOMPARE(m_plan.of(m_team).percentages, (std::vector{50, 100}));
    }

    void tellsThroughNoChannelThatThereIsNot()
    {
        m_plan.useRules({ruleOf({10}, {u"slack"_s})});
        QVERIFY(m_plan.of(m_team).channels.at(u"10"_s).isEmpty());
    }
};

QTEST_GUILESS_MAIN(AlertPlanTest)
#include "tst_alert_plan.moc"
