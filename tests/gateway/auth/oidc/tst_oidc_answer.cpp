#include "gateway/auth/oidc/oidc_answer.h"

#include <QJsonArray>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::auth;

namespace {

const QString issuer = u"https://login.example.com"_s;

QJsonObject document(const QJsonObject &changes = {})
{
    QJsonObject object{{"issuer"_L1, issuer},
                       {"authorization_endpoint"_L1, issuer + u"/authorize"_s},
                       {"token_endpoint"_L1, issuer + u"/token"_s},
                       {"jwks_uri"_L1, issuer + u"/keys"_s}};
    for (auto change = changes.begin(); change != changes.end(); ++change) {
        object[change.key()] = *change;
    }
    return object;
}

OidcSettings settingsOf(const QString &provider)
{
    OidcSettings settings;
    settings.provider = provider;
    settings.issuer = issuer;
    return settings;
}

} // namespace

class OidcAnswerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhereAProviderIsAsked()
    {
        const auto read = readDiscovery(document(), issuer);
        QVERIFY2(read, read ? "" : qPrintable(read.error()));
        QCOMPARE(read->authorization, "https://login.example.com/authorize");
        QCOMPARE(read->token, "https://login.example.com/token");
        QCOMPARE(read->keys, "https://login.example.com/keys");
        QVERIFY(read->userinfo.isEmpty());
        QVERIFY(read->takesBasic);
    }

    void sendsTheSecretAsTheProviderTakesIt()
    {
        const auto with = [](const QJsonArray &methods) {
            return readDiscovery(document({{"token_endpoint_auth_methods_supported"_L1, methods}}),
                                 issuer)
                ->takesBasic;
        };
        QVERIFY(with({u"client_secret_post"_s, u"client_secret_basic"_s}));
        QVERIFY(!with({u"client_secret_post"_s}));
    }

    void refusesADocumentThatIsNotTheIssuersOrUnsafe_data()
    {
        QTest::addColumn<QJsonObject>("changes");
        QTest::newRow("another issuer") << QJsonObject{{"issuer"_L1, issuer + u'/'}};
        QTest::newRow("no token endpoint") << QJsonObject{{"token_endpoint"_L1, QJsonValue()}};
        QTest::newRow("an endpoint in the open")
            << QJsonObject{{"token_endpoint"_L1, u"http://login.example.com/token"_s}};
        QTest::newRow("userinfo in the open")
            << QJsonObject{{"userinfo_endpoint"_L1, u"http://login.example.com/me"_s}};
        QTest::newRow("a user in an endpoint")
            << QJsonObject{{"jwks_uri"_L1, u"https://a:b@login.example.com/keys"_s}};
        QTest::newRow("no address")
            << QJsonObject{{"authorization_endpoint"_L1, u"javascript:0"_s}};
    }
    void refusesADocumentThatIsNotTheIssuersOrUnsafe()
    {
        QFETCH(const QJsonObject, changes);
        QVERIFY(!readDiscovery(document(changes), issuer));
    }

    void believesAnAddressOnlyWhereTheProviderVouchesForIt_data()
    {
        QTest::addColumn<QString>("provider");
        QTest::addColumn<QJsonObject>("claims");
        QTest::addColumn<bool>("isVerified");
        QTest::newRow("true") << u"oidc"_s << QJsonObject{{"email_verified"_L1, true}} << true;
        QTest::newRow("text") << u"oidc"_s << QJsonObject{{"email_verified"_L1, u"true"_s}} << true;
        QTest::newRow("false") << u"oidc"_s << QJsonObject{{"email_verified"_L1, false}} << false;
        QTest::newRow("other text")
            << u"oidc"_s << QJsonObject{{"email_verified"_L1, u"yes"_s}} << false;
        QTest::newRow("nothing") << u"oidc"_s << QJsonObject{} << false;
        QTest::newRow("another's claim")
            << u"oidc"_s << QJsonObject{{"xms_edov"_L1, true}} << false;
        QTest::newRow("domain owner")
            << u"microsoft"_s << QJsonObject{{"xms_edov"_L1, true}} << true;
        QTest::newRow("as number") << u"microsoft"_s << QJsonObject{{"xms_edov"_L1, 1}} << true;
        QTest::newRow("as text") << u"microsoft"_s << QJsonObject{{"xms_edov"_L1, u"1"_s}} << true;
        QTest::newRow("no owner") << u"microsoft"_s << QJsonObject{{"xms_edov"_L1, false}} << false;
        QTest::newRow("a claim that anybody may write")
            << u"microsoft"_s << QJsonObject{{"email_verified"_L1, true}} << false;
    }
    void believesAnAddressOnlyWhereTheProviderVouchesForIt()
    {
        QFETCH(const QString, provider);
        QFETCH(QJsonObject, claims);
        QFETCH(const bool, isVerified);
        claims["sub"_L1] = u"7"_s;
        claims["email"_L1] = u"Ada@Example.com"_s;
        const auto who = identityOf(claims, settingsOf(provider));
        QVERIFY(who);
        QCOMPARE(who->email, u"ada@example.com"_s);
        QCOMPARE(who->isEmailVerified, isVerified);
    }

    void tellsNoGroupsFromNothingSaidOfThem_data()
    {
        QTest::addColumn<QJsonValue>("claim");
        QTest::addColumn<bool>("isSaid");
        QTest::addColumn<QStringList>("groups");
        QTest::newRow("absent") << QJsonValue(QJsonValue::Undefined) << false << QStringList();
        QTest::newRow("null") << QJsonValue() << false << QStringList();
        QTest::newRow("no list") << QJsonValue(QJsonObject{}) << false << QStringList();
        QTest::newRow("empty") << QJsonValue(QJsonArray{}) << true << QStringList();
        QTest::newRow("two") << QJsonValue(QJsonArray{u"a"_s, 7, u"b"_s}) << true
                             << QStringList{u"a"_s, u"b"_s};
        QTest::newRow("one as text") << QJsonValue(u"a"_s) << true << QStringList{u"a"_s};
    }
    void tellsNoGroupsFromNothingSaidOfThem()
    {
        QFETCH(const QJsonValue, claim);
        QFETCH(const bool, isSaid);
        QFETCH(const QStringList, groups);
        QJsonObject claims{{"sub"_L1, u"7"_s}};
        if (!claim.isUndefined()) {
            claims["groups"_L1] = claim;
        }
        const auto who = identityOf(claims, settingsOf(u"oidc"_s));
        QVERIFY(who);
        QCOMPARE(who->groups.has_value(), isSaid);
        QCOMPARE(who->groups.value_or(QStringList()), groups);
    }

    void findsGroupsThatLieDeeper()
    {
        OidcSettings settings = settingsOf(u"oidc"_s);
        settings.groupsClaim = u"realm_access.roles"_s;
        const auto who = identityOf(
            {{"sub"_L1, u"7"_s},
             {"realm_access"_L1, QJsonObject{{"roles"_L1, QJsonArray{u"admins"_s}}}}},
            settings);
        QVERIFY(who);
        QCOMPARE(who->groups, QStringList{u"admins"_s});
    }

    void needsASubject()
    {
        for (const QJsonValue &subject :
             {QJsonValue(), QJsonValue(u""_s), QJsonValue(7), QJsonValue(QString(256, u'a'))}) {
            const auto who = identityOf({{"sub"_L1, subject}}, settingsOf(u"oidc"_s));
            QVERIFY(!who);
            QCOMPARE(who.error().code, u"sso_refused"_s);
        }
    }
};

QTEST_GUILESS_MAIN(OidcAnswerTest)
#include "tst_oidc_answer.moc"
