// labels: unit hostile
#include "gateway/providers/demo_endpoints.h"
#include "gateway/providers/providers.h"

#include <QSet>
#include <QTest>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::providers;

namespace {

const PriceBook &prices()
{
    static const PriceBook book = PriceBook::builtIn();
    return book;
}

ports::Endpoint endpointOf(const QString &provider, const QString &apiBase = {})
{
    ports::Endpoint endpoint;
    endpoint.deployment.modelName = u"public"_s;
    endpoint.deployment.provider = provider;
    endpoint.deployment.upstreamModel = u"model"_s;
    endpoint.deployment.apiBase = apiBase;
    return endpoint;
}

} // namespace

class ProvidersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasOnlySoundRows_data();
    void hasOnlySoundRows();
    void preparesEveryRow_data();
    void preparesEveryRow();
    void knowsNoProviderTwice();
    void findsAProviderByItsExactName();
    void readsTheAddress_data();
    void readsTheAddress();
    void refusesAWrongAddress_data();
    void refusesAWrongAddress();
    void neverRepeatsACredentialOfAnAddress();
    void takesAnUnknownProviderWithAnAddressAsCompatible_data();
    void takesAnUnknownProviderWithAnAddressAsCompatible();
    void namesAnUnknownProviderWithoutAnAddress_data();
    void namesAnUnknownProviderWithoutAnAddress();
    void leavesOutWhatItCannotCall_data();
    void leavesOutWhatItCannotCall();
    void findsWhoseModelABareNameIs_data();
    void findsWhoseModelABareNameIs();
    void findsTheApiOfAServerThatIsNamedWithoutAPath();
    void keepsTheConfiguredAuthHeader();
    void knowsWhoNeedsACredential();
    void pricesWhatIsKnown();
    void keepsAConfiguredPrice();
    void offersTheDemoModelToEverybody();
    void offersWhatTheEnvironmentHasKeysFor();
    void trimsTheKeysOfTheEnvironment();
};

void ProvidersTest::hasOnlySoundRows_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const Provider &provider : providers::providers()) {
        QTest::newRow(provider.name.data()) << provider.name.toByteArray();
    }
}

void ProvidersTest::hasOnlySoundRows()
{
    QFETCH(const QByteArray, name);
    const Provider *row = findProvider(name);
    QVERIFY(row);
    QVERIFY((row->dialect == nullptr) != (row->local == nullptr));
    QCOMPARE(name, name.toLower());
    if (row->local) {
        return;
    }
    QVERIFY(!row->authHeader.isEmpty());
    QCOMPARE(row->authFormat.toByteArray().count("{api_key}"), 1);
    const QByteArray base = row->defaultApiBase.toByteArray();
    QVERIFY(!base.endsWith('/'));
    if (!base.isEmpty()) {
        const QUrl url(QString::fromLatin1(base), QUrl::StrictMode);
        QVERIFY(url.isValid() && url.scheme() == "https"_L1 && !url.host().isEmpty());
    }
}

void ProvidersTest::preparesEveryRow_data()
{
    hasOnlySoundRows_data();
}

void ProvidersTest::preparesEveryRow()
{
    QFETCH(const QByteArray, name);
    const Provider *row = findProvider(name);
    ports::Endpoint bare = endpointOf(QString::fromLatin1(name));
    const auto prepared = prepareEndpoint(bare, prices());
    const bool needsBase = !row->local && row->defaultApiBase.isEmpty();
    QCOMPARE(prepared.has_value(), !needsBase);
    if (needsBase) {
        QCOMPARE(prepared.error().param, u"api_base"_s);
        QVERIFY(prepared.error().message.contains(u"api_base"_s));
    }
    if (row->local) {
        return;
    }
    ports::Endpoint own = endpointOf(QString::fromLatin1(name), u"http://localhost:11434/v1"_s);
    QVERIFY(prepareEndpoint(own, prices()));
    QCOMPARE(own.origin, (ports::Origin{ports::Scheme::Http, "localhost", 11434}));
    QCOMPARE(own.basePath, "/v1");
    QCOMPARE(own.authHeaderName, row->authHeader.toByteArray());
    QCOMPARE(own.authHeaderFormat, row->authFormat.toByteArray());
    QCOMPARE(own.deployment.upstreamModel, u"model"_s);
}

void ProvidersTest::knowsNoProviderTwice()
{
    QSet<QByteArray> names;
    for (const Provider &provider : providers::providers()) {
        QVERIFY2(!names.contains(provider.name.toByteArray()), provider.name.data());
        names.insert(provider.name.toByteArray());
    }
    QVERIFY(names.size() > 10);
}

