// labels: unit db contract
// links: gateway/pipeline gateway/identity
#include "gateway/admin/access/access_table.h"
#include "gateway/app/routes.h"
#include "tests/gateway/admin/admin_rig.h"
#include "tests/gateway/admin/known_settings.h"
#include "tests/gateway/admin/login_hall.h"
#include "tests/gateway/pipeline/pipeline_rig.h"
#include "tests/support/loop_main.h"
#include "tests/support/plain_endpoints.h"
#include "tests/support/plain_sealer.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::test::PipelineRig;
using delta::test::RecordedReply;
using delta::test::ReplyRecord;

namespace {

ports::HttpRequest requestFor(const QByteArray &method, const QByteArray &target,
                              const QByteArray &body = {}, QByteArrayView key = {})
{
    constexpr qsizetype nameSize = 9;
    const QByteArray path = target.split('?').first();
    ports::HttpRequest request;
    request.id = "req_1";
    request.head = "x-api-key" + key.toByteArray() + method + target;
    const QByteArrayView head = request.head;
    if (!key.isEmpty()) {
        request.fields.emplace_back(head.first(nameSize), head.sliced(nameSize, key.size()));
    }
    request.method = head.sliced(nameSize + key.size(), method.size());
    const QByteArrayView rest = head.last(target.size());
    request.path = rest.first(path.size());
    request.query = rest.sliced(std::min(path.size() + 1, rest.size()));
    request.body = body;
    return request;
}

} // namespace

class RoutesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void leadsToTheRightPlace_data();
    void leadsToTheRightPlace();
    void asksForAKeyEverywhere_data();
    void asksForAKeyEverywhere();
    void refusesOtherMethodsAndPaths_data();
    void refusesOtherMethodsAndPaths();
    void tellsHowTheGatewayIs_data();
    void tellsHowTheGatewayIs();
    void hasEveryRouteOfTheTableOfAccess();
    void knowsThePathsOfOperation_data();
    void knowsThePathsOfOperation();

private:
    ReplyRecord serve(ports::HttpRequest request)
    {
        ReplyRecord record;
        m_routes->serve(std::move(request), std::make_unique<RecordedReply>(record));
        m_admin->background.work();
        return record;
    }

    std::unique_ptr<PipelineRig> m_rig;
    std::unique_ptr<admin::test::AdminRig> m_admin;
    std::unique_ptr<pipeline::ModelListing> m_models;
    delta::test::PlainSealer m_sealer;
    delta::test::PlainEndpoints m_endpoints;
    admin::test::KnownSettings m_settings;
    std::unique_ptr<admin::test::LoginHall> m_logins;
    std::unique_ptr<admin::AdminApi> m_adminApi;
    net::TimerWheel m_timers{SteadyTime()};
    std::optional<http::RouteTable> m_routes;
};

void RoutesTest::initTestCase()
{
    m_rig = std::make_unique<PipelineRig>();
    m_admin = std::make_unique<admin::test::AdminRig>();
    m_models = std::make_unique<pipeline::ModelListing>(pipeline::ModelListing::Parts{
        m_rig->authenticator, m_rig->permissions, m_rig->snapshots, m_rig->clock});
    m_admin->store.useAuditMac([](QByteArrayView bytes) { return bytes.toByteArray(); });
    m_logins = std::make_unique<admin::test::LoginHall>(admin::test::HallGround{
        m_admin->store, m_sealer, m_admin->pepper, m_admin->clock, m_admin->random});
    m_adminApi = std::make_unique<admin::AdminApi>(admin::AdminApi::Parts{
        m_admin->authenticator, m_admin->store, m_sealer, m_admin->pepper, m_endpoints.maker,
        m_endpoints.prices, m_admin->clock, m_admin->random, m_settings, m_admin->budgets, [] { },
        u"1.2.3"_s, &m_logins->gate, m_logins->routes()});
    m_routes = app::makeServiceRoutes(
        {*m_rig->pipeline, *m_models, m_admin->keyApi, m_admin->budgetApi, m_admin->rateLimitApi,
         m_admin->spendApi, *m_adminApi, m_admin->background, m_timers, [] { return false; }});
    VirtualKey wish;
    wish.alias = u"a"_s;
    QVERIFY(m_admin->keys.create(wish));
    Budget budget;
    budget.id = u"a"_s;
    budget.scope = BudgetScope::Gateway;
    QVERIFY(m_admin->budgets.create(budget));
}

