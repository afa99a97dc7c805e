// labels: unit db hostile contract
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::KeyApi;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::test::sampleEntry;

namespace {

/// Every route with a request that would be right if it came from the master.
struct RouteCase {
    const char *name;
    AdminRig::Member<KeyApi> member;
    QByteArray body;
};

std::vector<RouteCase> routes()
{
    return {{"generate", &KeyApi::generate, "{}"},
            {"delete", &KeyApi::remove, R"({"keys":["a"]})"}};
}

QByteArray bodyOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString textOf(const Answer &answer, QLatin1StringView member)
{
    return answer.body.value(member).toString();
}

} // namespace

class KeyApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void letsOnlyTheMasterIn_data();
    void letsOnlyTheMasterIn();
    void makesAKeyThatWorks();
    void makesAKeyWithWhatWasAskedFor();
    void takesAnEmptyBodyForNoWishes();
    void givesAKeyItsLifetime();
    void refusesAWrongWish_data();
    void refusesAWrongWish();
    void refusesAnAliasThatIsTaken();
    void refusesABlockedKeyAtOnce();
    void givesAKeyABudgetThatHoldsAtOnce();
    void showsTheBudgetOfAKey();
    void makesNoBudgetThatNobodyAskedFor();
    void refusesAWrongBudget_data();
    void refusesAWrongBudget();
    void leavesNoBudgetBehindForAKeyThatWasNotMade();
    void deletesTheBudgetsOfAKeyWithIt();
    void limitsSingleModelsOfAKey();
    void refusesAWrongLimitOfAModel_data();
    void refusesAWrongLimitOfAModel();
    void describesAKeyByAnyOfItsNames();
    void neverShowsASecretAgain();
    void answers404ForAnUnknownKey_data();
    void answers404ForAnUnknownKey();
    void asksForTheNameOfAKey();
    void deletesKeysByAnyOfTheirNames();
    void deletesNothingIfOneNameIsUnknown();
    void deletesAKeyThatIsNamedTwiceOnce();
    void resetsTheBudgetsOfAKeyAsLiteLlmDoes();
    void refusesAWrongResetOfAKey_data();
    void refusesAWrongResetOfAKey();
    void refusesAWrongListOfKeys_data();
    void refusesAWrongListOfKeys();

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

void KeyApiTest::init()
{
    m_rig = std::make_unique<AdminRig>();
}

void KeyApiTest::letsOnlyTheMasterIn_data()
{
    QTest::addColumn<int>("route");
    for (qsizetype i = 0; i < qsizetype(routes().size()); ++i) {
        QTest::newRow(routes()[std::size_t(i)].name) << int(i);
    }
    QTest::newRow("info") << -1;
}

void KeyApiTest::letsOnlyTheMasterIn()
{
    QFETCH(const int, route);
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const auto callWith = [this, route](QByteArrayView key) {
        const std::vector<RouteCase> all = routes();
        return route < 0
            ? m_rig->keyInfo("key=a", key)
            : m_rig->call(all[std::size_t(route)].member, all[std::size_t(route)].body, key);
    };
    QCOMPARE(m_rig->wrongGuestOf(callWith), QString());
}

void KeyApiTest::makesAKeyThatWorks()
{
    const Answer answer = generate("{}");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.ends, 1);
    const QByteArray secret = textOf(answer, "key"_L1).toLatin1();
    const auto principal = m_rig->identify(secret);
    QVERIFY(principal);
    QCOMPARE(principal->kind, auth::PrincipalKind::Key);
    QCOMPARE(principal->keyId, textOf(answer, "id"_L1).toLatin1());
    QCOMPARE(textOf(answer, "token"_L1), textOf(answer, "id"_L1));
    QCOMPARE(textOf(answer, "key_name"_L1), u"sk-..."_s + QString::fromLatin1(secret.last(4)));
}

