#include "gateway/app/configuration.h"
#include "gateway/app/service_state.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::app;

namespace {

const PriceBook &prices()
{
    static const PriceBook book = PriceBook::builtIn();
    return book;
}

ports::Endpoint endpointOf(const QString &model, const QString &apiBase)
{
    ports::Endpoint endpoint;
    endpoint.deployment.id = model + u"-0"_s;
    endpoint.deployment.modelName = model;
    endpoint.deployment.provider = u"custom_openai"_s;
    endpoint.deployment.upstreamModel = u"up"_s;
    endpoint.deployment.apiBase = apiBase;
    return endpoint;
}

} // namespace

class ConfigurationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersTheDemoModelIfNothingIsConfigured();
    void givesTheTimeoutsOfTheFileToBuiltInModels();
    void readsFilesWithWhatIsKnownOfProviders();
    void findsTheDatabase_data();
    void findsTheDatabase();
    void findsWhereToListen_data();
    void findsWhereToListen();
    void showsCallsTheModelsAndLimits();
    void namesTheSettingsThatWaitForARestart_data();
    void namesTheSettingsThatWaitForARestart();
    void appliesTheOthersAtOnce();
    void refusesCallsUnlessItIsReady();
};

void ConfigurationTest::offersTheDemoModelIfNothingIsConfigured()
{
    config::Config config;
    addBuiltInModels(config, prices());
    QVERIFY(makeSnapshot(config, config.endpoints, 1)->catalog.serves("demo"));
    config::Config own;
    own.endpoints = {endpointOf(u"m"_s, u"http://localhost:1"_s)};
    addBuiltInModels(own, prices());
    QVERIFY(!makeSnapshot(own, own.endpoints, 1)->catalog.serves("demo"));
}

void ConfigurationTest::givesTheTimeoutsOfTheFileToBuiltInModels()
{
    auto loaded = config::parse("general_settings: {upstream_http_connect_timeout_seconds: 3}\n"
                                "router_settings: {timeout: 40s, stream_timeout: 5s}\n",
                                u"f"_s, surroundings(prices(), SystemClock()));
    QVERIFY(loaded);
    addBuiltInModels(loaded->config, prices());
    const ports::Endpoint &demo = loaded->config.endpoints.front();
    QCOMPARE(demo.timeouts.connect, 3s);
    QCOMPARE(demo.timeouts.total, 40s);
    QCOMPARE(demo.streamTimeouts.firstByte, 5s);
}

void ConfigurationTest::readsFilesWithWhatIsKnownOfProviders()
{
    const auto loaded = config::parse("model_list:\n"
                                      "  - {model_name: a, litellm_params: {model: gpt-4o}}\n"
                                      "  - {model_name: b, litellm_params: {model: azure/b}}\n",
                                      u"f"_s, surroundings(prices(), SystemClock()));
    QVERIFY(loaded);
    QCOMPARE(loaded->config.endpoints.size(), 1U);
    QCOMPARE(loaded->config.endpoints.front().origin.host, "api.openai.com");
    QVERIFY(loaded->config.endpoints.front().deployment.pricing.isPriced());
}

void ConfigurationTest::findsTheDatabase_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("file");
    QTest::newRow("not configured") << u""_s << u"/state/usual.db"_s;
    QTest::newRow("absolute") << u"sqlite:///var/lib/x.db"_s << u"/var/lib/x.db"_s;
    QTest::newRow("relative") << u"sqlite://x.db"_s << u"x.db"_s;
}

void ConfigurationTest::findsTheDatabase()
{
    QFETCH(const QString, url);
    QFETCH(const QString, file);
    config::Config config;
    config.databaseUrl = url;
    QCOMPARE(databaseAddress(config, u"/state/usual.db"_s).place, file);
}

void ConfigurationTest::findsWhereToListen_data()
{
    QTest::addColumn<std::optional<QString>>("option");
    QTest::addColumn<QString>("port");
    QTest::addColumn<std::optional<QString>>("configured");
    QTest::addColumn<QString>("address");
    const std::optional<QString> none;
    QTest::newRow("nothing") << none << u""_s << none << u"127.0.0.1:8000"_s;
    QTest::newRow("file") << none << u""_s << std::optional(u"[::]:1"_s) << u"[::]:1"_s;
    QTest::newRow("port alone") << none << u"2"_s << none << u"127.0.0.1:2"_s;
    QTest::newRow("port, and the file's host")
        << none << u"2"_s << std::optional(u"[::]:1"_s) << u"[::]:2"_s;
    QTest::newRow("port everywhere") << none << u"2"_s << std::optional(u":1"_s) << u":2"_s;
    QTest::newRow("command line") << std::optional(u":3"_s) << u"2"_s << std::optional(u":1"_s)
                                  << u":3"_s;
}

