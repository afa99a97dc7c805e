#include "gateway/http/route_table.h"
#include "tests/support/recorded_reply.h"

#include <QtTest>

using namespace delta;
using http::Route;
using http::RouteTable;

namespace {

/// Makes a route whose reply is its name and its parameters.
Route route(const QByteArray &method, const QByteArray &pattern)
{
    const QByteArray name = method + ' ' + pattern;
    return {method, pattern,
            [name](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply,
                   const QByteArrayList &parameters) {
                reply->send(200, {},
                            parameters.isEmpty() ? name : name + " = " + parameters.join(", "));
            }};
}

test::ReplyRecord serve(const RouteTable &table, const QByteArray &method, const QByteArray &path)
{
    ports::HttpRequest request;
    request.head = method + path;
    request.method = QByteArrayView(request.head).first(method.size());
    request.path = QByteArrayView(request.head).sliced(method.size());
    test::ReplyRecord record;
    table.serve(std::move(request), std::make_unique<test::RecordedReply>(record));
    return record;
}

} // namespace

class RouteTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheRoute_data();
    void findsTheRoute();
    void answers404ForOtherPaths_data();
    void answers404ForOtherPaths();
    void answers405WithTheMethodsThatThereAre();
    void refusesATableWithAnError_data();
    void refusesATableWithAnError();
    void findsEachOfTenThousandRoutes();
};

void RouteTableTest::findsTheRoute_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const QByteArray &method, const QByteArray &path, const QByteArray &body) {
        QTest::newRow((method + ' ' + path).constData()) << method << path << body;
    };
    row("GET", "/v1/models", "GET /v1/models");
    row("POST", "/v1/models", "POST /v1/models");
    row("HEAD", "/v1/models", "GET /v1/models");
    row("GET", "/v1/models/gpt", "GET /v1/models/{id...} = gpt");
    row("GET", "/v1/models/a/b%2Fc%20d", "GET /v1/models/{id...} = a/b/c d");
    row("GET", "/v1/models/exact", "GET /v1/models/exact");
    row("GET", "/v1/models/exact/x", "GET /v1/models/{id...} = exact/x");
    row("POST", "/key/a/reset", "POST /key/{id}/reset = a");
    row("POST", "/key/a%2Fb%20c/reset", "POST /key/{id}/reset = a/b c");
    row("POST", "/key/reset/reset", "POST /key/{id}/reset = reset");
    row("POST", "/key/exact", "POST /key/{id} = exact");
    row("GET", "/teams/a/members/b", "GET /teams/{team}/members/{user} = a, b");
    row("GET", "/teams/a/members/members", "GET /teams/{team}/members/{user} = a, members");
    row("GET", "/teams/members/keys", "GET /teams/{team}/{what} = members, keys");
    row("POST", "/key/reset", "POST /key/{id} = reset");
    row("POST", "/key/exact/reset", "POST /key/exact/reset");
    row("GET", "/v1/models/long/x", "GET /v1/models/long/{id} = x");
    row("GET", "/", "GET /");
}

void RouteTableTest::findsTheRoute()
{
    const auto table = RouteTable::build(
        {route("GET", "/"), route("GET", "/v1/models"), route("POST", "/v1/models"),
         route("GET", "/v1/models/{id...}"), route("GET", "/v1/models/exact"),
         route("GET", "/v1/models/long/{id}"), route("POST", "/key/{id}/reset"),
         route("POST", "/key/{id}"), route("POST", "/key/exact/reset"),
         route("GET", "/teams/{team}/members/{user}"), route("GET", "/teams/{team}/{what}")});
    QVERIFY(table.has_value());
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);

    const test::ReplyRecord record = serve(*table, method, path);

    QCOMPARE(record.status, 200);
    QTEST(record.body, "body");
}

