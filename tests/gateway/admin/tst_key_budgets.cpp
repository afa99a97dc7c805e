// labels: unit db hostile contract money
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::KeyApi;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::admin::test::bodyOf;
using delta::admin::test::textOf;
using delta::test::sampleEntry;

/// The budgets that a key is made with, and their resets.
class KeyBudgetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void givesAKeyABudgetThatHoldsAtOnce();
    void showsTheBudgetOfAKey();
    void makesNoBudgetThatNobodyAskedFor();
    void refusesAWrongBudget_data();
    void refusesAWrongBudget();
    void leavesNoBudgetBehindForAKeyThatWasNotMade();
    void deletesTheBudgetsOfAKeyWithIt();
    void resetsTheBudgetsOfAKeyAsLiteLlmDoes();
    void refusesAWrongResetOfAKey_data();
    void refusesAWrongResetOfAKey();

private:
    Answer generate(const QByteArray &body)
    {
        return m_rig->call(&KeyApi::generate, body);
    }
    Answer remove(const QByteArray &body)
    {
        return m_rig->call(&KeyApi::remove, body);
    }

    std::unique_ptr<AdminRig> m_rig;
};

void KeyBudgetsTest::init()
{
    m_rig = std::make_unique<AdminRig>();
}

void KeyBudgetsTest::givesAKeyABudgetThatHoldsAtOnce()
{
    const Answer answer = generate(R"({"max_budget":2.5,"soft_budget":2,"budget_duration":"30d",)"
                                   R"("budget_reset":"calendar","timezone":"Europe/Berlin"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body.value("max_budget"_L1).toDouble(), 2.5);
    SpendEntry call;
    call.keyId = textOf(answer, "id"_L1).toLatin1();
    const Money limit = Money::fromNanos(2'500'000'000);
    const Money more = limit + Money::fromNanos(1);
    QVERIFY(m_rig->book.reserve(call, limit, m_rig->clock.now));
    QVERIFY(!m_rig->book.reserve(call, more, m_rig->clock.now));
    const auto budgets = m_rig->store.loadBudgets();
    QVERIFY(budgets);
    QCOMPARE(budgets->size(), 1U);
    const Budget &budget = budgets->at(0);
    QCOMPARE(budget.id, u"key-"_s + textOf(answer, "id"_L1));
    QCOMPARE(budget.scope, BudgetScope::Key);
    QCOMPARE(budget.scopeId, textOf(answer, "id"_L1));
    QCOMPARE(budget.timeZone, u"Europe/Berlin"_s);
}

void KeyBudgetsTest::showsTheBudgetOfAKey()
{
    const QByteArray id = textOf(generate(R"({"max_budget":2.5,"soft_budget":2,)"
                                          R"("budget_duration":"30d"})"),
                                 "id"_L1)
                              .toLatin1();
    const QJsonObject info = m_rig->keyInfo("key=" + id).body.value("info"_L1).toObject();
    QCOMPARE(info.value("max_budget"_L1).toDouble(), 2.5);
    QCOMPARE(info.value("soft_budget"_L1).toInt(), 2);
    QCOMPARE(info.value("budget_duration"_L1).toString(), u"30d"_s);
    QCOMPARE(info.value("budget_reset_at"_L1).toString(), u"2027-02-01T00:00:00.000Z"_s);
    QCOMPARE(info.value("spend"_L1).toInt(-1), 0);
}

void KeyBudgetsTest::makesNoBudgetThatNobodyAskedFor()
{
    const Answer answer = generate(
        R"({"max_budget":null,"budget_duration":null,"soft_budget":null,"timezone":null})");
    QCOMPARE(answer.status, 200);
    QVERIFY(m_rig->store.loadBudgets()->empty());
    const QByteArray id = textOf(answer, "id"_L1).toLatin1();
    const QJsonObject info = m_rig->keyInfo("key=" + id).body.value("info"_L1).toObject();
    for (const QLatin1StringView member :
         {"max_budget"_L1, "soft_budget"_L1, "budget_duration"_L1, "budget_reset_at"_L1}) {
        QCOMPARE(info.value(member), QJsonValue(QJsonValue::Null));
    }
}

void KeyBudgetsTest::refusesAWrongBudget_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("negative") << R"({"max_budget":-1})"_ba << u"max_budget"_s;
    QTest::newRow("text") << R"({"max_budget":"25"})"_ba << u"max_budget"_s;
    QTest::newRow("negative warning") << R"({"soft_budget":-1})"_ba << u"soft_budget"_s;
    QTest::newRow("unit") << R"({"budget_duration":"3y"})"_ba << u"budget_duration"_s;
    QTest::newRow("number") << R"({"budget_duration":30})"_ba << u"budget_duration"_s;
    QTest::newRow("reset") << R"({"budget_reset":"never"})"_ba << u"budget_reset"_s;
    QTest::newRow("zone") << R"({"max_budget":1,"timezone":"Mars/Crater"})"_ba << u"timezone"_s;
    QTest::newRow("wrong name") << R"({"max_budjet":1})"_ba << u"max_budjet"_s;
    QTest::newRow("scope") << R"({"max_budget":1,"scope":"team"})"_ba << u"scope"_s;
}

void KeyBudgetsTest::refusesAWrongBudget()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    const Answer answer = generate(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(m_rig->store.loadKeys()->empty());
    QVERIFY(m_rig->store.loadBudgets()->empty());
}

void KeyBudgetsTest::leavesNoBudgetBehindForAKeyThatWasNotMade()
{
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const Answer answer = generate(R"({"key_alias":"a","max_budget":1})");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), u"key_alias"_s);
    QVERIFY(m_rig->store.loadBudgets()->empty());
    QVERIFY(m_rig->book.states(m_rig->clock.now).empty());
}

