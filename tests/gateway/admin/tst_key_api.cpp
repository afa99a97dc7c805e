// labels: unit db hostile contract
#include "tests/gateway/admin/admin_rig.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::KeyApi;
using delta::admin::test::AdminRig;
using delta::admin::test::Answer;
using delta::admin::test::bodyOf;
using delta::admin::test::textOf;

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
