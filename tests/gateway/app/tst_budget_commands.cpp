// labels: unit db money
#include "gateway/app/budget_commands.h"
#include "gateway/app/commands.h"
#include "gateway/app/state_folder.h"
#include "gateway/store/store.h"
#include "tests/gateway/app/command_run.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;
using delta::app::test::CommandPlace;
using delta::app::test::faultWithoutStore;
using delta::app::test::Function;
using delta::app::test::Ran;
using delta::app::test::run;

class BudgetCommandsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void setsABudget();
    void replacesABudgetAsAWhole();
    void refusesAWrongBudget();
    void listsWhatIsSpent();
    void saysThatThereAreNoBudgets();
    void resetsABudget();
    void removesABudget();
    void givesEachKeyABudget();
    void removesTheBudgetOfAKeyWithIt();
    void makesNoStoreForABudget_data();
    void makesNoStoreForABudget();

private:
    [[nodiscard]] std::vector<Budget> stored() const
    {
        auto store = m_place->store();
        return store.loadBudgets().value();
    }
    /// Asks for a budget of the user "ann", of 2.5 USD for ever.
    void askForABudget(const QString &id)
    {
        m_place->options.budget.id = id;
        m_place->options.budget.scope = BudgetScope::User;
        m_place->options.budget.scopeId = u"ann"_s;
        m_place->options.budget.maxBudget = Money::fromNanos(2'500'000'000);
    }

    std::unique_ptr<CommandPlace> m_place;
};

void BudgetCommandsTest::init()
{
    m_place = std::make_unique<CommandPlace>();
    QCOMPARE(run(createKeys, m_place->options).exit, ExitCode::Ok); // Budgets make no store.
}

void BudgetCommandsTest::setsABudget()
{
    askForABudget(u"a"_s);
    const Ran ran = run(setBudget, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QCOMPARE(ran.errors, QString());
    QVERIFY2(ran.output.startsWith(u"a  user ann  0 USD of 2.5 USD  never resets\n"),
             qPrintable(ran.output));
    QVERIFY(stored() == std::vector{m_place->options.budget});
    askForABudget({});
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(stored().size(), 2U);
}

void BudgetCommandsTest::replacesABudgetAsAWhole()
{
    askForABudget(u"a"_s);
    m_place->options.budget.softBudget = Money::fromNanos(1);
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    m_place->options.budget = {};
    m_place->options.budget.id = u"a"_s;
    m_place->options.budget.scope = BudgetScope::Gateway;
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    QVERIFY(stored() == std::vector{m_place->options.budget});
}

void BudgetCommandsTest::refusesAWrongBudget()
{
    askForABudget(u"a"_s);
    m_place->options.budget.timeZone = u"Mars"_s;
    const Ran zone = run(setBudget, m_place->options);
    QCOMPARE(zone.exit, ExitCode::Failed);
    QVERIFY2(zone.errors.contains(u"'timezone'"_s), qPrintable(zone.errors));
    QCOMPARE(zone.output, QString());
    askForABudget(u"a b"_s);
    m_place->options.budget.timeZone = u"UTC"_s;
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Failed);
    QVERIFY(stored().empty());
}

void BudgetCommandsTest::listsWhatIsSpent()
{
    {
        auto store = m_place->store();
        SpendEntry entry = delta::test::sampleEntry("r", Money::fromNanos(1'250'000'000));
        entry.userId = "ann";
        QVERIFY(store.journalPosition());
        QVERIFY(store.apply({{8, entry}}, {16, 16}));
    }
    askForABudget(u"a"_s);
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    m_place->options.budget.id = u"b"_s;
    m_place->options.budget.scope = BudgetScope::TeamMember;
    m_place->options.budget.scopeId = u"sales"_s;
    m_place->options.budget.memberId = u"bob"_s;
    m_place->options.budget.maxBudget.reset();
    m_place->options.budget.duration = Period{1, PeriodUnit::Month};
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    const QStringList lines =
        run(listBudgets, m_place->options).output.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0], u"a  user ann  1.25 USD of 2.5 USD  never resets"_s);
    QVERIFY2(
        lines[1].startsWith(u"b  team_member sales/bob  0 USD of no limit per 1mo  resets 2"_s),
        qPrintable(lines[1]));
    m_place->options.output = OutputForm::Json;
    const QList<QJsonObject> objects = run(listBudgets, m_place->options).objects();
    QCOMPARE(objects.size(), 2);
    QCOMPARE(objects[0].value("budget_id"_L1).toString(), u"a"_s);
    QCOMPARE(objects[0].value("spend"_L1).toDouble(), 1.25);
    QCOMPARE(objects[0].value("remaining"_L1).toDouble(), 1.25);
}

