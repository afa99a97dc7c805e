#include "shared/json/json_codec.h"

#include <QJsonDocument>
#include <QTest>

#include <array>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

enum class Colour { Red, Green };

constexpr auto enumNames(Colour)
{
    return std::array{EnumName{Colour::Red, "red"_L1}, EnumName{Colour::Green, "green"_L1}};
}

struct Window {
    int seconds = 60;
    std::optional<qint64> tokens;

    bool operator==(const Window &) const = default;
    static constexpr auto fields()
    {
        return std::tuple{
            field("seconds"_L1, &Window::seconds),
            field("tokens"_L1, &Window::tokens),
        };
    }
};

struct Owner {
    QString name;

    bool operator==(const Owner &) const = default;
    static constexpr auto fields()
    {
        return std::tuple{
            field<NullWhenEmpty<QString>>("owner_name"_L1, &Owner::name),
        };
    }
};

struct Budget {
    QString id;
    std::optional<Money> limit;
    Money spend;
    int weight = 1;
    Colour colour = Colour::Green;
    Window window;
    std::optional<Window> burst;
    std::vector<Window> history;
    QStringList tags;
    Owner owner;

    bool operator==(const Budget &) const = default;
    static constexpr auto fields()
    {
        return std::tuple{
            field("id"_L1, &Budget::id, Access::ReadOnly),
            field("limit"_L1, &Budget::limit),
            field("spend"_L1, &Budget::spend, Access::ReadOnly),
            field("weight"_L1, &Budget::weight),
            field("colour"_L1, &Budget::colour),
            field("window"_L1, &Budget::window),
            field("burst"_L1, &Budget::burst),
            field("history"_L1, &Budget::history),
            field("tags"_L1, &Budget::tags),
            inlined(&Budget::owner),
            computed(
                "is_spent"_L1,
                [](const Budget &budget) { return budget.limit && budget.spend >= *budget.limit; }),
        };
    }
};

Budget sample()
{
    Budget budget;
    budget.id = u"b1"_s;
    budget.limit = Money::fromNanos(12'500'000'000);
    budget.spend = Money::fromNanos(125'000);
    budget.weight = 3;
    budget.window = {10, 500};
    budget.history = {{1, 2}, {3, std::nullopt}};
    budget.tags = {u"a"_s, u"b"_s};
    budget.owner.name = u"Ann"_s;
    return budget;
}

QJsonObject object(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

} // namespace

class JsonCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesEveryField();
    void readsBackWhatItWrote();
    void keepsDefaultsOfAbsentFields();
    void patchKeepsWhatIsAbsent();
    void patchResetsWhatIsNull();
    void patchSetsWhatIsGiven();
    void patchesNestedObjectsAndReplacesArrays();
    void leavesTheTargetAloneOnAnError();
    void refusesReadOnlyFieldsInAPatch_data();
    void refusesReadOnlyFieldsInAPatch();
    void namesTheFieldThatIsWrong_data();
    void namesTheFieldThatIsWrong();
    void listsItsFieldsInOrder();
    void namesEnumValuesBothWays();
};

void JsonCodecTest::writesEveryField()
{
    const QByteArray json = QJsonDocument(toJson(sample())).toJson(QJsonDocument::Compact);
    QCOMPARE(
        json,
        R"({"burst":null,"colour":"green","history":[{"seconds":1,"tokens":2},{"seconds":3,"tokens":null}],)"
        R"("id":"b1","is_spent":false,"limit":12.5,"owner_name":"Ann","spend":0.000125,"tags":["a","b"],)"
        R"("weight":3,"window":{"seconds":10,"tokens":500}})");
}

void JsonCodecTest::readsBackWhatItWrote()
{
    const Result<Budget> back = fromJson<Budget>(toJson(sample()));
    QVERIFY2(back, back ? "" : qPrintable(back.error().message));
    QVERIFY(*back == sample());
}

void JsonCodecTest::keepsDefaultsOfAbsentFields()
{
    const Result<Budget> budget = fromJson<Budget>({});
    QVERIFY(budget);
    QVERIFY(*budget == Budget());
}

void JsonCodecTest::patchKeepsWhatIsAbsent()
{
    Budget budget = sample();
    QVERIFY(applyPatch({}, budget));
    QVERIFY(budget == sample());
}

void JsonCodecTest::patchResetsWhatIsNull()
{
    Budget budget = sample();
    QVERIFY(applyPatch(
        object(
            R"({"limit": null, "weight": null, "tags": null, "owner_name": null, "window": null})"),
        budget));
    QCOMPARE(budget.limit, std::nullopt);
    QCOMPARE(budget.weight, 1);
    QVERIFY(budget.tags.isEmpty());
    QVERIFY(budget.owner.name.isEmpty());
    QVERIFY(budget.window == Window());
    QCOMPARE(budget.id, u"b1"_s);
}

void JsonCodecTest::patchSetsWhatIsGiven()
{
    Budget budget = sample();
    QVERIFY(applyPatch(
        object(R"({"limit": 0, "weight": 7, "colour": "red", "owner_name": "Bob", "tags": []})"),
        budget));
    QCOMPARE(budget.limit, Money());
    QCOMPARE(budget.weight, 7);
    QCOMPARE(budget.colour, Colour::Red);
    QCOMPARE(budget.owner.name, u"Bob"_s);
    QVERIFY(budget.tags.isEmpty());
}

void JsonCodecTest::patchesNestedObjectsAndReplacesArrays()
{
    Budget budget = sample();
    QVERIFY(applyPatch(
        object(
            R"({"window": {"seconds": 99}, "burst": {"tokens": 5}, "history": [{"tokens": 1}]})"),
        budget));
    QVERIFY((budget.window == Window{99, 500}));
    QVERIFY((budget.burst == Window{60, 5}));
    QCOMPARE(budget.history.size(), 1U);
    QVERIFY((budget.history.front() == Window{60, 1}));

    QVERIFY(applyPatch(object(R"({"burst": {"seconds": 1}})"), budget));
    QVERIFY((budget.burst == Window{1, 5}));
}

void JsonCodecTest::leavesTheTargetAloneOnAnError()
{
    Budget budget = sample();
    QVERIFY(!applyPatch(object(R"({"colour": "red", "weight": 9, "window": {"seconds": "x"}})"),
                        budget));
    QVERIFY(budget == sample());
}

void JsonCodecTest::refusesReadOnlyFieldsInAPatch_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::newRow("stored") << QByteArray(R"({"spend": 0})") << u"spend"_s;
    QTest::newRow("null") << QByteArray(R"({"id": null})") << u"id"_s;
    QTest::newRow("computed") << QByteArray(R"({"is_spent": false})") << u"is_spent"_s;
}

