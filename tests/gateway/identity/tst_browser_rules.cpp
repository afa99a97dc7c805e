// labels: unit hostile
#include "gateway/identity/origin_check.h"
#include "gateway/identity/session_cookie.h"

#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;

namespace {

using Fields = QList<std::pair<QByteArray, QByteArray>>;

const QByteArray token(43, 'a');
const QByteArray own = "__Host-deltallm_session=" + token;

/// Makes a request; the fields must outlive it.
ports::HttpRequest requestOf(QByteArrayView method, const Fields &fields)
{
    ports::HttpRequest request;
    request.method = method;
    request.path = "/ui/api/x";
    for (const auto &[name, value] : fields) {
        request.fields.emplace_back(name, value);
    }
    return request;
}

bool passes(QByteArrayView method, Fields fields, const QByteArrayList &origins = {})
{
    fields.prepend({"Host", "gateway.example.com:8443"});
    return requireOwnOrigin(requestOf(method, fields), origins).has_value();
}

} // namespace

class BrowserRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesCookiesThatNoScriptAndNoOtherSiteGets()
    {
        QCOMPARE(sessionCookie(Secret(token), 12h, SameSite::Strict),
                 own + "; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict");
        QVERIFY(sessionCookie(Secret(token), 12h, SameSite::Lax).endsWith("; SameSite=Lax"));
        QCOMPARE(endedSessionCookie(),
                 "__Host-deltallm_session=; Path=/; Max-Age=0; Secure; "
                 "HttpOnly; SameSite=Strict");
    }

    void readsTheTokenOfASession()
    {
        const Fields fields{{"cookie", "a=b; " + own + " ;c=d"}};
        const auto found = sessionTokenOf(requestOf("GET", fields));
        QVERIFY(found);
        QCOMPARE(found->reveal(), token);
    }

    void readsNoTokenThatSomebodyElseMayHavePlanted_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::newRow("none") << Fields();
        QTest::newRow("another cookie") << Fields{{"Cookie", "deltallm_session=" + token}};
        QTest::newRow("two in one field") << Fields{{"Cookie", own + "; " + own}};
        QTest::newRow("two fields") << Fields{{"Cookie", own}, {"Cookie", own}};
        QTest::newRow("empty") << Fields{{"Cookie", "__Host-deltallm_session="}};
        QTest::newRow("another form") << Fields{{"Cookie", own + "a"}};
        QTest::newRow("other case") << Fields{{"Cookie", "__host-deltallm_session=" + token}};
        QTest::newRow("its end") << Fields{{"Cookie", "x__Host-deltallm_session=" + token}};
        QTest::newRow("quoted") << Fields{
            {"Cookie", "__Host-deltallm_session=\"" + token.first(41) + '"'}};
    }
    void readsNoTokenThatSomebodyElseMayHavePlanted()
    {
        QFETCH(const Fields, fields);
        QVERIFY(!sessionTokenOf(requestOf("GET", fields)));
    }

    void letsOwnPagesPass()
    {
        for (const QByteArray &method : {"POST"_ba, "PUT"_ba, "PATCH"_ba, "DELETE"_ba}) {
            QVERIFY(passes(method, {{"Origin", "https://gateway.example.com:8443"}}));
            QVERIFY(passes(method, {{"Origin", "http://GATEWAY.example.com:8443"}}));
            QVERIFY(passes(method, {{"Sec-Fetch-Site", "same-origin"}}));
        }
        QVERIFY(passes("POST", {{"Origin", "https://ui.example.com"}}, {"https://ui.example.com"}));
        QVERIFY(passes("GET", {{"Origin", "https://evil.example"}})); // Reads only.
    }

    void letsNoOtherSitePass_data()
    {
        QTest::addColumn<Fields>("fields");
        QTest::newRow("nothing said") << Fields();
        QTest::newRow("another site") << Fields{{"Origin", "https://evil.example"}};
        QTest::newRow("another port") << Fields{{"Origin", "https://gateway.example.com"}};
        QTest::newRow("a subdomain") << Fields{{"Origin", "https://x.gateway.example.com:8443"}};
        QTest::newRow("no origin") << Fields{{"Origin", "null"}};
        QTest::newRow("empty") << Fields{{"Origin", ""}};
        QTest::newRow("no scheme") << Fields{{"Origin", "gateway.example.com:8443"}};
        QTest::newRow("with a path") << Fields{{"Origin", "https://gateway.example.com:8443/x"}};
        QTest::newRow("user in front")
            << Fields{{"Origin", "https://gateway.example.com:8443@evil.example"}};
        QTest::newRow("cross-site") << Fields{{"Sec-Fetch-Site", "cross-site"}};
        QTest::newRow("same-site") << Fields{{"Sec-Fetch-Site", "same-site"}};
        QTest::newRow("typed") << Fields{{"Sec-Fetch-Site", "none"}};
        QTest::newRow("origin against site")
            << Fields{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-origin"}};
        QTest::newRow("two origins") << Fields{{"Origin", "https://gateway.example.com:8443"},
                                               {"Origin", "https://evil.example"}};
    }
    void letsNoOtherSitePass()
    {
        QFETCH(const Fields, fields);
        for (const QByteArray &method : {"POST"_ba, "PUT"_ba, "PATCH"_ba, "DELETE"_ba, "get"_ba}) {
            QVERIFY(!passes(method, fields));
            QVERIFY(!passes(method, fields, {"https://ui.example.com"}));
        }
    }

    void asksTheHostOnlyWhereNoOriginIsConfigured()
    {
        QVERIFY(!passes("POST", {{"Origin", "https://gateway.example.com:8443"}},
                        {"https://ui.example.com"}));
    }
};

QTEST_APPLESS_MAIN(BrowserRulesTest)
#include "tst_browser_rules.moc"