void ProvidersTest::findsAProviderByItsExactName()
{
    QVERIFY(findProvider("openai"));
    for (const char *name : {"OpenAI", "openai ", "open", "", "custom"}) {
        QVERIFY2(!findProvider(name), name);
    }
}

void ProvidersTest::readsTheAddress_data()
{
    QTest::addColumn<QString>("apiBase");
    QTest::addColumn<bool>("isHttps");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("path");
    const auto add = [](const char *apiBase, const char *host, int port, const char *path) {
        const QString base = QString::fromUtf8(apiBase);
        QTest::newRow(apiBase) << base << base.startsWith("https"_L1, Qt::CaseInsensitive)
                               << QByteArray(host) << port << QByteArray(path);
    };
    add("https://api.example.com/v1", "api.example.com", 443, "/v1");
    add("http://api.example.com", "api.example.com", 80, "");
    add("https://api.example.com/", "api.example.com", 443, "");
    add("https://api.example.com/v1//", "api.example.com", 443, "/v1");
    add("HTTPS://API.Example.com:8443/V1", "api.example.com", 8443, "/V1");
    add("http://10.0.0.7:8000/a/b/c", "10.0.0.7", 8000, "/a/b/c");
    add("http://[::1]:8000/v1", "::1", 8000, "/v1");
    add("https://b\xc3\xbc"
        "cher.example/v1",
        "xn--bcher-kva.example", 443, "/v1");
    add("https://api.example.com/a%20b/%2Fv1", "api.example.com", 443, "/a%20b/%2Fv1");
}

void ProvidersTest::readsTheAddress()
{
    QFETCH(const QString, apiBase);
    QFETCH(const bool, isHttps);
    QFETCH(const QByteArray, host);
    QFETCH(const int, port);
    QFETCH(const QByteArray, path);
    ports::Endpoint endpoint = endpointOf(u"vllm"_s, apiBase);
    QVERIFY(prepareEndpoint(endpoint, prices()));
    QCOMPARE(endpoint.origin.scheme, isHttps ? ports::Scheme::Https : ports::Scheme::Http);
    QCOMPARE(endpoint.origin.host, host);
    QCOMPARE(int(endpoint.origin.port), port);
    QCOMPARE(endpoint.basePath, path);
}

void ProvidersTest::refusesAWrongAddress_data()
{
    QTest::addColumn<QString>("apiBase");
    for (const char *apiBase :
         {"api.example.com/v1", "ftp://api.example.com", "https://", "https:///v1", "https://a b/",
          "https://api.example.com:port/", "https://api.example.com:99999/", "localhost:11434",
          "//api.example.com", "https://api.example.com/v1?key=1", "https://api.example.com/v1#x",
          "https://user@api.example.com/", "https://api.example.com:0/v1", "file:///etc/passwd",
          " https://api.example.com"}) {
        QTest::newRow(apiBase) << QString::fromLatin1(apiBase);
    }
}

void ProvidersTest::refusesAWrongAddress()
{
    QFETCH(const QString, apiBase);
    ports::Endpoint endpoint = endpointOf(u"openai"_s, apiBase);
    const auto prepared = prepareEndpoint(endpoint, prices());
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().kind, ErrorKind::InvalidRequest);
    QCOMPARE(prepared.error().param, u"api_base"_s);
}

void ProvidersTest::neverRepeatsACredentialOfAnAddress()
{
    for (const QString &apiBase :
         {u"https://user:hunter2@api.example.com/"_s, u"ftp://user:hunter2@api.example.com/"_s,
          u"https://user:hunter2@/v1"_s, u"https://a.example/?api_key=hunter2"_s}) {
        ports::Endpoint endpoint = endpointOf(u"openai"_s, apiBase);
        const auto prepared = prepareEndpoint(endpoint, prices());
        QVERIFY(!prepared);
        QVERIFY2(!prepared.error().message.contains(u"hunter2"_s),
                 qPrintable(prepared.error().message));
    }
}

void ProvidersTest::takesAnUnknownProviderWithAnAddressAsCompatible_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("upstreamModel");
    QTest::newRow("a name with a slash") << u"meta-llama"_s << u"meta-llama/model"_s;
    QTest::newRow("no provider") << u""_s << u"model"_s;
}