void KeyBudgetsTest::deletesTheBudgetsOfAKeyWithIt()
{
    const QString id = textOf(generate(R"({"max_budget":1})"), "id"_L1);
    QCOMPARE(generate(R"({"key_alias":"kept","max_budget":1})").status, 200);
    Budget daily;
    daily.scopeId = id;
    daily.duration = Period{1, PeriodUnit::Day};
    QVERIFY(m_rig->budgets.create(daily));
    QCOMPARE(m_rig->store.loadBudgets()->size(), 3U);
    QCOMPARE(remove(bodyOf({{"keys"_L1, QJsonArray{id}}})).status, 200);
    QCOMPARE(m_rig->store.loadBudgets()->size(), 1U);
    QCOMPARE(m_rig->book.states(m_rig->clock.now).size(), 1U);
}

void KeyBudgetsTest::resetsTheBudgetsOfAKeyAsLiteLlmDoes()
{
    const Answer made = generate(R"({"key_alias":"a","max_budget":5})");
    const QString id = textOf(made, "id"_L1);
    SpendEntry entry = sampleEntry("r", Money::fromNanos(4'000'000'000));
    entry.keyId = id.toUtf8();
    entry.startedAt = m_rig->clock.now;
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply({{8, entry}}, {16, 16}));
    Budget daily;
    daily.id = u"daily"_s;
    daily.scopeId = id;
    QVERIFY(m_rig->budgets.create(daily));
    for (const QString &name : {id, u"a"_s, textOf(made, "key"_L1)}) {
        const Answer answer = m_rig->resetSpend(name, R"({"reset_to":0.0})");
        QCOMPARE(answer.status, 200);
        QCOMPARE(textOf(answer, "key_hash"_L1), id);
        QCOMPARE(answer.body.value("spend"_L1).toInt(-1), 0);
        QCOMPARE(answer.body.value("previous_spend"_L1).toInt(-1), name == id ? 4 : 0);
        QCOMPARE(answer.body.value("max_budget"_L1).toInt(), 5);
        QCOMPARE(answer.body.value("budgets"_L1).toArray().size(), 2);
    }
    QCOMPARE(m_rig->store.resetsOf(u"daily"_s)->size(), 3U);
    // What the key has spent stays what it was.
    const QJsonObject info = m_rig->keyInfo("key=a").body.value("info"_L1).toObject();
    QCOMPARE(info.value("spend"_L1).toInt(), 4);
    QCOMPARE(m_rig->wrongGuestOf([this](QByteArrayView key) {
        return m_rig->resetSpend(u"a"_s, R"({"reset_to":0})", key);
    }),
             QString());
}

void KeyBudgetsTest::refusesAWrongResetOfAKey_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("param");
    const QByteArray zero = R"({"reset_to":0})";
    QTest::newRow("no such key") << u"nobody"_s << zero << 404 << u"key"_s;
    QTest::newRow("a key without a budget") << u"free"_s << zero << 404 << u"key"_s;
    QTest::newRow("no body") << u"a"_s << ""_ba << 400 << u""_s;
    QTest::newRow("to nothing") << u"a"_s << "{}"_ba << 400 << u"reset_to"_s;
    QTest::newRow("to null") << u"a"_s << R"({"reset_to":null})"_ba << 400 << u"reset_to"_s;
    QTest::newRow("to an amount") << u"a"_s << R"({"reset_to":1.5})"_ba << 400 << u"reset_to"_s;
    QTest::newRow("to a debt") << u"a"_s << R"({"reset_to":-1})"_ba << 400 << u"reset_to"_s;
    QTest::newRow("unknown") << u"a"_s << R"({"reset_to":0,"x":1})"_ba << 400 << u"x"_s;
}

void KeyBudgetsTest::refusesAWrongResetOfAKey()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QString, param);
    QCOMPARE(generate(R"({"key_alias":"free"})").status, 200);
    QCOMPARE(generate(R"({"key_alias":"a","max_budget":5})").status, 200);
    const Answer answer = m_rig->resetSpend(name, body);
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.errorText("param"_L1), param);
    const std::vector<Budget> budgets = m_rig->store.loadBudgets().value();
    QCOMPARE(budgets.size(), 1U);
    QVERIFY(!budgets.front().lastReset);
}

QTEST_GUILESS_MAIN(KeyBudgetsTest)
#include "tst_key_budgets.moc"
