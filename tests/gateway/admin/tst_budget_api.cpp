// labels: unit db money hostile contract
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::admin::BudgetApi;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::admin::test::textOf;
using delta::test::sampleEntry;

namespace {

/// A route with a request that would be right if it came from the master.
struct RouteCase {
    const char *name;
    AdminRig::Member<BudgetApi> member;
    QByteArray body;
};

std::vector<RouteCase> routes()
{
    return {{"new", &BudgetApi::create, R"({"scope":"gateway"})"},
            {"update", &BudgetApi::update, R"({"budget_id":"a"})"},
            {"list", &BudgetApi::list, ""},
            {"info of many", &BudgetApi::infoOfMany, R"({"budgets":["a"]})"},
            {"delete", &BudgetApi::remove, R"({"id":"a"})"},
            {"reset", &BudgetApi::reset, R"({"budget_id":"a"})"}};
}

/// Returns the ids of the budgets in an array.
QStringList idsOf(const QJsonArray &budgets)
{
    QStringList ids;
    for (const QJsonValue &budget : budgets) {
        ids.append(budget.toObject().value("budget_id"_L1).toString());
    }
    return ids;
}

} // namespace

class BudgetApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void letsOnlyTheMasterIn_data();
    void letsOnlyTheMasterIn();
    void makesABudgetOfAllItsFields();
    void makesABudgetOfFewFields();
    void tellsHowABudgetStands();
    void refusesAWrongBudget_data();
    void refusesAWrongBudget();
    void refusesAnIdThatIsTaken();
    void changesWhatIsNamedAndClearsWhatIsNull();
    void refusesAWrongChange_data();
    void refusesAWrongChange();
    void raisesALimitForAWhile();
    void listsAllBudgets();
    void showsOneBudget();
    void asksForTheNameOfABudget();
    void showsTheBudgetsThatAListNames();
    void deletesABudget();
    void resetsABudgetAndShowsItsHistory();
    void refusesAWrongReset_data();
    void refusesAWrongReset();
    void answers404ForAnUnknownBudget_data();
    void answers404ForAnUnknownBudget();

private:
    Answer create(const QByteArray &body)
    {
        return m_rig->call(&BudgetApi::create, body);
    }
    Answer update(const QByteArray &body)
    {
        return m_rig->call(&BudgetApi::update, body);
    }
    Answer list()
    {
        return m_rig->call(&BudgetApi::list, {});
    }
    /// Makes the budget "a" of the team "sales".
    void createA();
    /// Posts a call of the team "sales", made an hour ago.
    void spend(Money cost);

    std::unique_ptr<AdminRig> m_rig;
};

void BudgetApiTest::init()
{
    m_rig = std::make_unique<AdminRig>();
}

void BudgetApiTest::createA()
{
    const Answer answer = create(
        R"({"budget_id":"a","scope":"team","scope_id":"sales","max_budget":10})");
    QCOMPARE(answer.status, 200);
}

void BudgetApiTest::spend(Money cost)
{
    SpendEntry entry = sampleEntry("r", cost);
    entry.teamId = "sales";
    entry.startedAt = m_rig->clock.now - 1h;
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply({{8, entry}}, {16, 16}));
}

void BudgetApiTest::letsOnlyTheMasterIn_data()
{
    QTest::addColumn<int>("route");
    for (qsizetype i = 0; i < qsizetype(routes().size()); ++i) {
        QTest::newRow(routes()[std::size_t(i)].name) << int(i);
    }
    QTest::newRow("info") << -1;
}

void BudgetApiTest::letsOnlyTheMasterIn()
{
    QFETCH(const int, route);
    createA();
    const auto callWith = [this, route](QByteArrayView key) {
        const std::vector<RouteCase> all = routes();
        return route < 0
            ? m_rig->budgetInfo("budget_id=a", key)
            : m_rig->call(all[std::size_t(route)].member, all[std::size_t(route)].body, key);
    };
    QCOMPARE(m_rig->wrongGuestOf(callWith), QString());
}