void RoutesTest::leadsToTheRightPlace_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says"); // What only that place says.
    const auto add = [](const char *method, const char *target, const char *body,
                        std::pair<int, const char *> answer) {
        QTest::addRow("%s %s", method, target)
            << QByteArray(method) << QByteArray(target) << QByteArray(body) << answer.first
            << QByteArray(answer.second);
    };
    const char *body = R"({"model":"m"})"; // Each operation misses a field of its own.
    for (const char *prefix : {"", "/v1"}) {
        const auto at = [prefix](const char *path) { return QByteArray(prefix) + path; };
        add("POST", at("/chat/completions").constData(), body, {400, R"("param":"messages")"});
        add("POST", at("/completions").constData(), body, {400, R"("param":"prompt")"});
        add("POST", at("/embeddings").constData(), body, {400, R"("param":"input")"});
        add("GET", at("/models").constData(), "", {200, R"("object":"list")"});
        add("GET", at("/models/m").constData(), "", {200, R"("id":"m")"});
        add("GET", at("/models/org/x").constData(), "", {404, "org/x"});
    }
    add("HEAD", "/v1/models", "", {200, ""});
    add("POST", "/key/generate", R"({"key_alias":"b"})", {200, R"("key_alias":"b")"});
    add("GET", "/key/info?key=a", "", {200, R"("key_alias":"a")"});
    add("POST", "/key/delete", R"({"keys":["nobody"]})", {404, "token_not_found_in_db"});
    add("POST", "/budget/new", R"({"scope":"user","scope_id":"ada"})", {200, R"("ada")"});
    add("POST", "/budget/update", R"({"budget_id":"a","soft_budget":7})",
        {200, R"("soft_budget":7)"});
    add("GET", "/budget/list", "", {200, R"("budgets":[)"});
    add("GET", "/budget/info?budget_id=a", "", {200, R"({"budget_duration":null)"});
    add("POST", "/budget/info", R"({"budgets":["a"]})", {200, R"([{"budget_duration":null)"});
    add("POST", "/budget/reset", R"({"budget_id":"a"})", {200, R"("last_reset_at":"2)"});
    add("GET", "/budget/resets?budget_id=a", "", {200, R"("resets":[)"});
    add("POST", "/key/a/reset_spend", R"({"reset_to":0})", {404, "budget_not_found"});
    add("POST", "/key/no%2Fbody/reset_spend", R"({"reset_to":0})", {404, "key_not_found"});
    add("POST", "/budget/delete", R"({"id":"nobody"})", {404, "budget_not_found"});
    add("POST", "/rate_limit/set", R"({"scope":"user","scope_id":"ada","rpm_limit":7})",
        {200, R"("rpm_limit":7)"});
    add("GET", "/rate_limit/list", "", {200, R"("rate_limits":[)"});
    add("GET", "/rate_limit/info?scope=gateway", "", {404, "rate_limit_not_found"});
    add("POST", "/rate_limit/delete", R"({"scope":"gateway"})", {404, "rate_limit_not_found"});
    add("GET", "/spend/logs?limit=7", "", {200, R"("limit":7)"});
    add("GET", "/spend/report?group_by=team", "", {200, R"("group_by":"team")"});
}

void RoutesTest::leadsToTheRightPlace()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, says);
    const ReplyRecord reply = serve(requestFor(method, target, body, PipelineRig::masterKey));
    QVERIFY2(reply.status == status, reply.body.constData());
    QCOMPARE(reply.ends, 1);
    QVERIFY2(reply.body.contains(says), reply.body.constData());
}

void RoutesTest::asksForAKeyEverywhere_data()
{
    leadsToTheRightPlace_data();
}

void RoutesTest::asksForAKeyEverywhere()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, body);
    const ReplyRecord reply = serve(requestFor(method, target, body));
    QCOMPARE(reply.status, 401);
    QCOMPARE(reply.ends, 1);
    // LiteLLM has a word of its own for it.
    QVERIFY(reply.body.contains("invalid_api_key") || reply.body.contains("auth_error"));
}

