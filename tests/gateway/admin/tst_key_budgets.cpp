// labels: unit db hostile contract money
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::admin::test::textOf;
using delta::test::sampleEntry;

/// The resets of a key's budgets.
class KeyBudgetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void resetsTheBudgetsOfAKeyAsLiteLlmDoes();
    void refusesAWrongResetOfAKey_data();
    void refusesAWrongResetOfAKey();

private:
    /// Makes a key; `usd` is what it may spend, absent: it has no budget.
    admin::CreatedKey make(const QString &alias, std::optional<qint64> usd = {})
    {
        VirtualKey wish;
        wish.alias = alias;
        std::optional<Budget> budget;
        if (usd) {
            budget.emplace();
            budget->maxBudget = Money::fromNanos(*usd * 1'000'000'000);
        }
        return m_rig->keys.create(wish, budget).value();
    }

    std::unique_ptr<AdminRig> m_rig;
};

void KeyBudgetsTest::init()
{
    m_rig = std::make_unique<AdminRig>();
}

void KeyBudgetsTest::resetsTheBudgetsOfAKeyAsLiteLlmDoes()
{
    const admin::CreatedKey made = make(u"a"_s, 5);
    const QString id = made.key.id;
    SpendEntry entry = sampleEntry("r", Money::fromNanos(4'000'000'000));
    entry.keyId = id.toUtf8();
    entry.startedAt = m_rig->clock.now;
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply({{8, entry}}, {16, 16}));
    Budget daily;
    daily.id = u"daily"_s;
    daily.scopeId = id;
    QVERIFY(m_rig->budgets.create(daily));
    for (const QString &name : {id, u"a"_s, QString::fromLatin1(made.secret.reveal())}) {
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
    QCOMPARE(m_rig->keys.find(id)->value().spend, Money::fromNanos(4'000'000'000));
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
    make(u"free"_s);
    make(u"a"_s, 5);
    const Answer answer = m_rig->resetSpend(name, body);
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.errorText("param"_L1), param);
    const std::vector<Budget> budgets = m_rig->store.loadBudgets().value();
    QCOMPARE(budgets.size(), 1U);
    QVERIFY(!budgets.front().lastReset);
}

QTEST_GUILESS_MAIN(KeyBudgetsTest)
#include "tst_key_budgets.moc"
