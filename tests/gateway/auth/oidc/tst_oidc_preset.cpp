#include "gateway/auth/oidc/oidc_preset.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta::auth;

class OidcPresetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhichIssuersAProviderCanHave_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("issuer");
        QTest::addColumn<bool>("fits");
        const auto add = [](const QString &preset, const QString &issuer, bool isFit) {
            QTest::addRow("%ls: %ls", qUtf16Printable(preset), qUtf16Printable(issuer))
                << preset << issuer << isFit;
        };
        const QString tenant = u"72f988bf-86f1-41af-91ab-2d7cd011db47"_s;
        const QString entra = u"https://login.microsoftonline.com/"_s;
        add(u"oidc"_s, u"https://login.example.com/realms/a"_s, true);
        add(u"google"_s, u"https://accounts.google.com"_s, true);
        add(u"google"_s, u"https://accounts.google.com/"_s, false);
        add(u"google"_s, u"https://accounts.example.com"_s, false);
        add(u"microsoft"_s, entra + tenant + u"/v2.0"_s, true);
        add(u"microsoft"_s, u"https://login.microsoftonline.us/"_s + tenant + u"/v2.0"_s, true);
        add(u"microsoft"_s, entra + tenant, false);
        add(u"microsoft"_s, entra + tenant + u"/v2.0/"_s, false);
        add(u"microsoft"_s, entra + u"common/v2.0"_s, false);
        add(u"microsoft"_s, entra + u"organizations/v2.0"_s, false);
        add(u"microsoft"_s, entra + u"{tenantid}/v2.0"_s, false);
        add(u"microsoft"_s, entra + u"contoso.onmicrosoft.com/v2.0"_s, false);
        add(u"microsoft"_s, u"https://login.example.com/"_s + tenant + u"/v2.0"_s, false);
        add(u"okta"_s, u"https://example.okta.com"_s, true);
        add(u"okta"_s, u"https://login.example.com/oauth2/default"_s, true);
        add(u"okta"_s, u"https://example.okta.com/"_s, false);
        add(u"okta"_s, u"https://example.okta.com/oauth2/"_s, false);
        add(u"okta"_s, u"https://example.okta.com/app/x"_s, false);
    }
    void knowsWhichIssuersAProviderCanHave()
    {
        QFETCH(const QString, preset);
        QFETCH(const QString, issuer);
        QFETCH(const bool, fits);
        QCOMPARE(delta::auth::fits(presetOf(preset), issuer), fits);
    }

    void asksEachForWhatItNeeds()
    {
        QCOMPARE(presetOf(u"okta"_s).scope, "openid email profile groups"_L1);
        QCOMPARE(presetOf(u"microsoft"_s).verifiedClaim, "xms_edov"_L1);
        QCOMPARE(presetOf(u"google"_s).issuer, "https://accounts.google.com"_L1);
        for (const QString &name : presetNames()) {
            QCOMPARE(QString(presetOf(name).name), name);
            QVERIFY(QString(presetOf(name).scope).startsWith(u"openid "_s));
        }
    }
};

QTEST_GUILESS_MAIN(OidcPresetTest)
#include "tst_oidc_preset.moc"