void KeyApiTest::makesAKeyWithWhatWasAskedFor()
{
    const Answer answer = generate(
        R"({"key_alias":"ci","user_id":"ada","team_id":"research","models":["a","b"],)"
        R"("blocked":false,"expires":"2999-01-02T03:04:05+01:00"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(textOf(answer, "key_alias"_L1), u"ci"_s);
    QCOMPARE(textOf(answer, "user_id"_L1), u"ada"_s);
    QCOMPARE(textOf(answer, "team_id"_L1), u"research"_s);
    QCOMPARE(answer.body.value("models"_L1).toArray(), (QJsonArray{u"a"_s, u"b"_s}));
    QCOMPARE(textOf(answer, "expires"_L1), u"2999-01-02T02:04:05.000Z"_s);
    QCOMPARE(m_rig->store.loadKeys()->at(0).key.models, (QStringList{u"a"_s, u"b"_s}));
}

void KeyApiTest::takesAnEmptyBodyForNoWishes()
{
    for (const QByteArray &body : {""_ba, " \r\n"_ba, "{}"_ba, R"({"key_alias":null})"_ba,
                                   R"({"models":null,"team_id":null,"max_budget":null})"_ba}) {
        QCOMPARE(generate(body).status, 200);
    }
}

void KeyApiTest::givesAKeyItsLifetime()
{
    const Answer answer = generate(R"({"duration":"12h"})");
    const QByteArray secret = textOf(answer, "key"_L1).toLatin1();
    m_rig->clock.now += std::chrono::hours(12) - std::chrono::milliseconds(1);
    QVERIFY(m_rig->identify(secret));
    m_rig->clock.now += std::chrono::milliseconds(1);
    QCOMPARE(m_rig->identify(secret).error().kind, ErrorKind::KeyExpired);
    QVERIFY(generate(R"({"duration":null})").body.value("expires"_L1).isNull());
}

void KeyApiTest::refusesAWrongWish_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("unknown field") << R"({"key_allias":"a"})"_ba << u"key_allias"_s;
    QTest::newRow("field of the gateway") << R"({"spend":0})"_ba << u"spend"_s;
    QTest::newRow("id") << R"({"id":"abcdefgh"})"_ba << u"id"_s;
    QTest::newRow("alias is a number") << R"({"key_alias":1})"_ba << u"key_alias"_s;
    QTest::newRow("alias too long")
        << R"({"key_alias":")" + QByteArray(256, 'x') + R"("})" << u"key_alias"_s;
    QTest::newRow("alias with a control") << R"({"key_alias":"a\u0007"})"_ba << u"key_alias"_s;
    QTest::newRow("models is a text") << R"({"models":"a"})"_ba << u"models"_s;
    QTest::newRow("a model is a number") << R"({"models":["a",2]})"_ba << u"models[1]"_s;
    QTest::newRow("a model is empty") << R"({"models":[""]})"_ba << u"models[0]"_s;
    QTest::newRow("blocked is a text") << R"({"blocked":"no"})"_ba << u"blocked"_s;
    QTest::newRow("expires without a zone")
        << R"({"expires":"2999-01-01T00:00:00"})"_ba << u"expires"_s;
    QTest::newRow("expires is a number") << R"({"expires":1})"_ba << u"expires"_s;
    QTest::newRow("duration is a number") << R"({"duration":30})"_ba << u"duration"_s;
    QTest::newRow("duration without a unit") << R"({"duration":"30"})"_ba << u"duration"_s;
    QTest::newRow("duration empty") << R"({"duration":""})"_ba << u"duration"_s;
    QTest::newRow("negative duration") << R"({"duration":"-1d"})"_ba << u"duration"_s;
    QTest::newRow("duration and expires")
        << R"({"duration":"1d","expires":"2999-01-01T00:00:00Z"})"_ba << u"duration"_s;
    QTest::newRow("field twice") << R"({"key_alias":"a","key_alias":"b"})"_ba << u""_s;
    QTest::newRow("no object") << "[]"_ba << u""_s;
    QTest::newRow("no JSON") << "key_alias=a"_ba << u""_s;
    QTest::newRow("cut JSON") << R"({"key_alias":"a")"_ba << u""_s;
}

void KeyApiTest::refusesAWrongWish()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    const Answer answer = generate(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("type"_L1), u"invalid_request_error"_s);
    QCOMPARE(answer.errorText("param"_L1), param);
    QVERIFY(answer.errorText("message"_L1).contains(param));
    QVERIFY(m_rig->store.loadKeys()->empty());
}

void KeyApiTest::refusesAnAliasThatIsTaken()
{
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const Answer second = generate(R"({"key_alias":"a"})");
    QCOMPARE(second.status, 400);
    QCOMPARE(second.errorText("param"_L1), u"key_alias"_s);
    QCOMPARE(m_rig->directory.size(), 1);
}

void KeyApiTest::refusesABlockedKeyAtOnce()
{
    const Answer answer = generate(R"({"blocked":true})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(m_rig->identify(textOf(answer, "key"_L1).toLatin1()).error().kind,
             ErrorKind::KeyBlocked);
}

void KeyApiTest::givesAKeyABudgetThatHoldsAtOnce()
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

void KeyApiTest::showsTheBudgetOfAKey()
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

void KeyApiTest::makesNoBudgetThatNobodyAskedFor()
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

void KeyApiTest::refusesAWrongBudget_data()
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

void KeyApiTest::refusesAWrongBudget()
{
    refusesAWrongWish();
    QVERIFY(m_rig->store.loadBudgets()->empty());
}

