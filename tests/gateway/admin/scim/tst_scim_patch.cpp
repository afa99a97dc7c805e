// labels: hostile
#include "gateway/admin/scim/scim_patch.h"
#include "gateway/admin/scim/scim_values.h"
#include "tests/gateway/admin/scim/scim_samples.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin::scim;
using namespace delta::admin::scim::test;

namespace {

/// In the operations, a tilde stands for a quotation mark within a text: moc cannot read such texts otherwise.
Result<QJsonObject> patched(const ResourceType &type, const QByteArray &resource,
                            QByteArray operations)
{
    operations.replace('~', "\\\"");
    return applyPatch(type, json(resource), json(patchBody(operations)));
}

} // namespace

class ScimPatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesAUser_data()
    {
        QTest::addColumn<QByteArray>("operations");
        QTest::addColumn<QByteArray>("attribute");
        QTest::addColumn<QByteArray>("value"); // As JSON in a list; empty: the attribute is gone.
        const auto row = [](const char *name, const QByteArray &operations,
                            const QByteArray &attribute, const QByteArray &value) {
            QTest::newRow(name) << operations << attribute << value;
        };
        row("a text", R"([{"op":"replace","path":"displayName","value":"B"}])", "displayName",
            R"(["B"])");
        row("a part", R"([{"op":"replace","path":"name.familyName","value":"J"}])", "name",
            R"([{"givenName":"Barbara","familyName":"J"}])");
        row("some parts", R"([{"op":"replace","path":"name","value":{"familyName":"J"}}])", "name",
            R"([{"givenName":"Barbara","familyName":"J"}])");
        row("a part away", R"([{"op":"remove","path":"name.familyName"}])", "name",
            R"([{"givenName":"Barbara"}])");
        row("without a path", R"([{"op":"replace","value":{"displayName":"B","nickName":"N"}}])",
            "nickName", R"(["N"])");
        row("an add of what is there", R"([{"op":"add","value":{"displayName":"B"}}])",
            "displayName", R"(["B"])");
        row("null", R"([{"op":"replace","path":"displayName","value":null}])", "displayName", "");
        row("a removal", R"([{"op":"remove","path":"displayName"}])", "displayName", "");
        row("a value of a list", R"([{"op":"add","path":"emails","value":[{"value":"c@x.org"}]}])",
            "emails",
            R"([[{"value":"b@example.com","type":"work","primary":true},{"value":"b@home.org","type":"home"},{"value":"c@x.org"}]])");
        row("a value that is there",
            R"([{"op":"add","path":"emails","value":{"value":"b@home.org","type":"other"}}])",
            "emails",
            R"([[{"value":"b@example.com","type":"work","primary":true},{"value":"b@home.org","type":"other"}]])");
        row("another primary value",
            R"([{"op":"replace","path":"emails[type eq ~home~].primary","value":true}])", "emails",
            R"([[{"value":"b@example.com","type":"work","primary":false},{"value":"b@home.org","type":"home","primary":true}]])");
        row("a chosen value",
            R"([{"op":"replace","path":"emails[type eq ~work~]","value":{"value":"n@x.org"}}])",
            "emails", R"([[{"value":"n@x.org"},{"value":"b@home.org","type":"home"}]])");
        row("a chosen value away",
            R"([{"op":"remove","path":"emails[type eq ~work~ and value ew ~example.com~]"}])",
            "emails", R"([[{"value":"b@home.org","type":"home"}]])");
        row("a list away", R"([{"op":"remove","path":"emails"}])", "emails", "");
        row("nothing of a list", R"([{"op":"remove","path":"emails","value":[]}])", "emails",
            R"([[{"value":"b@example.com","type":"work","primary":true},{"value":"b@home.org","type":"home"}]])");
        row("one after the other",
            R"([{"op":"replace","path":"displayName","value":"B"},{"op":"replace","path":"displayName","value":"C"}])",
            "displayName", R"(["C"])");
        row("an extension",
            R"([{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"D"}])",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            R"([{"department":"D"}])");
        // As Entra ID and Okta send them.
        row("a boolean as a text", R"([{"op":"Replace","path":"active","value":"False"}])",
            "active", "[false]");
        row("a boolean without a path", R"([{"op":"replace","value":{"active":false}}])", "active",
            "[false]");
        row("a wrapped text",
            R"([{"op":"Add","path":"displayName","value":[{"$ref":null,"value":"P"}]}])",
            "displayName", R"(["P"])");
        row("a value that is not there yet",
            R"([{"op":"Add","path":"phoneNumbers[type eq ~work~].value","value":"1"}])",
            "phoneNumbers", R"([[{"type":"work","value":"1"}]])");
        row("names that are paths",
            R"([{"op":"replace","value":{"name.familyName":"J","emails[type eq ~home~].value":"h@x.org"}}])",
            "emails",
            R"([[{"value":"b@example.com","type":"work","primary":true},{"value":"h@x.org","type":"home"}]])");
        row("a manager as a text",
            R"([{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"user-2"}])",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            R"([{"manager":{"value":"user-2"}}])");
        row("what nobody knows, and what is not theirs",
            R"([{"op":"replace","value":{"id":"other","colour":"red","groups":[],"displayName":"B"}}])",
            "displayName", R"(["B"])");
    }
    void changesAUser()
    {
        QFETCH(const QByteArray, operations);
        QFETCH(const QByteArray, attribute);
        QFETCH(const QByteArray, value);
        const auto result = patched(userType(), babs(), operations);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
        const QJsonArray expected = QJsonDocument::fromJson(value).array();
        QCOMPARE(result->value(QLatin1StringView(attribute)),
                 expected.isEmpty() ? QJsonValue(QJsonValue::Undefined) : expected.first());
        QVERIFY(!result->contains("id"_L1) && !result->contains("colour"_L1));
    }

    void changesTheMembersOfAGroup_data()
    {
        QTest::addColumn<QByteArray>("operations");
        QTest::addColumn<QStringList>("members");
        const auto row = [](const char *name, const QByteArray &operations,
                            const QStringList &members) {
            QTest::newRow(name) << operations << members;
        };
        row("one more", R"([{"op":"Add","path":"members","value":[{"$ref":null,"value":"c"}]}])",
            {u"a"_s, u"b"_s, u"c"_s});
        row("one that is there",
            R"([{"op":"add","path":"members","value":[{"value":"a","display":"A"}]}])",
            {u"a"_s, u"b"_s});
        row("all others", R"([{"op":"replace","path":"members","value":[{"value":"c"}]}])",
            {u"c"_s});
        row("without a path", R"([{"op":"add","value":{"members":[{"value":"c"}]}}])",
            {u"a"_s, u"b"_s, u"c"_s});
        row("one away", R"([{"op":"remove","path":"members[value eq ~a~]"}])", {u"b"_s});
        row("one away by its value",
            R"([{"op":"Remove","path":"members","value":[{"value":"a"}]}])", {u"b"_s});
        row("one that is not there", R"([{"op":"remove","path":"members[value eq ~x~]"}])",
            {u"a"_s, u"b"_s});
        row("all away", R"([{"op":"remove","path":"members"}])", {});
        row("one for another",
            R"([{"op":"remove","path":"members[value eq ~a~]"},{"op":"add","path":"members","value":[{"value":"c"}]}])",
            {u"b"_s, u"c"_s});
    }
    void changesTheMembersOfAGroup()
    {
        QFETCH(const QByteArray, operations);
        QFETCH(const QStringList, members);
        const auto result = patched(
            groupType(), R"({"displayName":"G","members":[{"value":"a"},{"value":"b"}]})",
            operations);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
        QStringList found;
        for (const QJsonValue member : result->value("members"_L1).toArray()) {
            found.append(member["value"_L1].toString());
        }
        QCOMPARE(found, members);
    }

    void refusesWhatItCannotDo_data()
    {
        QTest::addColumn<QString>("type");
        const auto row = [](const char *operations, const char *type) {
            QTest::newRow(operations) << QString::fromLatin1(type);
        };
        row("[]", "invalidSyntax");
        row("{}", "invalidSyntax");
        row("[7]", "invalidSyntax");
        row(R"([{"op":"move","path":"title","value":"x"}])", "invalidSyntax");
        row(R"([{"path":"title","value":"x"}])", "invalidSyntax");
        row(R"([{"op":"add","path":"colour","value":"x"}])", "invalidPath");
        row(R"([{"op":"add","path":"password","value":"x"}])", "invalidPath");
        row(R"([{"op":"add","path":7,"value":"x"}])", "invalidPath");
        row("[{\"op\":\"add\",\"path\":\"emails[type\",\"value\":\"x\"}]", "invalidPath");
        row(R"([{"op":"add","path":"emails.value","value":"x"}])", "invalidPath");
        row("[{\"op\":\"replace\",\"value\":{\"emails[\":\"x\"}}]", "invalidPath");
        row(R"([{"op":"replace","path":"emails[type eq ~fax~].value","value":"x"}])", "noTarget");
        row(R"([{"op":"remove"}])", "noTarget");
        row(R"([{"op":"replace","path":"id","value":"x"}])", "mutability");
        row(R"([{"op":"remove","path":"groups"}])", "mutability");
        row(R"([{"op":"add","path":"title"}])", "invalidValue");
        row(R"([{"op":"add","value":"x"}])", "invalidValue");
        row(R"([{"op":"add","path":"title","value":7}])", "invalidValue");
        row(R"([{"op":"add","path":"title","value":"a\u0001b"}])", "invalidValue");
        row(R"([{"op":"add","path":"active","value":"perhaps"}])", "invalidValue");
        row(R"([{"op":"add","path":"name","value":"x"}])", "invalidValue");
        row(R"([{"op":"add","path":"emails","value":"x"}])", "invalidValue");
        row(R"([{"op":"add","path":"emails","value":[[]]}])", "invalidValue");
        row(R"([{"op":"add","path":"emails","value":[{"value":"x","primary":true},{"value":"y","primary":true}]}])",
            "invalidValue");
    }
    void refusesWhatItCannotDo()
    {
        QFETCH(const QString, type);
        const auto result = patched(userType(), babs(), QTest::currentDataTag());
        QVERIFY(!result);
        const QString found = result.error().code.isEmpty() ? u"invalidValue"_s
                                                            : result.error().code;
        QCOMPARE(found, type);
        QCOMPARE(result.error().status(), 400);
    }

    void isBounded()
    {
        QByteArray many = "[";
        for (int i = 0; i < 21; ++i) {
            many += "{\"value\":\"a" + QByteArray::number(i) + "\"},";
        }
        many.back() = ']';
        QVERIFY(patched(userType(), babs(),
                        R"([{"op":"replace","path":"emails","value":)" + many + "}]")
                    .error()
                    .message.contains("at most 20 values"_L1));
        QByteArray operations = "[";
        for (int i = 0; i < 1'001; ++i) {
            operations += R"({"op":"remove","path":"title"},)";
        }
        operations.back() = ']';
        QVERIFY(patched(userType(), babs(), operations).error().message.contains("1 to 1000"_L1));
        QVERIFY(!applyPatch(userType(), json(babs()),
                            json(R"({"Operations":[{"op":"remove","path":"title"}]})")));
    }

    void readsAWholeResourceAsItIsKept()
    {
        const auto read = readResource(userType(), json(R"({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "x", "USERNAME": "b", "password": "secret",
            "active": "True", "colour": "red", "groups": [{"value": "g"}], "title": null, "emails": [],
            "externalId": "e", "meta": {"version": "1"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"Department": "D", "x": 1}})"));
        QVERIFY(read);
        QCOMPARE(*read, json(R"({"userName": "b", "active": true, "externalId": "e",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"}})"));
        QVERIFY(!readResource(userType(), json(R"({"userName": "b"})")));
        QVERIFY(!readResource(userType(),
                              json(R"({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "a", "username": "b"})")));
    }
};

QTEST_GUILESS_MAIN(ScimPatchTest)
#include "tst_scim_patch.moc"