void BudgetCommandsTest::saysThatThereAreNoBudgets()
{
    QVERIFY(run(listBudgets, m_place->options).output.contains(u"There are no budgets"_s));
    m_place->options.output = OutputForm::Json;
    QCOMPARE(run(listBudgets, m_place->options).output,
             QString()); // For programs, none is no line.
}

void BudgetCommandsTest::resetsABudget()
{
    {
        auto store = m_place->store();
        SpendEntry entry = delta::test::sampleEntry("r", Money::fromNanos(1'250'000'000));
        entry.userId = "ann";
        QVERIFY(store.journalPosition());
        QVERIFY(store.apply({{8, entry}}, {16, 16}));
    }
    askForABudget(u"a"_s);
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    m_place->options.budgetId = u"a"_s;
    m_place->options.resetReason = u"a refund"_s;
    const Ran ran = run(resetBudget, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY2(ran.output.startsWith(u"a  user ann  0 USD of 2.5 USD  never resets\n"
                                   "Reset; 1.25 USD were spent before."),
             qPrintable(ran.output));
    {
        auto store = m_place->store();
        const auto resets = store.resetsOf(u"a"_s).value();
        QCOMPARE(resets.size(), 1U);
        QCOMPARE(resets[0].by, u"command line"_s);
        QCOMPARE(resets[0].reason, u"a refund"_s);
        QCOMPARE(resets[0].spentBefore, Money::fromNanos(1'250'000'000));
    }
    // Setting it again does not undo that.
    QVERIFY(run(setBudget, m_place->options).output.startsWith(u"a  user ann  0 USD"));
    m_place->options.budgetId = u"b"_s;
    const Ran unknown = run(resetBudget, m_place->options);
    QCOMPARE(unknown.exit, ExitCode::Failed);
    QVERIFY2(unknown.errors.contains(u"\"b\""_s), qPrintable(unknown.errors));
}

void BudgetCommandsTest::removesABudget()
{
    askForABudget(u"a"_s);
    QCOMPARE(run(setBudget, m_place->options).exit, ExitCode::Ok);
    m_place->options.budgetId = u"a"_s;
    QCOMPARE(run(removeBudget, m_place->options).exit, ExitCode::Ok);
    QVERIFY(stored().empty());
    const Ran again = run(removeBudget, m_place->options);
    QCOMPARE(again.exit, ExitCode::Failed);
    QVERIFY2(again.errors.contains(u"\"a\""_s), qPrintable(again.errors));
}

void BudgetCommandsTest::givesEachKeyABudget()
{
    m_place->options.keyCount = 2;
    m_place->options.keyBudget = Budget();
    m_place->options.keyBudget->maxBudget = Money::fromNanos(100'000'000);
    m_place->options.keyBudget->duration = Period{30, PeriodUnit::Day};
    const Ran ran = run(createKeys, m_place->options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY2(ran.output.contains(u", with a budget of 0.1 USD per 30d. "_s),
             qPrintable(ran.output));
    const std::vector<Budget> budgets = stored();
    QCOMPARE(budgets.size(), 2U);
    for (const Budget &budget : budgets) {
        QCOMPARE(budget.scope, BudgetScope::Key);
        QCOMPARE(budget.id, u"key-"_s + budget.scopeId);
    }
    m_place->options.output = OutputForm::Json;
    m_place->options.keyCount = 1;
    const QJsonObject key = run(createKeys, m_place->options).objects().value(0);
    QCOMPARE(key.value("max_budget"_L1).toDouble(), 0.1);
    QCOMPARE(key.value("budget_duration"_L1).toString(), u"30d"_s);
}

void BudgetCommandsTest::removesTheBudgetOfAKeyWithIt()
{
    m_place->options.keyAlias = u"trial"_s;
    m_place->options.keyBudget = Budget();
    m_place->options.keyBudget->maxBudget = Money();
    QCOMPARE(run(createKeys, m_place->options).exit, ExitCode::Ok);
    QCOMPARE(stored().size(), 1U);
    m_place->options.keyId = u"trial"_s;
    QCOMPARE(run(revokeKey, m_place->options).exit, ExitCode::Ok);
    QVERIFY(stored().empty());
}

void BudgetCommandsTest::makesNoStoreForABudget_data()
{
    QTest::addColumn<int>("command");
    QTest::newRow("list") << 0;
    QTest::newRow("set") << 1;
    QTest::newRow("remove") << 2;
    QTest::newRow("reset") << 3;
}

void BudgetCommandsTest::makesNoStoreForABudget()
{
    QFETCH(const int, command);
    const Function functions[] = {listBudgets, setBudget, removeBudget, resetBudget};
    askForABudget(u"a"_s);
    QCOMPARE(faultWithoutStore(functions[command], *m_place), QString());
}

QTEST_GUILESS_MAIN(BudgetCommandsTest)
#include "tst_budget_commands.moc"