void KeyApiTest::leavesNoBudgetBehindForAKeyThatWasNotMade()
{
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const Answer answer = generate(R"({"key_alias":"a","max_budget":1})");
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), u"key_alias"_s);
    QVERIFY(m_rig->store.loadBudgets()->empty());
    QVERIFY(m_rig->book.states(m_rig->clock.now).empty());
}

void KeyApiTest::deletesTheBudgetsOfAKeyWithIt()
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

void KeyApiTest::limitsSingleModelsOfAKey()
{
    const Answer answer = generate(
        R"({"key_alias":"a","model_rpm_limit":{"m":5,"x/y":0},"model_tpm_limit":{"m":1000},)"
        R"("model_max_parallel_requests":null})");
    QCOMPARE(answer.status, 200);
    const QJsonObject requests{{u"m"_s, 5}, {u"x/y"_s, 0}};
    const QJsonObject tokens{{u"m"_s, 1000}};
    const QJsonObject info = m_rig->keyInfo("key=a").body.value("info"_L1).toObject();
    for (const QJsonObject &key : {answer.body, info}) {
        QCOMPARE(key.value("model_rpm_limit"_L1).toObject(), requests);
        QCOMPARE(key.value("model_tpm_limit"_L1).toObject(), tokens);
        QVERIFY(key.value("model_max_parallel_requests"_L1).isNull());
    }
    SpendEntry call;
    call.keyId = textOf(answer, "id"_L1).toUtf8();
    call.model = "m";
    std::vector<limits::RateRule> rules;
    m_rig->rateDirectory.current()->addRules(call, call.model, rules);
    QCOMPARE(rules.size(), 2U);
    QCOMPARE(remove(R"({"key_aliases":["a"]})").status, 200);
    QVERIFY(m_rig->rateDirectory.current()->isEmpty());
    QVERIFY(m_rig->store.loadRateLimits()->empty());
}

void KeyApiTest::refusesAWrongLimitOfAModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("number") << R"({"model_rpm_limit":5})"_ba << u"model_rpm_limit"_s;
    QTest::newRow("list") << R"({"model_tpm_limit":["m"]})"_ba << u"model_tpm_limit"_s;
    QTest::newRow("negative") << R"({"model_rpm_limit":{"m":-1}})"_ba << u"model_rpm_limit.m"_s;
    QTest::newRow("null") << R"({"model_rpm_limit":{"m":null}})"_ba << u"model_rpm_limit.m"_s;
    QTest::newRow("text") << R"({"model_tpm_limit":{"m":"9"}})"_ba << u"model_tpm_limit.m"_s;
    QTest::newRow("no name") << R"({"model_rpm_limit":{"":1}})"_ba << u"model_rpm_limit."_s;
    QTest::newRow("line break") << R"({"model_rpm_limit":{"a\nb":1}})"_ba << u"model"_s;
    QTest::newRow("unknown map") << R"({"model_rph_limit":{"m":1}})"_ba << u"model_rph_limit"_s;
}

void KeyApiTest::refusesAWrongLimitOfAModel()
{
    refusesAWrongWish();
    QVERIFY(m_rig->store.loadRateLimits()->empty());
}

void KeyApiTest::describesAKeyByAnyOfItsNames()
{
    const Answer made = generate(R"({"key_alias":"my first+key","user_id":"ada"})");
    QCOMPARE(made.status, 200);
    const QByteArray id = textOf(made, "id"_L1).toLatin1();
    for (const QByteArray &query : {"key=" + id, "key=my+first%2Bkey"_ba, "key=my%20first%2bkey"_ba,
                                    "x=1&key=" + textOf(made, "key"_L1).toLatin1()}) {
        const Answer answer = m_rig->keyInfo(query);
        QCOMPARE(answer.status, 200);
        QCOMPARE(textOf(answer, "key"_L1), QString::fromLatin1(id));
        const QJsonObject info = answer.body.value("info"_L1).toObject();
        QCOMPARE(info.value("user_id"_L1).toString(), u"ada"_s);
        QVERIFY(!info.contains("key"_L1));
    }
}

void KeyApiTest::neverShowsASecretAgain()
{
    const Answer made = generate("{}");
    const QByteArray secret = textOf(made, "key"_L1).toLatin1();
    const Answer info = m_rig->keyInfo("key=" + secret);
    QCOMPARE(info.status, 200);
    QVERIFY(!bodyOf(info.body).contains(secret.sliced(20, 10)));
}

void KeyApiTest::answers404ForAnUnknownKey_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("an id") << "abcdefgh"_ba;
    QTest::newRow("an alias") << "no%20such%20key"_ba;
    SystemRandom random;
    QTest::newRow("a whole key") << auth::issueKey(random).text.reveal();
    QTest::newRow("odd bytes") << "%00%ff%27%3B--"_ba;
}

