// labels: unit hostile
#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/field_map.h"

#include <QJsonArray>
#include <QTest>

#include <array>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin::litellm;

namespace {

constexpr std::array table{
    FieldRow{.theirs = "team_alias"_L1, .ours = "name"_L1},
    FieldRow{.theirs = "max_budget"_L1, .ours = "budget.max_budget"_L1},
    FieldRow{.theirs = "soft_budget"_L1, .ours = "budget.soft_budget"_L1},
    FieldRow{.theirs = "models"_L1, .ours = "models"_L1, .take = takeModels, .show = showList},
    FieldRow{.theirs = "duration"_L1, .ours = "expires_at"_L1, .use = FieldUse::Taken},
    shown("created_at"_L1, "created_at"_L1),
    idle("guardrails"_L1),
};

} // namespace

class FieldMapTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void putsFieldsWhereTheyLieInOurs()
    {
        const auto ours = toOurs(
            table,
            {{u"team_alias"_s, u"A"_s}, {u"max_budget"_s, 5}, {u"soft_budget"_s, QJsonValue()}});
        QVERIFY(ours);
        const QJsonObject budget{{u"max_budget"_s, 5}, {u"soft_budget"_s, QJsonValue()}};
        QCOMPARE(*ours, (QJsonObject{{u"name"_s, u"A"_s}, {u"budget"_s, budget}}));
    }

    void showsOursUnderTheirNames()
    {
        const QJsonObject ours{{u"name"_s, u"A"_s},
                               {u"budget"_s, QJsonObject{{u"max_budget"_s, 5}}},
                               {u"created_at"_s, u"then"_s},
                               {u"expires_at"_s, u"never"_s}};
        QCOMPARE(toTheirs(table, ours),
                 (QJsonObject{{u"team_alias"_s, u"A"_s},
                              {u"max_budget"_s, 5},
                              {u"soft_budget"_s, QJsonValue()},
                              {u"models"_s, QJsonArray()},
                              {u"created_at"_s, u"then"_s}}));
    }

    void refusesWhatIsNotInTheTable_data()
    {
        QTest::addColumn<QJsonObject>("request");
        QTest::addColumn<QString>("param");
        QTest::newRow("unknown") << QJsonObject{{u"colour"_s, u"red"_s}} << u"colour"_s;
        QTest::newRow("our own name") << QJsonObject{{u"name"_s, u"A"_s}} << u"name"_s;
        QTest::newRow("only shown") << QJsonObject{{u"created_at"_s, u"x"_s}} << u"created_at"_s;
        QTest::newRow("without effect")
            << QJsonObject{{u"guardrails"_s, QJsonArray{u"pii"_s}}} << u"guardrails"_s;
        QTest::newRow("no model at all")
            << QJsonObject{{u"models"_s, QJsonArray{u"no-default-models"_s}}} << u"models"_s;
        QTest::newRow("endless") << QJsonObject{{QString(5000, u'x'), 1}} << QString(64, u'x');
    }

    void refusesWhatIsNotInTheTable()
    {
        QFETCH(const QJsonObject, request);
        QFETCH(const QString, param);
        const auto ours = toOurs(table, request);
        QVERIFY(!ours);
        QCOMPARE(ours.error().status(), 400);
        QCOMPARE(ours.error().param, param);
    }

    void takesFieldsWithoutEffectThatAskForNothing()
    {
        const QJsonValue nothing[] = {QJsonValue(), false, 0, u""_s, QJsonArray(), QJsonObject()};
        for (const QJsonValue &value : nothing) {
            const auto ours = toOurs(table, {{u"guardrails"_s, value}});
            QVERIFY(ours);
            QVERIFY(ours->isEmpty());
        }
        QVERIFY(!toOurs(table, {{u"guardrails"_s, true}}));
    }

    void takesAllModelsForNoLimit()
    {
        const auto ours = toOurs(table, {{u"models"_s, QJsonArray{u"all-team-models"_s}}});
        QCOMPARE(ours->value("models"_L1), QJsonValue(QJsonArray()));
    }

    void saysErrorsInTheWordsOfTheRequest()
    {
        const ApiError name = inTheirWords(
            table, {}, ApiError::invalidRequest(u"'name' must not be empty."_s, u"name"_s));
        QCOMPARE(name.param, u"team_alias"_s);
        QCOMPARE(name.message, u"'team_alias' must not be empty."_s);
        const ApiError budget = inTheirWords(
            table, {{u"soft_budget"_s, 1}},
            ApiError::permissionDenied(u"'budget' may be set only by others."_s));
        QCOMPARE(budget.message, u"'budget' may be set only by others."_s);
        ApiError denied = budget;
        denied.param = u"budget"_s;
        QCOMPARE(inTheirWords(table, {{u"soft_budget"_s, 1}}, denied).param, u"soft_budget"_s);
        QCOMPARE(inTheirWords(table, {{u"soft_budget"_s, 1}}, denied).message,
                 u"'soft_budget' may be set only by others."_s);
    }
};

QTEST_GUILESS_MAIN(FieldMapTest)
#include "tst_field_map.moc"