void BudgetApiTest::makesABudgetOfAllItsFields()
{
    const QByteArray body =
        R"({"budget_id":"a-1_2.x","scope":"team_member","scope_id":"sales","member_id":"ann",)"
        R"("max_budget":25.000000001,"soft_budget":20,"budget_duration":"1mo",)"
        R"("budget_reset":"rolling","timezone":"Europe/Berlin","temp_budget_increase":5,)"
        R"("temp_budget_expiry":"2999-01-01T00:00:00Z"})";
    const Answer answer = create(body);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    const QJsonObject asked = QJsonDocument::fromJson(body).object();
    for (const QString &name : asked.keys()) {
        if (name != "temp_budget_expiry"_L1) {
            QCOMPARE(answer.body.value(name), asked.value(name));
        }
    }
    QCOMPARE(textOf(answer, "temp_budget_expiry"_L1), u"2999-01-01T00:00:00.000Z"_s);
    QCOMPARE(answer.body.value("limit"_L1).toDouble(), 30.000000001);
    const auto budgets = m_rig->store.loadBudgets();
    QVERIFY(budgets);
    QCOMPARE(budgets->size(), 1U);
    QCOMPARE(budgets->at(0).maxBudget, std::optional(Money::fromNanos(25'000'000'001)));
    QVERIFY(budgets->at(0).duration == (Period{1, PeriodUnit::Month}));
}

void BudgetApiTest::makesABudgetOfFewFields()
{
    const Answer answer = create(
        R"({"budget_id":null,"scope":"gateway","max_budget":null,"tpm_limit":null})");
    QCOMPARE(answer.status, 200);
    QVERIFY(textOf(answer, "budget_id"_L1).startsWith(u"b-"));
    for (const QLatin1StringView member :
         {"max_budget"_L1, "limit"_L1, "remaining"_L1, "budget_duration"_L1, "budget_reset_at"_L1,
          "scope_id"_L1}) {
        QCOMPARE(answer.body.value(member), QJsonValue(QJsonValue::Null));
    }
    QCOMPARE(answer.body.value("spend"_L1).toInt(-1), 0);
    QCOMPARE(textOf(answer, "timezone"_L1), u"UTC"_s);
}

void BudgetApiTest::tellsHowABudgetStands()
{
    spend(Money::fromNanos(2'500'000'000));
    const Answer answer = create(R"({"scope":"team","scope_id":"sales","max_budget":10,)"
                                 R"("budget_duration":"1d"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body.value("spend"_L1).toDouble(), 2.5);
    SpendEntry call = sampleEntry("under way");
    call.teamId = "sales";
    const auto hold = m_rig->book.reserve(call, Money::fromNanos(4'000'000'000), m_rig->clock.now);
    QVERIFY(hold);
    const QByteArray id = textOf(answer, "budget_id"_L1).toLatin1();
    const Answer now = m_rig->budgetInfo("budget_id=" + id);
    QCOMPARE(now.body.value("spend"_L1).toDouble(), 2.5);
    QCOMPARE(now.body.value("reserved"_L1).toDouble(), 4.0);
    QCOMPARE(now.body.value("limit"_L1).toDouble(), 10.0);
    QCOMPARE(now.body.value("remaining"_L1).toDouble(), 3.5);
    QCOMPARE(textOf(now, "budget_reset_at"_L1), u"2027-01-16T00:00:00.000Z"_s);
}

void BudgetApiTest::refusesAWrongBudget_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    const auto team = [](const QByteArray &rest) {
        return R"({"scope":"team","scope_id":"sales",)" + rest + '}';
    };
    QTest::newRow("no body") << ""_ba << u""_s;
    QTest::newRow("no object") << "[]"_ba << u""_s;
    QTest::newRow("field twice") << team(R"("max_budget":1,"max_budget":2)") << u""_s;
    QTest::newRow("nobody's") << R"({"max_budget":1})"_ba << u"scope_id"_s;
    QTest::newRow("unknown scope") << R"({"scope":"planet"})"_ba << u"scope"_s;
    QTest::newRow("unknown field") << team(R"("max_budgets":1)") << u"max_budgets"_s;
    QTest::newRow("limit of LiteLLM") << team(R"("tpm_limit":1)") << u"tpm_limit"_s;
    QTest::newRow("state") << team(R"("spend":0)") << u"spend"_s;
    QTest::newRow("negative") << team(R"("max_budget":-0.5)") << u"max_budget"_s;
    QTest::newRow("text") << team(R"("max_budget":"5")") << u"max_budget"_s;
    QTest::newRow("too fine") << team(R"("max_budget":0.0000000001)") << u"max_budget"_s;
    QTest::newRow("too much") << team(R"("max_budget":1e10)") << u"max_budget"_s;
    QTest::newRow("period") << team(R"("budget_duration":"1 month")") << u"budget_duration"_s;
    QTest::newRow("zone") << team(R"("timezone":"Mars")") << u"timezone"_s;
    QTest::newRow("id is a number") << team(R"("budget_id":1)") << u"budget_id"_s;
    QTest::newRow("id is empty") << team(R"("budget_id":"")") << u"budget_id"_s;
    QTest::newRow("id with a slash") << team(R"("budget_id":"a/b")") << u"budget_id"_s;
    QTest::newRow("id too long") << team(R"("budget_id":")" + QByteArray(65, 'x') + '"')
                                 << u"budget_id"_s;
    QTest::newRow("member of a team") << team(R"("member_id":"ann")") << u"member_id"_s;
    QTest::newRow("line break") << R"({"scope":"team","scope_id":"a\nb"})"_ba << u"scope_id"_s;
}

void BudgetApiTest::refusesAWrongBudget()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    const Answer answer = create(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("type"_L1), u"invalid_request_error"_s);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(answer.errorText("message"_L1).contains(param));
    QVERIFY(m_rig->store.loadBudgets()->empty());
}

void BudgetApiTest::refusesAnIdThatIsTaken()
{
    createA();
    const Answer second = create(R"({"budget_id":"a","scope":"gateway"})");
    QCOMPARE(second.status, 400);
    QCOMPARE(second.errorText("param"_L1), u"budget_id"_s);
    QCOMPARE(m_rig->store.loadBudgets()->at(0).scope, BudgetScope::Team);
}

void BudgetApiTest::changesWhatIsNamedAndClearsWhatIsNull()
{
    const Answer made = create(
        R"({"budget_id":"a","scope":"team","scope_id":"sales","max_budget":10,"soft_budget":8,)"
        R"("budget_duration":"1d"})");
    QCOMPARE(made.status, 200);
    const Answer answer = update(R"({"budget_id":"a","max_budget":null,"budget_duration":"7d"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(textOf(answer, "budget_id"_L1), u"a"_s);
    QVERIFY(answer.body.value("max_budget"_L1).isNull());
    QVERIFY(answer.body.value("limit"_L1).isNull());
    QCOMPARE(answer.body.value("soft_budget"_L1).toInt(), 8);
    QCOMPARE(textOf(answer, "budget_duration"_L1), u"7d"_s);
    QCOMPARE(textOf(answer, "budget_reset_at"_L1), u"2027-01-18T00:00:00.000Z"_s); // A Monday.
    QVERIFY(!m_rig->store.loadBudgets()->at(0).maxBudget);
}

void BudgetApiTest::refusesAWrongChange_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("no body") << ""_ba << u""_s;
    QTest::newRow("no id") << R"({"max_budget":1})"_ba << u"budget_id"_s;
    QTest::newRow("id is null") << R"({"budget_id":null})"_ba << u"budget_id"_s;
    QTest::newRow("id is no id") << R"({"budget_id":"a b"})"_ba << u"budget_id"_s;
    QTest::newRow("negative") << R"({"budget_id":"a","max_budget":-1})"_ba << u"max_budget"_s;
    QTest::newRow("unknown field") << R"({"budget_id":"a","rpm_limit":1})"_ba << u"rpm_limit"_s;
    QTest::newRow("unknown field, null")
        << R"({"budget_id":"a","rpm_limit":null})"_ba << u"rpm_limit"_s;
    QTest::newRow("no object") << R"({"budget_id":"a","scope_id":null})"_ba << u"scope_id"_s;
}

void BudgetApiTest::refusesAWrongChange()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    createA();
    const auto before = m_rig->store.loadBudgets();
    const Answer answer = update(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(*m_rig->store.loadBudgets() == *before);
}

void BudgetApiTest::raisesALimitForAWhile()
{
    createA();
    const Answer raised = update(R"({"budget_id":"a","temp_budget_increase":5,)"
                                 R"("temp_budget_expiry":"2027-01-15T09:00:00Z"})");
    QCOMPARE(raised.body.value("max_budget"_L1).toInt(), 10);
    QCOMPARE(raised.body.value("limit"_L1).toInt(), 15);
    QCOMPARE(raised.body.value("remaining"_L1).toInt(), 15);
    m_rig->clock.now += 1h;
    const Answer later = m_rig->budgetInfo("budget_id=a");
    QCOMPARE(later.body.value("limit"_L1).toInt(), 10);
    QCOMPARE(later.body.value("remaining"_L1).toInt(), 10);
}

void BudgetApiTest::listsAllBudgets()
{
    const Answer none = list();
    QVERIFY(none.body.value("budgets"_L1).isArray());
    QVERIFY(idsOf(none.body.value("budgets"_L1).toArray()).isEmpty());
    createA();
    QCOMPARE(create(R"({"budget_id":"0","scope":"gateway"})").status, 200);
    const Answer answer = list();
    QCOMPARE(answer.status, 200);
    const QJsonArray budgets = answer.body.value("budgets"_L1).toArray();
    QCOMPARE(idsOf(budgets), (QStringList{u"0"_s, u"a"_s}));
    QCOMPARE(budgets[1].toObject().value("remaining"_L1).toInt(), 10);
}

void BudgetApiTest::showsOneBudget()
{
    createA();
    const Answer answer = m_rig->budgetInfo("x=1&budget_id=%61");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(textOf(answer, "scope"_L1), u"team"_s);
    QCOMPARE(textOf(answer, "scope_id"_L1), u"sales"_s);
}

void BudgetApiTest::asksForTheNameOfABudget()
{
    for (const QByteArray &query : {""_ba, "budget_id="_ba, "budget_id"_ba, "id=a"_ba}) {
        const Answer answer = m_rig->budgetInfo(query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorText("param"_L1), u"budget_id"_s);
        QCOMPARE(answer.backgroundJobs, 0U);
    }
    for (const QByteArray &body : {"{}"_ba, R"({"budgets":[]})"_ba, R"({"budgets":null})"_ba}) {
        const Answer answer = m_rig->call(&BudgetApi::infoOfMany, body);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorText("param"_L1), u"budgets"_s);
    }
    for (const QByteArray &body : {"{}"_ba, R"({"id":""})"_ba, R"({"id":7})"_ba}) {
        const Answer answer = m_rig->call(&BudgetApi::remove, body);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorText("param"_L1), u"id"_s);
    }
}

void BudgetApiTest::showsTheBudgetsThatAListNames()
{
    createA();
    QCOMPARE(create(R"({"budget_id":"b","scope":"gateway"})").status, 200);
    QCOMPARE(create(R"({"budget_id":"c","scope":"gateway"})").status, 200);
    const Answer answer = m_rig->call(&BudgetApi::infoOfMany, R"({"budgets":["c","a"]})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(idsOf(answer.list), (QStringList{u"c"_s, u"a"_s}));
}

void BudgetApiTest::deletesABudget()
{
    createA();
    QCOMPARE(create(R"({"budget_id":"b","scope":"gateway"})").status, 200);
    const Answer answer = m_rig->call(&BudgetApi::remove, R"({"id":"a"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(textOf(answer, "budget_id"_L1), u"a"_s);
    QCOMPARE(answer.body.value("max_budget"_L1).toInt(), 10);
    QCOMPARE(idsOf(list().body.value("budgets"_L1).toArray()), QStringList{u"b"_s});
}

void BudgetApiTest::resetsABudgetAndShowsItsHistory()
{
    createA();
    SpendEntry entry = sampleEntry("r", Money::fromNanos(4'000'000'000));
    entry.teamId = "sales";
    entry.startedAt = m_rig->clock.now;
    QCOMPARE(m_rig->budgetInfo("budget_id=a").body.value("last_reset_at"_L1), QJsonValue());
    QVERIFY(m_rig->store.journalPosition());
    QVERIFY(m_rig->store.apply({{8, entry}}, {16, 16}));
    const Answer reset = m_rig->call(&BudgetApi::reset, R"({"budget_id":"a","reason":"a refund"})");
    QCOMPARE(reset.status, 200);
    QCOMPARE(reset.body.value("spend"_L1).toInt(-1), 0);
    QCOMPARE(reset.body.value("remaining"_L1).toInt(), 10);
    const QString at = textOf(reset, "last_reset_at"_L1);
    QVERIFY(!at.isEmpty());
    QCOMPARE(textOf(m_rig->budgetInfo("budget_id=a"), "last_reset_at"_L1), at);
    QCOMPARE(m_rig->call(&BudgetApi::reset, R"({"budget_id":"a"})").status, 200);
    const Answer history = m_rig->ask(&BudgetApi::resets, "budget_id=a");
    QCOMPARE(history.status, 200);
    const QJsonArray resets = history.body.value("resets"_L1).toArray();
    QCOMPARE(resets.size(), 2);
    const QJsonObject first = resets[1].toObject();
    QCOMPARE(first.value("reset_at"_L1).toString(), at);
    QCOMPARE(first.value("reset_by"_L1).toString(), u"master key"_s);
    QCOMPARE(first.value("reason"_L1).toString(), u"a refund"_s);
    QCOMPARE(first.value("spent_before"_L1).toInt(), 4);
    QCOMPARE(resets[0].toObject().value("window_start"_L1).toString(), at);
    QVERIFY(resets[0].toObject().value("reason"_L1).isNull());
    QVERIFY(m_rig->store.removeBudget(u"a"_s));
    QCOMPARE(m_rig->ask(&BudgetApi::resets, "budget_id=a").body, history.body);
    QCOMPARE(m_rig->ask(&BudgetApi::resets, "budget_id=a", {}).status, 401);
    QCOMPARE(m_rig->ask(&BudgetApi::resets, "").status, 400);
}

void BudgetApiTest::refusesAWrongReset_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("no body") << ""_ba << u""_s;
    QTest::newRow("no budget") << "{}"_ba << u"budget_id"_s;
    QTest::newRow("null") << R"({"budget_id":null})"_ba << u"budget_id"_s;
    QTest::newRow("a number") << R"({"budget_id":7})"_ba << u"budget_id"_s;
    QTest::newRow("a list") << R"({"budget_id":["a"]})"_ba << u"budget_id"_s;
    QTest::newRow("reason") << R"({"budget_id":"a","reason":7})"_ba << u"reason"_s;
    QTest::newRow("line break") << R"({"budget_id":"a","reason":"a\nb"})"_ba << u"reason"_s;
    QTest::newRow("unknown") << R"({"budget_id":"a","spend":7})"_ba << u"spend"_s;
}

void BudgetApiTest::refusesAWrongReset()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    createA();
    const Answer answer = m_rig->call(&BudgetApi::reset, body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(m_rig->store.resetsOf(u"a"_s)->empty());
}

void BudgetApiTest::answers404ForAnUnknownBudget_data()
{
    QTest::addColumn<int>("route");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("update") << 1 << R"({"budget_id":"nobody"})"_ba << u"budget_id"_s;
    QTest::newRow("info of many") << 3 << R"({"budgets":["a","nobody"]})"_ba << u"budgets[1]"_s;
    QTest::newRow("delete") << 4 << R"({"id":"nobody"})"_ba << u"id"_s;
    QTest::newRow("reset") << 5 << R"({"budget_id":"nobody"})"_ba << u"budget_id"_s;
    QTest::newRow("delete odd bytes") << 4 << R"({"id":"';--"})"_ba << u"id"_s;
    QTest::newRow("info") << -1 << "budget_id=nobody"_ba << u"budget_id"_s;
    QTest::newRow("info of odd bytes") << -1 << "budget_id=%00%ff%27%3B--"_ba << u"budget_id"_s;
}

void BudgetApiTest::answers404ForAnUnknownBudget()
{
    QFETCH(const int, route);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    createA();
    const std::vector<RouteCase> all = routes();
    const Answer answer = route < 0 ? m_rig->budgetInfo(body)
                                    : m_rig->call(all[std::size_t(route)].member, body);
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("code"_L1), u"budget_not_found"_s);
    QCOMPARE(answer.errorText("param"_L1), param);
    QCOMPARE(m_rig->store.loadBudgets()->size(), 1U);
}

QTEST_GUILESS_MAIN(BudgetApiTest)
#include "tst_budget_api.moc"