void ProvidersTest::takesAnUnknownProviderWithAnAddressAsCompatible()
{
    QFETCH(const QString, provider);
    QFETCH(const QString, upstreamModel);
    ports::Endpoint endpoint = endpointOf(provider, u"http://localhost:8000/v1"_s);
    QVERIFY(prepareEndpoint(endpoint, prices()));
    QCOMPARE(endpoint.deployment.upstreamModel, upstreamModel);
    const Provider *row = findProvider(endpoint.deployment.provider.toUtf8());
    QVERIFY(row && row->dialect);
    QCOMPARE(endpoint.authHeaderFormat, "Bearer {api_key}");
}

void ProvidersTest::namesAnUnknownProviderWithoutAnAddress_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<bool>("isMistake");
    QTest::newRow("almost one") << u"opnai"_s << true;
    QTest::newRow("in other letters") << u"OpenAI"_s << true;
    QTest::newRow("none of ours") << u"some-new-provider"_s << false;
}

void ProvidersTest::namesAnUnknownProviderWithoutAnAddress()
{
    QFETCH(const QString, provider);
    QFETCH(const bool, isMistake);
    ports::Endpoint endpoint = endpointOf(provider);
    const auto prepared = prepareEndpoint(endpoint, prices());
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().param, u"model"_s);
    QCOMPARE(prepared.error().kind == ErrorKind::InvalidRequest, isMistake);
    QCOMPARE(prepared.error().message.contains(u"did you mean \"openai\""_s), isMistake);
    QVERIFY(prepared.error().message.contains(u'"' + provider + u'"'));
}

void ProvidersTest::leavesOutWhatItCannotCall_data()
{
    QTest::addColumn<QString>("provider");
    for (const QString &provider : {u"azure"_s, u"azure_ai"_s, u"bedrock"_s, u"vertex_ai"_s,
                                    u"sagemaker"_s, u"text-completion-openai"_s}) {
        QTest::newRow(qPrintable(provider)) << provider;
    }
}

void ProvidersTest::leavesOutWhatItCannotCall()
{
    QFETCH(const QString, provider);
    // Taken for a part of the model's name, it would be called by the wrong API.
    for (const QString &apiBase : {u""_s, u"https://me.openai.azure.com"_s}) {
        ports::Endpoint endpoint = endpointOf(provider, apiBase);
        const auto prepared = prepareEndpoint(endpoint, prices());
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().kind, ErrorKind::Unsupported);
        QCOMPARE(prepared.error().param, u"model"_s);
        QVERIFY(prepared.error().message.contains(u'"' + provider + u'"'));
    }
}

void ProvidersTest::findsWhoseModelABareNameIs_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("provider"); // Empty: nobody can say.
    QTest::newRow("of the first provider") << u"gpt-4"_s << u"openai"_s;
    QTest::newRow("with a date") << u"gpt-4o-2024-08-06"_s << u"openai"_s;
    QTest::newRow("of another provider") << u"claude-sonnet-4-5"_s << u"anthropic"_s;
    QTest::newRow("one provider by two names") << u"deepseek-ai/DeepSeek-V3"_s << u"together"_s;
    QTest::newRow("of two providers") << u"openai/gpt-oss-120b"_s << u""_s;
    QTest::newRow("of nobody") << u"gpt-4-or-so"_s << u""_s;
}

void ProvidersTest::findsWhoseModelABareNameIs()
{
    QFETCH(const QString, model);
    QFETCH(const QString, provider);
    ports::Endpoint endpoint = endpointOf({});
    endpoint.deployment.upstreamModel = model;
    const auto prepared = prepareEndpoint(endpoint, prices());
    QCOMPARE(prepared.has_value(), !provider.isEmpty());
    QCOMPARE(endpoint.deployment.provider, provider);
    QCOMPARE(endpoint.deployment.upstreamModel, model);
    if (!prepared) {
        QCOMPARE(prepared.error().kind, ErrorKind::Unsupported);
    } else {
        QVERIFY(endpoint.deployment.pricing.isPriced());
    }
}

void ProvidersTest::findsTheApiOfAServerThatIsNamedWithoutAPath()
{
    for (const QString &provider : {u"ollama"_s, u"ollama_chat"_s}) {
        for (const QString &apiBase : {u"http://localhost:11434"_s, u"http://localhost:11434/"_s,
                                       u"http://localhost:11434/v1"_s}) {
            ports::Endpoint endpoint = endpointOf(provider, apiBase);
            QVERIFY(prepareEndpoint(endpoint, prices()));
            QCOMPARE(endpoint.basePath, "/v1");
        }
    }
}