void ConfigurationTest::findsWhereToListen()
{
    QFETCH(const std::optional<QString>, option);
    QFETCH(const QString, port);
    QFETCH(const std::optional<QString>, configured);
    Options options;
    options.listen = option;
    options.port = port;
    config::Config config;
    config.listen = configured;
    QTEST(listenAddress(options, config), "address");
}

void ConfigurationTest::showsCallsTheModelsAndLimits()
{
    config::Config config;
    config.endpoints = {endpointOf(u"m"_s, u"http://localhost:1"_s)};
    config.routing.aliases = {{u"fast"_s, u"m"_s}};
    config.maxResponseBytes = 1234;
    config.clampsMaxTokens = false;
    const pipeline::SnapshotPtr snapshot = makeSnapshot(config, config.endpoints, 7);
    QVERIFY(snapshot->catalog.serves("fast"));
    QCOMPARE(snapshot->maxResponseBytes, 1234);
    QVERIFY(!snapshot->mayShorten);
    QCOMPARE(snapshot->version, 7U);
}

void ConfigurationTest::namesTheSettingsThatWaitForARestart_data()
{
    using Change = std::function<void(config::Config &)>;
    QTest::addColumn<Change>("change");
    const auto add = [](const char *name, Change change) { QTest::newRow(name) << change; };
    add("listen", [](config::Config &config) { config.listen = u":1"_s; });
    add("master_key", [](config::Config &config) { config.masterKey = Secret("sk-new"); });
    add("kek_file", [](config::Config &config) { config.kekFile = u"/x"_s; });
    add("database_url", [](config::Config &config) { config.databaseUrl = u"sqlite://x"_s; });
    add("forget_gateways_after",
        [](config::Config &config) { config.forgetGatewaysAfter = std::chrono::minutes(1); });
    add("worker_threads", [](config::Config &config) { config.workerThreads = 3; });
    add("drain_timeout",
        [](config::Config &config) { config.drainTimeout += config.drainTimeout; });
    add("server", [](config::Config &config) { ++config.edge.maxConnections; });
    add("upstream", [](config::Config &config) { config.upstream.caFile = "/ca"; });
    add("ledger", [](config::Config &config) { config.ledger.directory = u"/j"_s; });
    add("alerts", [](config::Config &config) { config.alerts.webhook.secret = Secret("new"); });
}

void ConfigurationTest::namesTheSettingsThatWaitForARestart()
{
    QFETCH(const std::function<void(config::Config &)>, change);
    const config::Config before;
    config::Config after;
    change(after);
    QCOMPARE(restartSettings(before, after),
             QStringList{QString::fromLatin1(QTest::currentDataTag())});
    QCOMPARE(restartSettings(after, after), QStringList());
}

void ConfigurationTest::appliesTheOthersAtOnce()
{
    const config::Config before;
    config::Config after;
    after.endpoints = {endpointOf(u"m"_s, u"http://localhost:1"_s)};
    after.routing.aliases = {{u"fast"_s, u"m"_s}};
    after.maxResponseBytes = 1;
    QCOMPARE(restartSettings(before, after), QStringList());
}

void ConfigurationTest::refusesCallsUnlessItIsReady()
{
    ServiceState state;
    state.setReason(u"the disk is full"_s);
    const auto starting = state.refusal();
    QVERIFY(starting);
    QCOMPARE(starting->kind, ErrorKind::StoreUnavailable);
    QCOMPARE(starting->detail, u"the disk is full"_s);
    QVERIFY(!starting->message.contains(u"disk"_s)); // For the operator, not for everybody.
    state.setPhase(ServiceState::Phase::Ready);
    QVERIFY(!state.refusal());
    state.setPhase(ServiceState::Phase::Draining);
    QCOMPARE(state.refusal()->kind, ErrorKind::ShuttingDown);
    QCOMPARE(state.refusal()->status(), 503);
}

QTEST_APPLESS_MAIN(ConfigurationTest)
#include "tst_configuration.moc"
