#include "gateway/routing/catalog.h"

#include <QTest>

#include <array>
#include <limits>
#include <map>

using namespace Qt::StringLiterals;
using namespace delta;
using routing::Catalog;

namespace {

/// What distinguishes one deployment of a group from another.
struct Place {
    QString id;
    int weight = 1;
    int priority = 0;
};

ports::Endpoint endpointOf(const QString &model, const Place &place)
{
    ports::Endpoint endpoint;
    endpoint.deployment.modelName = model;
    endpoint.deployment.id = place.id;
    endpoint.deployment.weight = place.weight;
    endpoint.deployment.priority = place.priority;
    return endpoint;
}

Catalog catalogOf(const QString &model, const std::vector<Place> &places)
{
    std::vector<ports::Endpoint> endpoints;
    for (const Place &place : places) {
        endpoints.push_back(endpointOf(model, place));
    }
    return Catalog(std::move(endpoints), {});
}

/// Returns how many of the first `tickets` random numbers lead to each deployment.
std::map<QString, int> draw(const Catalog &catalog, QByteArrayView model, std::uint64_t tickets)
{
    std::map<QString, int> counts;
    for (std::uint64_t ticket = 0; ticket < tickets; ++ticket) {
        const auto chosen = catalog.choose(model, ticket);
        ++counts[chosen ? (*chosen)->deployment.id : u"error"_s];
    }
    return counts;
}

using Counts = std::map<QString, int>;

} // namespace

class CatalogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAModelByItsExactName_data();
    void findsAModelByItsExactName();
    void sharesTrafficByWeight_data();
    void sharesTrafficByWeight();
    void reachesEveryDeploymentAtTheEndsOfTheRandomRange();
    void namesTheModelThatItDoesNotHave();
    void offersNothingWhenEmpty();
    void followsAnAlias();
    void prefersAnAliasToAGroupOfThatName();
    void servesNoAliasOfAnUnknownModel();
    void listsPublicNamesOnceAndSorted();
    void listsOnlyWhatItServes();
    void keepsEndpointsAliveBeyondItself();
};

void CatalogTest::findsAModelByItsExactName_data()
{
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("exact") << "gpt/4o-Mini.1"_ba << true;
    QTest::newRow("other case") << "GPT/4o-mini.1"_ba << false;
    QTest::newRow("beginning") << "gpt"_ba << false;
    QTest::newRow("with space") << "gpt/4o-Mini.1 "_ba << false;
    QTest::newRow("wildcard") << "*"_ba << false;
    QTest::newRow("empty") << ""_ba << false;
    QTest::newRow("NUL behind it") << QByteArray("gpt/4o-Mini.1\0", 14) << false;
    QTest::newRow("no UTF-8") << "\xff\xfe"_ba << false;
}

void CatalogTest::findsAModelByItsExactName()
{
    QFETCH(const QByteArray, asked);
    QFETCH(const bool, isThere);
    const Catalog catalog = catalogOf(u"gpt/4o-Mini.1"_s, {{u"a"_s}});
    QCOMPARE(catalog.serves(asked), isThere);
    QCOMPARE(catalog.choose(asked, 0).has_value(), isThere);
}

void CatalogTest::sharesTrafficByWeight_data()
{
    QTest::addColumn<QList<int>>("weights");
    QTest::addColumn<QList<int>>("priorities");
    QTest::addColumn<QList<int>>("shares"); // Of as many calls as the weights add up to, tenfold.
    const auto add = [](const char *name, const QList<int> &weights, const QList<int> &priorities,
                        const QList<int> &shares) {
        QTest::newRow(name) << weights << priorities << shares;
    };
    add("one", {1}, {0}, {10});
    add("equal", {1, 1, 1}, {0, 0, 0}, {10, 10, 10});
    add("by weight", {1, 2, 7}, {0, 0, 0}, {10, 20, 70});
    add("weight zero takes none", {0, 3}, {0, 0}, {0, 30});
    add("negative weight takes none", {-5, 3}, {0, 0}, {0, 30});
    add("lower number first", {1, 1}, {2, 1}, {0, 20});
    add("in any order", {1, 1, 1}, {1, 2, 1}, {15, 0, 15});
    add("negative priority", {1, 1}, {0, -1}, {0, 20});
    add("a tier without traffic is passed over", {0, 2}, {0, 5}, {0, 20});
    add("nobody takes traffic", {0, 0}, {0, 0}, {0, 0});
}