void JsonCodecTest::refusesReadOnlyFieldsInAPatch()
{
    QFETCH(QByteArray, body);
    Budget budget = sample();
    const Result<void> outcome = applyPatch(object(body), budget);
    QVERIFY(!outcome);
    QTEST(outcome.error().param, "param");
    QCOMPARE(outcome.error().kind, ErrorKind::InvalidRequest);
    QVERIFY(fromJson<Budget>(object(body)));
}

void JsonCodecTest::namesTheFieldThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::addColumn<QString>("message");
    const auto add = [](const char *name, const char *body, const QString &param,
                        const QString &message) {
        QTest::newRow(name) << QByteArray(body) << param << message;
    };
    add("type", R"({"weight": "3"})", u"weight"_s,
        u"'weight' must be a whole number from -2147483648 to 2147483647."_s);
    add("nested", R"({"window": {"seconds": 1.5}})", u"window.seconds"_s,
        u"'window.seconds' must be a whole number from -2147483648 to 2147483647."_s);
    add("in an array", R"({"history": [{}, {"tokens": true}]})", u"history[1].tokens"_s,
        u"'history[1].tokens' must be a whole number from -9223372036854775808 to 9223372036854775807."_s);
    add("no object", R"({"window": []})", u"window"_s, u"'window' must be an object."_s);
    add("unknown, near", R"({"wieght": 3})", u"wieght"_s,
        u"Unknown field 'wieght'. Did you mean 'weight'?"_s);
    add("unknown, nested", R"({"window": {"second": 3}})", u"window.second"_s,
        u"Unknown field 'window.second'. Did you mean 'seconds'?"_s);
    add("unknown, far", R"({"window": {"temperature": 3}})", u"window.temperature"_s,
        u"Unknown field 'window.temperature'. The fields are: seconds, tokens."_s);
    add("name of no value", R"({"colour": "gren"})", u"colour"_s,
        u"'colour' must be one of \"red\", \"green\". Did you mean \"green\"?"_s);
}

void JsonCodecTest::namesTheFieldThatIsWrong()
{
    QFETCH(QByteArray, body);
    for (const bool isPatch : {true, false}) {
        Budget budget;
        const Result<void> outcome = isPatch
            ? applyPatch(object(body), budget)
            : fromJson<Budget>(object(body)).transform([](const Budget &) { });
        QVERIFY(!outcome);
        QTEST(outcome.error().param, "param");
        QTEST(outcome.error().message, "message");
    }
}

void JsonCodecTest::listsItsFieldsInOrder()
{
    QCOMPARE(fieldNames<Budget>(),
             (QStringList{u"id"_s, u"limit"_s, u"spend"_s, u"weight"_s, u"colour"_s, u"window"_s,
                          u"burst"_s, u"history"_s, u"tags"_s, u"owner_name"_s, u"is_spent"_s}));
}

void JsonCodecTest::namesEnumValuesBothWays()
{
    QCOMPARE(enumName(Colour::Red), "red"_L1);
    QCOMPARE(enumValue<Colour>(u"green"), Colour::Green);
    QCOMPARE(enumValue<Colour>(u"Green"), std::nullopt);
    QCOMPARE(enumNameList<Colour>(), (QStringList{u"red"_s, u"green"_s}));
    QVERIFY(enumName(static_cast<Colour>(7)).isEmpty());
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::JsonCodecTest)
#include "tst_json_codec.moc"