void RoutesTest::refusesOtherMethodsAndPaths_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    const auto add = [](const char *method, const char *path, int status) {
        QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path) << status;
    };
    add("GET", "/v1/chat/completions", 405);
    add("DELETE", "/v1/models", 405);
    add("POST", "/v1/models/m", 405);
    add("GET", "/key/generate", 405);
    add("POST", "/key/info", 405);
    add("DELETE", "/key/delete", 405);
    add("GET", "/key/a/reset_spend", 405);
    add("POST", "/key/a/other", 404);
    add("POST", "/key//reset_spend", 404);
    add("GET", "/budget/new", 405);
    add("POST", "/budget/list", 405);
    add("DELETE", "/budget/info", 405);
    add("GET", "/rate_limit/set", 405);
    add("POST", "/rate_limit/info", 405);
    add("POST", "/spend/logs", 405);
    add("GET", "/", 404);
    add("GET", "/v1", 404);
    add("POST", "/v1/chat/completions/", 404);
    add("POST", "/V1/chat/completions", 404);
    add("POST", "/v2/chat/completions", 404);
    add("POST", "/v1/v1/chat/completions", 404);
    add("GET", "/v1/models/", 404);
    add("GET", "/key", 404);
    add("GET", "/budget", 404);
    add("GET", "/rate_limit", 404);
    add("GET", "/spend", 404);
    add("GET", "/health", 404); // Of the other table.
}

void RoutesTest::refusesOtherMethodsAndPaths()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const int, status);
    const ReplyRecord reply = serve(requestFor(method, path, {}, PipelineRig::masterKey));
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.ends, 1);
    const bool hasAllow = std::ranges::any_of(
        reply.fields, [](const auto &field) { return field.first == "allow"; });
    QCOMPARE(hasAllow, status == 405);
}

void RoutesTest::tellsHowTheGatewayIs_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("health") << "GET"_ba << "/health"_ba << 503 << "liveliness"_ba;
    QTest::newRow("liveliness") << "GET"_ba << "/health/liveliness"_ba << 200 << "ok"_ba;
    QTest::newRow("readiness") << "GET"_ba << "/health/readiness"_ba << 503 << "draining"_ba;
    QTest::newRow("metrics") << "GET"_ba << "/metrics"_ba << 200 << "# TYPE "_ba;
    QTest::newRow("another method") << "POST"_ba << "/metrics"_ba << 405 << ""_ba;
    QTest::newRow("another path") << "GET"_ba << "/health/other"_ba << 404 << ""_ba;
}

void RoutesTest::tellsHowTheGatewayIs()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const int, status);
    QFETCH(const QByteArray, says);
    const admin::HealthApi health(
        [] { return admin::HealthReport{false, true, true, true, u"draining"_s}; });
    const http::RouteTable table = app::makeOperationRoutes({health, m_rig->metrics});
    ReplyRecord record;
    table.serve(requestFor(method, path), std::make_unique<RecordedReply>(record)); // No key.
    QCOMPARE(record.status, status);
    QCOMPARE(record.ends, 1);
    QVERIFY2(record.body.contains(says), record.body.constData());
}

void RoutesTest::hasEveryRouteOfTheTableOfAccess()
{
    const admin::HealthApi health([] { return admin::HealthReport(); });
    const http::RouteTable operations = app::makeOperationRoutes({health, m_rig->metrics});
    for (const admin::AccessRow &row : admin::accessTable()) {
        QByteArray path = row.pattern.toByteArray();
        path.replace('{', "").replace('}', "").replace("...", "");
        ReplyRecord record;
        const http::RouteTable &table = app::isOperationPath(path) ? operations : *m_routes;
        // A method that no route has tells which there are.
        table.serve(requestFor("BREW", path), std::make_unique<RecordedReply>(record));
        QCOMPARE(record.status, 405);
        QVERIFY2(record.fields.front().second.split(',').join().simplified().contains(
                     row.method.toByteArray()),
                 path);
    }
}

void RoutesTest::knowsThePathsOfOperation_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isOperation");
    QTest::newRow("health") << "/health"_ba << true;
    QTest::newRow("below health") << "/health/readiness"_ba << true;
    QTest::newRow("unknown below health") << "/health/x"_ba << true;
    QTest::newRow("metrics") << "/metrics"_ba << true;
    QTest::newRow("longer word") << "/healthy"_ba << false;
    QTest::newRow("below metrics") << "/metrics/x"_ba << false;
    QTest::newRow("data plane") << "/v1/models"_ba << false;
    QTest::newRow("root") << "/"_ba << false;
}

void RoutesTest::knowsThePathsOfOperation()
{
    QFETCH(const QByteArray, path);
    QFETCH(const bool, isOperation);
    QCOMPARE(app::isOperationPath(path), isOperation);
}

DELTA_LOOP_TEST_MAIN(RoutesTest)
#include "tst_routes.moc"