void KeyApiTest::answers404ForAnUnknownKey()
{
    QFETCH(const QByteArray, name);
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const Answer answer = m_rig->keyInfo("key=" + name);
    QCOMPARE(answer.status, 404);
    QCOMPARE(answer.ends, 1);
    QCOMPARE(answer.errorText("code"_L1), u"key_not_found"_s);
    QCOMPARE(answer.errorText("param"_L1), u"key"_s);
    QVERIFY(!answer.errorText("message"_L1).contains(u"sk-"_s));
}

void KeyApiTest::asksForTheNameOfAKey()
{
    for (const QByteArray &query : {""_ba, "key="_ba, "key"_ba, "kye=a"_ba}) {
        const Answer answer = m_rig->keyInfo(query);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.errorText("param"_L1), u"key"_s);
        QCOMPARE(answer.backgroundJobs, 0U);
    }
}

void KeyApiTest::deletesKeysByAnyOfTheirNames()
{
    const Answer byId = generate("{}");
    const Answer byText = generate("{}");
    const Answer byAlias = generate(R"({"key_alias":"a"})");
    const Answer kept = generate("{}");
    const Answer answer = remove(
        bodyOf({{"keys"_L1, QJsonArray{textOf(byId, "id"_L1), textOf(byText, "key"_L1)}},
                {"key_aliases"_L1, QJsonArray{u"a"_s}}}));
    QCOMPARE(answer.status, 200);
    QCOMPARE(
        answer.body.value("deleted_keys"_L1).toArray(),
        (QJsonArray{textOf(byId, "id"_L1), textOf(byText, "id"_L1), textOf(byAlias, "id"_L1)}));
    for (const Answer *gone : {&byId, &byText, &byAlias}) {
        QVERIFY(!m_rig->identify(textOf(*gone, "key"_L1).toLatin1()));
    }
    QVERIFY(m_rig->identify(textOf(kept, "key"_L1).toLatin1()));
    QCOMPARE(m_rig->store.loadKeys()->size(), 1U);
}

void KeyApiTest::deletesNothingIfOneNameIsUnknown()
{
    const Answer made = generate(R"({"key_alias":"a"})");
    const QString id = textOf(made, "id"_L1);
    const Answer byKey = remove(bodyOf({{"keys"_L1, QJsonArray{id, u"nobody"_s}}}));
    QCOMPARE(byKey.status, 404);
    QCOMPARE(byKey.errorText("code"_L1), u"key_not_found"_s);
    QCOMPARE(byKey.errorText("param"_L1), u"keys[1]"_s);
    const Answer byAlias = remove(R"({"key_aliases":["b","a"]})");
    QCOMPARE(byAlias.status, 404);
    QCOMPARE(byAlias.errorText("param"_L1), u"key_aliases[0]"_s);
    QVERIFY(m_rig->identify(textOf(made, "key"_L1).toLatin1()));
}

void KeyApiTest::deletesAKeyThatIsNamedTwiceOnce()
{
    const QString id = textOf(generate(R"({"key_alias":"a"})"), "id"_L1);
    const Answer answer = remove(
        bodyOf({{"keys"_L1, QJsonArray{id, id}}, {"key_aliases"_L1, QJsonArray{u"a"_s}}}));
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body.value("deleted_keys"_L1).toArray(), QJsonArray{id});
}

void KeyApiTest::resetsTheBudgetsOfAKeyAsLiteLlmDoes()
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

void KeyApiTest::refusesAWrongResetOfAKey_data()
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

void KeyApiTest::refusesAWrongResetOfAKey()
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

void KeyApiTest::refusesAWrongListOfKeys_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("no body") << ""_ba << u""_s;
    QTest::newRow("no keys") << "{}"_ba << u"keys"_s;
    QTest::newRow("empty lists") << R"({"keys":[],"key_aliases":[]})"_ba << u"keys"_s;
    QTest::newRow("null") << R"({"keys":null})"_ba << u"keys"_s;
    QTest::newRow("a text") << R"({"keys":"a"})"_ba << u"keys"_s;
    QTest::newRow("a number in it") << R"({"keys":["a",1]})"_ba << u"keys[1]"_s;
    QTest::newRow("alias is an object") << R"({"key_aliases":[{}]})"_ba << u"key_aliases[0]"_s;
    QTest::newRow("unknown field") << R"({"keys":["a"],"key_alias":"b"})"_ba << u"key_alias"_s;
}

void KeyApiTest::refusesAWrongListOfKeys()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, param);
    QCOMPARE(generate(R"({"key_alias":"a"})").status, 200);
    const Answer answer = remove(body);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.errorText("param"_L1), param);
    QCOMPARE(m_rig->store.loadKeys()->size(), 1U);
}

QTEST_GUILESS_MAIN(KeyApiTest)
#include "tst_key_api.moc"