void RouteTableTest::answers404ForOtherPaths_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {"/", "/v1", "/v1/", "/v1/models/", "/v1/Models", "//v1/models", "/v1/models/../keys",
          "/v1%2Fmodels", "/v1/keys", "/v1/models{id}", "/v1/files/", "/v1/files/a/b",
          "/v1/files/a/", "/v1/all/", "/v1/all"}) {
        QTest::newRow(path) << QByteArray(path);
    }
}

void RouteTableTest::answers404ForOtherPaths()
{
    const auto table = RouteTable::build({route("GET", "/v1/models"),
                                          route("GET", "/v1/files/{id}"),
                                          route("GET", "/v1/all/{path...}")});
    QVERIFY(table.has_value());
    QFETCH(const QByteArray, path);

    const test::ReplyRecord record = serve(*table, "GET", path);

    QCOMPARE(record.status, 404);
    QVERIFY(record.body.contains("\"code\":\"route_not_found\""));
}

void RouteTableTest::answers405WithTheMethodsThatThereAre()
{
    const auto table = RouteTable::build({route("GET", "/a"), route("POST", "/a")});
    QVERIFY(table.has_value());

    const test::ReplyRecord record = serve(*table, "DELETE", "/a");

    QCOMPARE(record.status, 405);
    QVERIFY(record.body.contains("\"code\":\"method_not_allowed\""));
    QCOMPARE(record.fields.front().first, QByteArray("allow"));
    QCOMPARE(record.fields.front().second, QByteArray("GET, HEAD, POST"));
}

void RouteTableTest::refusesATableWithAnError_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::newRow("double") << QByteArray("/a");
    QTest::newRow("double pattern") << QByteArray("/b/{other}");
    QTest::newRow("no slash") << QByteArray("c");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("double named pattern") << QByteArray("/c/{other}/d");
    QTest::newRow("nothing behind it") << QByteArray("/a/{id}/");
    QTest::newRow("something behind the rest") << QByteArray("/a/{id...}/b");
    QTest::newRow("rest without name") << QByteArray("/a/{...}");
    QTest::newRow("empty name") << QByteArray("/a//b");
    QTest::newRow("no slash behind it") << QByteArray("/a/{id}b");
    QTest::newRow("double brace") << QByteArray("/a/{{id}}");
    QTest::newRow("open brace behind it") << QByteArray("/a/{id}/b{");
    QTest::newRow("parameter within a name") << QByteArray("/a/b{id}");
    QTest::newRow("parameter without name") << QByteArray("/a/{}");
    QTest::newRow("open parameter") << QByteArray("/a/{id");
    QTest::newRow("brace") << QByteArray("/a/id}");
    QTest::newRow("query") << QByteArray("/a?b");
}

void RouteTableTest::refusesATableWithAnError()
{
    QFETCH(const QByteArray, pattern);

    const auto table = RouteTable::build({route("GET", "/a"), route("GET", "/b/{id}"),
                                          route("GET", "/c/{id}/d"), route("GET", pattern)});

    QVERIFY(!table.has_value());
    QVERIFY(table.error().contains(QString::fromUtf8(pattern)));
}

void RouteTableTest::findsEachOfTenThousandRoutes()
{
    std::vector<Route> routes;
    for (int index = 0; index < 10'000; ++index) {
        routes.push_back(route(
            "GET", "/route/" + QByteArray::number(index) + (index % 2 == 0 ? "" : "/{id...}")));
    }
    const auto table = RouteTable::build(std::move(routes));
    QVERIFY(table.has_value());

    for (int index = 0; index < 10'000; ++index) {
        const QByteArray path = "/route/" + QByteArray::number(index);
        QCOMPARE(serve(*table, "GET", index % 2 == 0 ? path : path + "/x").status, 200);
    }
    QCOMPARE(serve(*table, "GET", "/route/1/" + QByteArray("a/").repeated(4'000)).status, 200);
    QCOMPARE(serve(*table, "GET", QByteArray("/a").repeated(4'000)).status, 404);
}

QTEST_GUILESS_MAIN(RouteTableTest)

#include "tst_route_table.moc"