void CatalogTest::sharesTrafficByWeight()
{
    QFETCH(const QList<int>, weights);
    QFETCH(const QList<int>, priorities);
    QFETCH(const QList<int>, shares);
    std::vector<Place> places;
    int calls = 0;
    Counts expected;
    for (qsizetype i = 0; i < weights.size(); ++i) {
        places.push_back({QString::number(i), weights[i], priorities[i]});
        calls += shares[i];
        if (shares[i] > 0) {
            expected[QString::number(i)] = shares[i];
        }
    }
    const Catalog catalog = catalogOf(u"m"_s, places);
    QCOMPARE(draw(catalog, "m", static_cast<std::uint64_t>(calls)), expected);
    QCOMPARE(catalog.serves("m"), calls > 0);
    QCOMPARE(catalog.choose("m", 0).has_value(), calls > 0);
}

void CatalogTest::reachesEveryDeploymentAtTheEndsOfTheRandomRange()
{
    constexpr int heaviest = std::numeric_limits<int>::max();
    const Catalog catalog = catalogOf(u"m"_s, {{u"a"_s, heaviest}, {u"b"_s, heaviest}});
    const auto chosen = [&catalog](std::uint64_t random) {
        return (*catalog.choose("m", random))->deployment.id;
    };
    constexpr auto half = static_cast<std::uint64_t>(heaviest);
    QCOMPARE(chosen(0), u"a"_s);
    QCOMPARE(chosen(half - 1), u"a"_s);
    QCOMPARE(chosen(half), u"b"_s);
    QCOMPARE(chosen(2 * half - 1), u"b"_s);
    QVERIFY(catalog.choose("m", std::numeric_limits<std::uint64_t>::max()));
}

void CatalogTest::namesTheModelThatItDoesNotHave()
{
    const auto missing = catalogOf(u"m"_s, {{u"a"_s}}).choose("gpt-nope", 0);
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::ModelNotFound);
    QCOMPARE(missing.error().status(), 404);
    QCOMPARE(missing.error().param, u"model"_s);
    QVERIFY(missing.error().message.contains(u"'gpt-nope'"_s));
}

void CatalogTest::offersNothingWhenEmpty()
{
    const Catalog catalog;
    QVERIFY(catalog.models().empty());
    QVERIFY(!catalog.serves("m"));
    QVERIFY(!catalog.choose("m", 7));
}

void CatalogTest::followsAnAlias()
{
    const Catalog catalog({endpointOf(u"m"_s, {u"a"_s})}, {{{u"fast"_s, u"m"_s}}});
    QVERIFY(catalog.serves("fast"));
    QCOMPARE((*catalog.choose("fast", 0))->deployment.id, u"a"_s);
    QCOMPARE((*catalog.choose("m", 0))->deployment.id, u"a"_s);
}

void CatalogTest::prefersAnAliasToAGroupOfThatName()
{
    const Catalog catalog({endpointOf(u"m"_s, {u"a"_s}), endpointOf(u"n"_s, {u"b"_s})},
                          {{{u"m"_s, u"n"_s}}});
    QCOMPARE((*catalog.choose("m", 0))->deployment.id, u"b"_s);
}

void CatalogTest::servesNoAliasOfAnUnknownModel()
{
    const Catalog catalog({endpointOf(u"m"_s, {u"a"_s})}, {{{u"ghost"_s, u"nobody"_s}}});
    QVERIFY(!catalog.serves("ghost"));
    QCOMPARE(catalog.choose("ghost", 0).error().kind, ErrorKind::ModelNotFound);
}

void CatalogTest::listsPublicNamesOnceAndSorted()
{
    const Catalog catalog(
        {endpointOf(u"z"_s, {u"1"_s}), endpointOf(u"b"_s, {u"2"_s}), endpointOf(u"z"_s, {u"3"_s})},
        {{{u"a"_s, u"z"_s}, {u"b"_s, u"z"_s}}});
    QCOMPARE(catalog.models(), (std::vector<QByteArray>{"a", "b", "z"}));
}

void CatalogTest::listsOnlyWhatItServes()
{
    const Catalog catalog({endpointOf(u"m"_s, {u"1"_s}), endpointOf(u"idle"_s, {u"2"_s, 0})},
                          {{{u"ghost"_s, u"nobody"_s}, {u"sleeper"_s, u"idle"_s}}});
    QCOMPARE(catalog.models(), (std::vector<QByteArray>{"m"}));
}

void CatalogTest::keepsEndpointsAliveBeyondItself()
{
    routing::EndpointPtr chosen;
    {
        // As a call does that began before the configuration was loaded anew.
        const Catalog catalog = catalogOf(u"m"_s, {{u"a"_s}});
        chosen = *catalog.choose("m", 0);
    }
    QCOMPARE(chosen->deployment.id, u"a"_s);
}

QTEST_APPLESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