void ProvidersTest::keepsTheConfiguredAuthHeader()
{
    ports::Endpoint endpoint = endpointOf(u"openai"_s);
    endpoint.authHeaderName = "api-key";
    endpoint.authHeaderFormat = "{api_key}";
    QVERIFY(prepareEndpoint(endpoint, prices()));
    QCOMPARE(endpoint.authHeaderName, "api-key");
    QCOMPARE(endpoint.authHeaderFormat, "{api_key}");
}

void ProvidersTest::knowsWhoNeedsACredential()
{
    const auto lacks = [](ports::Endpoint endpoint) {
        return prepareEndpoint(endpoint, prices()) && lacksCredential(endpoint);
    };
    ports::Endpoint hosted = endpointOf(u"openai"_s);
    QVERIFY(lacks(hosted));
    hosted.extraHeaders = {{"Authorization", "Bearer sk-a"}};
    QVERIFY(!lacks(hosted));
    hosted.extraHeaders = {{"x-team", "a"}};
    hosted.apiKey = Secret("sk-a");
    QVERIFY(!lacks(hosted));
    QVERIFY(!lacks(endpointOf(u"openai"_s, u"http://localhost:8080/v1"_s)));
    QVERIFY(!lacks(endpointOf(u"vllm"_s, u"http://localhost:8080/v1"_s)));
    QVERIFY(!lacks(endpointOf(u"echo"_s)));
}

void ProvidersTest::pricesWhatIsKnown()
{
    ports::Endpoint known = endpointOf(u"echo"_s);
    known.deployment.upstreamModel = u"demo"_s;
    QVERIFY(prepareEndpoint(known, prices()));
    QVERIFY(known.deployment.pricing.isPriced());
    ports::Endpoint unknown = endpointOf(u"openai"_s);
    QVERIFY(prepareEndpoint(unknown, prices()));
    QVERIFY(!unknown.deployment.pricing.isPriced());
}

void ProvidersTest::keepsAConfiguredPrice()
{
    ports::Endpoint endpoint = endpointOf(u"echo"_s);
    endpoint.deployment.upstreamModel = u"demo"_s;
    endpoint.deployment.pricing.base.input = 7;
    QVERIFY(prepareEndpoint(endpoint, prices()));
    QCOMPARE(endpoint.deployment.pricing.base.input, std::optional<PicoUsd>(7));
    QVERIFY(!endpoint.deployment.pricing.base.output);
}

void ProvidersTest::offersTheDemoModelToEverybody()
{
    const auto endpoints = demoEndpoints({});
    QCOMPARE(endpoints.size(), 1U);
    QCOMPARE(endpoints[0].deployment.modelName, u"demo"_s);
    QVERIFY(endpoints[0].apiKey.isEmpty());
}

void ProvidersTest::offersWhatTheEnvironmentHasKeysFor()
{
    QProcessEnvironment environment;
    environment.insert(u"OPENAI_API_KEY"_s, u"sk-a"_s);
    environment.insert(u"ANTHROPIC_API_KEY"_s, u"sk-b"_s);
    environment.insert(u"UNRELATED_API_KEY"_s, u"sk-c"_s);
    QSet<QString> ids;
    for (ports::Endpoint endpoint : demoEndpoints(environment)) {
        const QString name = endpoint.deployment.modelName;
        QVERIFY2(prepareEndpoint(endpoint, prices()), qPrintable(name));
        // Nothing is ever silently free, so a model without a price would be refused.
        QVERIFY2(endpoint.deployment.pricing.isPriced(), qPrintable(name));
        QVERIFY(!ids.contains(endpoint.deployment.id));
        ids.insert(endpoint.deployment.id);
        const QByteArray key = endpoint.deployment.provider == "openai"_L1 ? "sk-a"
            : endpoint.deployment.provider == "anthropic"_L1               ? "sk-b"
                                                                           : "";
        QCOMPARE(endpoint.apiKey.reveal(), key);
    }
    QVERIFY(ids.size() > 5);
}

void ProvidersTest::trimsTheKeysOfTheEnvironment()
{
    QProcessEnvironment environment;
    environment.insert(u"OPENAI_API_KEY"_s, u" sk-a\n"_s);
    environment.insert(u"ANTHROPIC_API_KEY"_s, u" \n"_s);
    const auto endpoints = demoEndpoints(environment);
    QCOMPARE(endpoints.back().deployment.provider, u"openai"_s);
    QCOMPARE(endpoints.back().apiKey.reveal(), "sk-a");
}

QTEST_APPLESS_MAIN(ProvidersTest)
#include "tst_providers.moc"
