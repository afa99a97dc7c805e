#include "gateway/auth/jwt/jwt_identity.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

namespace {

Result<KeyFacts> identity(const QJsonObject &claims, const JwtSettings &settings = {})
{
    return identityOf({claims, testNow}, settings);
}

} // namespace

class JwtIdentityTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheUserAndTheTeam()
    {
        const auto facts = identity(
            {{u"sub"_s, u"ada"_s}, {u"team_id"_s, u"research"_s}, {u"org_id"_s, u"acme"_s}});
        QVERIFY(facts);
        QCOMPARE(facts->id, "jwt:ada");
        QCOMPARE(facts->userId, "ada");
        QCOMPARE(facts->teamId, "research");
        QCOMPARE(facts->organizationId, "");
        QCOMPARE(facts->expiresAt, testNow);
        QVERIFY(facts->terms->models.isEmpty());
        QCOMPARE(facts->terms->limits, RateLimits());
    }

    void readsTheClaimsThatAreConfigured()
    {
        JwtSettings settings;
        settings.claims = {.user = u"email"_s,
                           .team = u"https://acme.example/team.id"_s,
                           .organization = u"tenant.id"_s,
                           .models = u"llm.models"_s};
        const auto facts = identity(
            {{u"sub"_s, u"7"_s},
             {u"email"_s, u"ada@example.com"_s},
             {u"https://acme.example/team.id"_s, u"research"_s},
             {u"tenant"_s, QJsonObject{{u"id"_s, u"acme"_s}}},
             {u"llm"_s, QJsonObject{{u"models"_s, QJsonArray{u"gpt-4o"_s, u"echo"_s}}}}},
            settings);
        QVERIFY(facts);
        QCOMPARE(facts->id, "jwt:ada@example.com");
        QCOMPARE(facts->teamId, "research");
        QCOMPARE(facts->organizationId, "acme");
        QCOMPARE(facts->terms->models, (QByteArrayList{"gpt-4o", "echo"}));
    }

    void refusesIdsThatAreNone_data()
    {
        QTest::addColumn<QJsonObject>("claims");
        const QJsonObject good{{u"sub"_s, u"ada"_s}};
        QTest::newRow("no user") << QJsonObject();
        QTest::newRow("empty user") << QJsonObject{{u"sub"_s, QString()}};
        QTest::newRow("user null") << QJsonObject{{u"sub"_s, QJsonValue::Null}};
        QTest::newRow("user that is a number") << QJsonObject{{u"sub"_s, 7}};
        QTest::newRow("user with a line break") << QJsonObject{{u"sub"_s, u"a\nb"_s}};
        QTest::newRow("user with a NUL") << QJsonObject{{u"sub"_s, u"a\0b"_s}};
        QTest::newRow("long user") << QJsonObject{{u"sub"_s, QString(256, u'a')}};
        QTest::newRow("list of teams") << with(good, {{u"team_id"_s, QJsonArray{u"a"_s, u"b"_s}}});
        QTest::newRow("team in an object") << with(good, {{u"team_id"_s, QJsonObject()}});
    }

    void refusesIdsThatAreNone()
    {
        QFETCH(QJsonObject, claims);
        const auto facts = identity(claims);
        QVERIFY(!facts);
        QCOMPARE(facts.error().status(), 401);
        QCOMPARE(facts.error().codeText(), u"invalid_token"_s);
    }

    void letsATokenWithoutModelsCallNone_data()
    {
        QTest::addColumn<QJsonObject>("claims");
        const QJsonObject good{{u"sub"_s, u"ada"_s}};
        QTest::newRow("absent") << good;
        QTest::newRow("null") << with(good, {{u"models"_s, QJsonValue::Null}});
        QTest::newRow("empty") << with(good, {{u"models"_s, QJsonArray()}});
        QTest::newRow("blank") << with(good, {{u"models"_s, u" "_s}});
    }

    void letsATokenWithoutModelsCallNone()
    {
        QFETCH(QJsonObject, claims);
        JwtSettings settings;
        settings.claims.models = u"models"_s;
        QCOMPARE(identity(claims, settings).error().kind, ErrorKind::PermissionDenied);
        QVERIFY(identity(claims));
    }

    void refusesModelsThatAreNoTexts()
    {
        JwtSettings settings;
        settings.claims.models = u"models"_s;
        for (const QJsonValue &models :
             {QJsonValue(7), QJsonValue(true), QJsonValue(QJsonArray{u"a"_s, 7}),
              QJsonValue(QJsonArray{QString()}), QJsonValue(QJsonObject{{u"a"_s, u"b"_s}})}) {
            const auto facts = identity({{u"sub"_s, u"ada"_s}, {u"models"_s, models}}, settings);
            QCOMPARE(facts.error().codeText(), u"invalid_token"_s);
        }
    }

    void wantsAllScopes_data()
    {
        QTest::addColumn<QJsonValue>("scope");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("in a text") << QJsonValue(u"openid llm.call llm.list"_s) << true;
        QTest::newRow("in a list") << QJsonValue(QJsonArray{u"llm.list"_s, u"llm.call"_s}) << true;
        QTest::newRow("one is missing") << QJsonValue(u"llm.call"_s) << false;
        QTest::newRow("part of a word") << QJsonValue(u"llm.call2 llm.list"_s) << false;
        QTest::newRow("none") << QJsonValue(QString()) << false;
        QTest::newRow("null") << QJsonValue(QJsonValue::Null) << false;
    }

    void wantsAllScopes()
    {
        QFETCH(QJsonValue, scope);
        QFETCH(bool, isGood);
        JwtSettings settings;
        settings.requiredScopes = {u"llm.call"_s, u"llm.list"_s};
        const auto facts = identity({{u"sub"_s, u"ada"_s}, {u"scope"_s, scope}}, settings);
        QCOMPARE(facts.has_value(), isGood);
        if (!isGood) {
            QCOMPARE(facts.error().kind, ErrorKind::PermissionDenied);
        }
    }

    void wantsOneOfTheRoles()
    {
        JwtSettings settings;
        settings.claims.role = u"realm_access.roles"_s;
        settings.allowedRoles = {u"developer"_s, u"operator"_s};
        const auto withRoles = [&settings](const QJsonValue &roles) {
            return identity(
                {{u"sub"_s, u"ada"_s}, {u"realm_access"_s, QJsonObject{{u"roles"_s, roles}}}},
                settings);
        };
        QVERIFY(withRoles(QJsonArray{u"guest"_s, u"operator"_s}));
        QVERIFY(withRoles(u"developer"_s));
        QCOMPARE(withRoles(QJsonArray{u"guest"_s}).error().kind, ErrorKind::PermissionDenied);
        QCOMPARE(withRoles(QJsonArray()).error().kind, ErrorKind::PermissionDenied);
        QCOMPARE(identity({{u"sub"_s, u"ada"_s}}, settings).error().kind,
                 ErrorKind::PermissionDenied);
    }
};

QTEST_APPLESS_MAIN(JwtIdentityTest)
#include "tst_jwt_identity.moc"
