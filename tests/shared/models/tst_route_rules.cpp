// labels: unit hostile
#include "shared/models/route_rules.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

class RouteRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allowsEverythingWhereNothingIsNamed()
    {
        QVERIFY(allowsRoute({}, "/chat/completions"));
        QVERIFY(allowsAdminRoute({}, "/key/info"));
    }

    void allowsWhatARuleNames_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isAllowed");
        const auto row = [](const char *rule, const char *path, bool isAllowed) {
            QTest::addRow("%s for %s", rule, path)
                << QByteArray(rule) << QByteArray(path) << isAllowed;
        };
        row("/chat/completions", "/chat/completions", true);
        row("/v1/chat/completions", "/chat/completions", true);
        row("/chat/completions", "/embeddings", false);
        row("/chat/completions", "/chat/completions/more", false);
        row("/chat/completions", "/chat", false);
        row("/Chat/Completions", "/chat/completions", false);
        row("/chat/*", "/chat/completions", true);
        row("/v1/chat/*", "/chat/completions", true);
        row("/chat/*", "/chats", false);
        row("/chat*", "/chats", true);
        row("/*", "/embeddings", true);
        row("/v1/*", "/embeddings", true);
        row("llm_api_routes", "/embeddings", true);
        // A star means something at the end only, and "/v1" only as a whole step.
        row("/*/completions", "/chat/completions", false);
        row("/v1", "/chat/completions", false);
        row("/v1*", "/chat/completions", false);
        row("/v10/models", "/models", false);
        row("/v1/v1/models", "/models", false);
    }
    void allowsWhatARuleNames()
    {
        QFETCH(const QByteArray, rule);
        QFETCH(const QByteArray, path);
        QFETCH(const bool, isAllowed);
        QCOMPARE(allowsRoute({rule}, path), isAllowed);
    }

    void allowsWhatAnyOfSeveralRulesNames()
    {
        const QByteArrayList rules{"/embeddings", "/chat/*"};
        QVERIFY(allowsRoute(rules, "/embeddings"));
        QVERIFY(allowsRoute(rules, "/chat/completions"));
        QVERIFY(!allowsRoute(rules, "/models"));
    }

    void opensNoAdminRouteByTheNameOfTheDataPlane()
    {
        QVERIFY(!allowsAdminRoute({"llm_api_routes"}, "/key/info"));
        QVERIFY(!allowsAdminRoute({"/chat/completions"}, "/key/info"));
        QVERIFY(allowsAdminRoute({"llm_api_routes", "/key/info"}, "/key/info"));
        QVERIFY(allowsAdminRoute({"/key/*"}, "/key/info"));
    }

    void takesPathsAndTheNameOfTheDataPlane()
    {
        QVERIFY(checkRoutes({}, u"allowed_routes"_s).has_value());
        QVERIFY(checkRoutes({u"/chat/completions"_s, u"/v1/*"_s, u"llm_api_routes"_s},
                            u"allowed_routes"_s)
                    .has_value());
    }

    void namesTheElementThatIsNoRoute_data()
    {
        QTest::addColumn<QString>("route");
        QTest::newRow("nothing") << QString();
        QTest::newRow("no path") << u"chat/completions"_s;
        QTest::newRow("another group") << u"management_routes"_s;
        QTest::newRow("a star alone") << u"*"_s;
        QTest::newRow("a line break") << u"/chat\n/completions"_s;
        QTest::newRow("NUL") << u"/chat"_s + QChar(0);
        QTest::newRow("too long") << u"/"_s + QString(300, u'x');
    }
    void namesTheElementThatIsNoRoute()
    {
        QFETCH(const QString, route);
        const auto checked = checkRoutes({u"/models"_s, route}, u"allowed_routes"_s);
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(checked.error().param, u"allowed_routes[1]"_s);
    }

    void refusesAListWithoutEnd()
    {
        QVERIFY(checkRoutes(QStringList(100, u"/models"_s), u"allowed_routes"_s).has_value());
        const auto checked = checkRoutes(QStringList(101, u"/models"_s), u"allowed_routes"_s);
        QVERIFY(!checked);
        QCOMPARE(checked.error().param, u"allowed_routes"_s);
    }
};

QTEST_APPLESS_MAIN(RouteRulesTest)
#include "tst_route_rules.moc"
