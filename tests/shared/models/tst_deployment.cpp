#include "shared/json/json_codec.h"
#include "shared/models/deployment.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

Deployment sample()
{
    Deployment deployment;
    deployment.id = u"chat-0"_s;
    deployment.modelName = u"chat"_s;
    deployment.provider = u"echo"_s;
    deployment.upstreamModel = u"demo"_s;
    deployment.tags = {u"eu"_s};
    deployment.pricing.base = {.input = 2'500'000, .output = 10'000'000, .cacheRead = 0};
    deployment.pricing.tiers = {{.aboveInputTokens = 200'000, .prices = {.input = 5'000'001}}};
    deployment.pricing.source = u"configuration"_s;
    return deployment;
}

} // namespace

class DeploymentTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesPricesPerToken();
    void readsBackWhatItWrote();
    void tellsFreeFromUnpriced();
    void namesThePriceThatIsWrong();
    void overlaysOnlyWhatIsThere();
};

void DeploymentTest::writesPricesPerToken()
{
    const QJsonObject pricing = toJson(sample())["pricing"_L1].toObject();
    QCOMPARE(pricing["input_cost_per_token"_L1].toDouble(), 2.5e-6);
    QCOMPARE(pricing["cache_read_input_token_cost"_L1], 0);
    QVERIFY(pricing["output_cost_per_image"_L1].isNull());
    const QJsonObject tier = pricing["tiers"_L1][0].toObject();
    QCOMPARE(tier["above_input_tokens"_L1], 200'000);
    QCOMPARE(tier["input_cost_per_token"_L1].toDouble(), 5.000001e-6);
}

void DeploymentTest::readsBackWhatItWrote()
{
    const QByteArray text = QJsonDocument(toJson(sample())).toJson();
    const Result<Deployment> back = fromJson<Deployment>(QJsonDocument::fromJson(text).object());
    QVERIFY2(back, back ? "" : qPrintable(back.error().message));
    QVERIFY(*back == sample());
}

void DeploymentTest::tellsFreeFromUnpriced()
{
    QVERIFY(!Pricing().isPriced());
    QVERIFY(Pricing{.base = {.input = 0}}.isPriced());
    QVERIFY(Pricing{.base = {.image = 1}}.isPriced());
    QVERIFY(Pricing{.base = {.request = 1}}.isPriced());
    QVERIFY(!Pricing{.base = {.output = 1}}.isPriced());
}

void DeploymentTest::namesThePriceThatIsWrong()
{
    const QJsonObject json =
        QJsonDocument::fromJson(
            R"({"pricing": {"tiers": [{"above_input_tokens": 1, "input_cost_per_token": -1e-6}]}})")
            .object();
    const Result<Deployment> deployment = fromJson<Deployment>(json);
    QVERIFY(!deployment);
    QCOMPARE(deployment.error().param, u"pricing.tiers[0].input_cost_per_token"_s);
    QCOMPARE(deployment.error().message,
             u"'pricing.tiers[0].input_cost_per_token' must not be negative."_s);
}

void DeploymentTest::overlaysOnlyWhatIsThere()
{
    const UnitPrices base{.input = 1, .output = 2, .cacheRead = 3};
    const UnitPrices over{.output = 20, .request = 0};
    QVERIFY((base.overlaid(over)
             == UnitPrices{.input = 1, .output = 20, .cacheRead = 3, .request = 0}));
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::DeploymentTest)
#include "tst_deployment.moc"
