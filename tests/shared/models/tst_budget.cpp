#include "shared/json/json_codec.h"
#include "shared/models/budget.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

Budget sample()
{
    Budget budget;
    budget.id = u"b1"_s;
    budget.scope = BudgetScope::Team;
    budget.scopeId = u"sales"_s;
    budget.maxBudget = Money::fromNanos(25'000'000'000);
    budget.softBudget = Money::fromNanos(20'500'000'000);
    budget.duration = Period{1, PeriodUnit::Month};
    budget.timeZone = u"Europe/Berlin"_s;
    return budget;
}

WallTime at(qint64 milliseconds)
{
    return WallTime(std::chrono::milliseconds(milliseconds));
}

} // namespace

class BudgetTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheNamesThatClientsKnow()
    {
        QCOMPARE(
            QJsonDocument(toJson(sample())).toJson(QJsonDocument::Compact),
            R"({"budget_duration":"1mo","budget_id":"b1","budget_reset":"calendar","max_budget":25,)"
            R"("member_id":null,"scope":"team","scope_id":"sales","soft_budget":20.5,)"
            R"("temp_budget_expiry":null,"temp_budget_increase":0,"timezone":"Europe/Berlin"})");
        const Result<Budget> back = fromJson<Budget>(toJson(sample()));
        QVERIFY(back);
        QVERIFY(*back == sample());
    }

    void tellsNoLimitFromNothingToSpend()
    {
        Budget budget = sample();
        budget.maxBudget.reset();
        QVERIFY(!budget.limitAt(at(0)));
        budget.maxBudget = Money();
        QCOMPARE(budget.limitAt(at(0)), Money());
    }

    void endsAnIncreaseAtItsTime()
    {
        Budget budget = sample();
        budget.increase = Money::fromNanos(5'000'000'000);
        QCOMPARE(budget.limitAt(at(0))->nanos(), 25'000'000'000);
        budget.increaseUntil = at(1000);
        QCOMPARE(budget.limitAt(at(999))->nanos(), 30'000'000'000);
        QCOMPARE(budget.limitAt(at(1000))->nanos(), 25'000'000'000);
        budget.maxBudget.reset();
        QVERIFY(!budget.limitAt(at(999)));
    }

    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<Budget>("budget");
        const auto row = [](const char *name, const char *field, auto change) {
            Budget budget = sample();
            change(budget);
            QTest::newRow(name) << QString::fromLatin1(field) << budget;
        };
        const Money debt = Money::fromNanos(-1);
        row("a scope without its object", "scope_id", [](Budget &b) { b.scopeId.clear(); });
        row("the gateway with an object", "scope_id",
            [](Budget &b) { b.scope = BudgetScope::Gateway; });
        row("a member without a user", "member_id",
            [](Budget &b) { b.scope = BudgetScope::TeamMember; });
        row("a user where none belongs", "member_id", [](Budget &b) { b.memberId = u"ann"_s; });
        row("a negative limit", "max_budget", [debt](Budget &b) { b.maxBudget = debt; });
        row("a negative warning", "soft_budget", [debt](Budget &b) { b.softBudget = debt; });
        row("a negative increase", "temp_budget_increase",
            [debt](Budget &b) { b.increase = debt; });
        row("a zone that is nowhere", "timezone", [](Budget &b) { b.timeZone = u"Mars/Base"_s; });
        row("no zone", "timezone", [](Budget &b) { b.timeZone.clear(); });
    }

    void refusesWhatCannotBe()
    {
        QFETCH(QString, field);
        QFETCH(Budget, budget);
        const Result<void> checked = budget.validate();
        QVERIFY(!checked);
        QCOMPARE(checked.error().param, field);
    }

    void acceptsEveryScope()
    {
        QVERIFY(sample().validate());
        Budget budget = sample();
        budget.scope = BudgetScope::TeamMember;
        budget.memberId = u"ann"_s;
        QVERIFY(budget.validate());
        budget = sample();
        budget.scope = BudgetScope::Gateway;
        budget.scopeId.clear();
        QVERIFY(budget.validate());
    }
};

} // namespace delta

QTEST_GUILESS_MAIN(delta::BudgetTest)
#include "tst_budget.moc"
