// labels: db contract hostile
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/admin/scim/scim_samples.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;
using namespace delta::admin::scim::test;

namespace {

QString idOf(const Got &got)
{
    return got.body.value("id"_L1).toString();
}

QString scimType(const Got &got)
{
    return got.body.value("scimType"_L1).toString();
}

const QByteArray off = "[{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}]";
const QByteArray on = "[{\"op\":\"replace\",\"value\":{\"active\":true}}]";

} // namespace

class ScimUsersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
    }

    void makesShowsReplacesAndRemovesAUser()
    {
        Got got = m_rig->provision(
            "POST", "/Users",
            userBody("Ann@Example.com",
                     R"("externalId":"e-1","name":{"givenName":"Ann","familyName":"Lee"},
                "password":"secret","title":"Dr")"));
        QCOMPARE(got.status, 201);
        QCOMPARE(got.field("content-type"), QByteArray("application/scim+json"));
        QCOMPARE(got.field("etag"), QByteArray("W/\"1\""));
        QCOMPARE(got.body.value("active"_L1), QJsonValue(true));
        QVERIFY(!got.text.contains("secret"));
        const QString id = idOf(got);
        const QByteArray path = "/Users/" + id.toLatin1();
        QCOMPARE(got.field("location"), "/scim/v2" + path);

        const QJsonObject user = m_rig->call("GET", "/ui/api/users/" + id.toLatin1()).body;
        QCOMPARE(user.value("email"_L1).toString(), u"ann@example.com"_s);
        QCOMPARE(user.value("name"_L1).toString(), u"Ann Lee"_s);
        QCOMPARE(user.value("origin"_L1).toString(), u"scim"_s);
        QCOMPARE(user.value("role"_L1).toString(), u"none"_s);

        got = m_rig->provision("PUT", path, userBody("ann", R"("displayName":"Ann L." )"));
        QCOMPARE(got.status, 200);
        QVERIFY(!got.body.contains("title"_L1) && !got.body.contains("externalId"_L1));
        QCOMPARE(got.body.value("meta"_L1)["version"_L1].toString(), u"W/\"2\""_s);
        QCOMPARE(m_rig->provision("GET", path).body, got.body);

        QCOMPARE(m_rig->provision("DELETE", path).status, 204);
        got = m_rig->provision("GET", path);
        QCOMPARE(got.status, 404);
        QCOMPARE(got.body.value("schemas"_L1).toArray().first().toString(),
                 u"urn:ietf:params:scim:api:messages:2.0:Error"_s);
        QCOMPARE(got.body.value("status"_L1).toString(), u"404"_s);
        const Got left = m_rig->call("GET", "/ui/api/users/" + id.toLatin1());
        QCOMPARE(left.body.value("blocked"_L1), QJsonValue(true));
        QCOMPARE(left.body.value("block_reason"_L1).toString(),
                 u"Removed by the directory (SCIM)."_s);
    }

    void blocksAndUnblocksAsAnAdminWould()
    {
        const QString id = make("ann@example.com");
        const QJsonObject key = m_rig->makeKey({{u"name"_s, u"k"_s}, {u"user_id"_s, id}});
        QVERIFY(!key.isEmpty());
        QCOMPARE(m_rig->callAs(id.toLatin1(), "GET", "/ui/api/auth/me").status, 401); // No cookie.
        QCOMPARE(m_rig->callAs(id.toLatin1(), "GET", "/ui/api/models").status, 200);
        const int refreshes = m_rig->refreshes;

        Got got = patch(id, off);
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body.value("active"_L1), QJsonValue(false));
        QVERIFY(m_rig->refreshes > refreshes);
        QCOMPARE(m_rig->callAs(id.toLatin1(), "GET", "/ui/api/models").status, 403);
        QCOMPARE(userOf(id).value("block_reason"_L1).toString(),
                 u"Deactivated by the directory (SCIM)."_s);
        QCOMPARE(patch(id, off).body.value("meta"_L1), got.body.value("meta"_L1)); // Nothing new.

        QCOMPARE(patch(id, on).body.value("active"_L1), QJsonValue(true));
        QCOMPARE(m_rig->callAs(id.toLatin1(), "GET", "/ui/api/models").status, 200);
        QCOMPARE(actions(), QStringList({u"user.unblock"_s, u"user.block"_s, u"user.create"_s}));
    }

    void leavesABlockByAnAdminInForce()
    {
        const QString id = make("ann@example.com");
        m_rig->call("POST", "/ui/api/users/" + id.toLatin1() + "/block",
                    {{u"reason"_s, u"Fraud"_s}});
        QCOMPARE(patch(id, on).body.value("active"_L1), QJsonValue(false));
        patch(id, off);
        QCOMPARE(userOf(id).value("block_reason"_L1).toString(), u"Fraud"_s);
    }

    void keepsTheLastAdmin()
    {
        const QString id = make("ann@example.com");
        m_rig->call("PATCH", "/ui/api/users/" + id.toLatin1(), {{u"role"_s, u"platform_admin"_s}});
        for (const Got &got :
             {patch(id, off), m_rig->provision("DELETE", "/Users/" + id.toLatin1())}) {
            QCOMPARE(got.status, 409);
            QVERIFY(got.text.contains("last platform admin"));
        }
        QCOMPARE(userOf(id).value("blocked"_L1), QJsonValue(false));
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"bob"_s}, {u"role"_s, u"platform_admin"_s}});
        QCOMPARE(patch(id, off).status, 200);
        // For whom a console blocks the same holds; the holder of the master key could undo it.
        QCOMPARE(m_rig->callAs("bob", "POST", "/ui/api/users/bob/block").status, 409);
        QCOMPARE(m_rig->call("POST", "/ui/api/users/bob/block").status, 200);
    }

    void takesOverWhoHasTheAddressUnlessTheyAdminister()
    {
        m_rig->make("/ui/api/users",
                    {{u"user_id"_s, u"ann"_s}, {u"email"_s, u"ann@example.com"_s}});
        m_rig->make("/ui/api/users",
                    {{u"user_id"_s, u"root"_s},
                     {u"email"_s, u"root@example.com"_s},
                     {u"role"_s, u"platform_viewer"_s}});
        QCOMPARE(m_rig->provision("GET", "/Users/ann").status, 404);
        QCOMPARE(m_rig->provision("GET", "/Users?filter=userName%20eq%20%22ann@example.com%22")
                     .body.value("totalResults"_L1)
                     .toInt(),
                 0);
        Got got = m_rig->provision("POST", "/Users", userBody("ann@example.com"));
        QCOMPARE(got.status, 201);
        QCOMPARE(idOf(got), u"ann"_s);
        QCOMPARE(userOf(u"ann"_s).value("origin"_L1).toString(), u"scim"_s);
        QCOMPARE(actions().first(), u"user.link"_s);

        got = m_rig->provision("POST", "/Users", userBody("root@example.com"));
        QCOMPARE(got.status, 409);
        QCOMPARE(scimType(got), u"uniqueness"_s);
        QVERIFY(got.text.contains("no directory takes over"));
        QCOMPARE(userOf(u"root"_s).value("origin"_L1).toString(), u"local"_s);
    }

    void findsAgainWhomItRemoved()
    {
        const QString id = make("ann@example.com");
        QCOMPARE(m_rig->provision("DELETE", "/Users/" + id.toLatin1()).status, 204);
        QCOMPARE(make("ann@example.com"), id);
        QCOMPARE(userOf(id).value("blocked"_L1), QJsonValue(false));
    }

    void leavesWhatTheDirectoryKeepsToIt()
    {
        const QString id = make("ann@example.com");
        const Got got = m_rig->call("PATCH", "/ui/api/users/" + id.toLatin1(),
                                    {{u"name"_s, u"X"_s}});
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), u"name"_s);
        QCOMPARE(m_rig
                     ->call("PATCH", "/ui/api/users/" + id.toLatin1(),
                            {{u"metadata"_s, QJsonObject{{u"a"_s, 1}}}})
                     .status,
                 200);
    }

    // It forgets nothing, so it is not told where people live.
    void tellsTheAuditLogWhichAttributesChanged()
    {
        const QString id = make("ann@example.com");
        patch(id,
              "[{\"op\":\"add\",\"value\":{\"title\":\"Dr\",\"addresses\":[{\"locality\":\"Ulm\"}]}"
              "}]");
        const Got got = m_rig->call("GET",
                                    "/ui/api/audit/events?actor_kind=scim&action=user.update");
        const QJsonValue after = got.items().first()["after"_L1];
        QCOMPARE(after["scim_changed"_L1].toArray(), QJsonArray({u"addresses"_s, u"title"_s}));
        QCOMPARE(after["scim_user_name"_L1].toString(), u"ann@example.com"_s);
        QVERIFY(!got.text.contains("Ulm"));
    }

    void refusesWhatAnotherHas()
    {
        make("ann@example.com", R"("externalId":"e-1" )");
        const QString bob = make("bob@example.com", R"("externalId":"e-2" )");
        for (const QByteArray &body :
             {userBody("ANN@example.com"), userBody("c@example.com", R"("externalId":"e-1" )"),
              userBody("c", R"("emails":[{"value":"ann@example.com"}])")}) {
            Got got = m_rig->provision("POST", "/Users", body);
            QCOMPARE(got.status, 409);
            QCOMPARE(scimType(got), u"uniqueness"_s);
            got = m_rig->provision("PUT", "/Users/" + bob.toLatin1(), body);
            QCOMPARE(got.status, 409);
        }
    }

    void changesOnlyTheVersionThatIsKnown()
    {
        const QString id = make("ann@example.com");
        const QByteArray path = "/Users/" + id.toLatin1();
        const QByteArray title = patchBody(R"([{"op":"add","path":"title","value":"Dr"}])");
        QCOMPARE(m_rig->provision("PATCH", path, title, {{"if-match", "W/\"9\""}}).status, 412);
        QCOMPARE(m_rig->provision("PUT", path, userBody("x"), {{"if-match", "W/\"9\""}}).status,
                 412);
        QCOMPARE(m_rig->provision("DELETE", path, {}, {{"if-match", "\"9\""}}).status, 412);
        QCOMPARE(m_rig->provision("PATCH", path, title, {{"if-match", "W/\"1\""}}).status, 200);
        QCOMPARE(m_rig->provision("GET", path, {}, {{"if-none-match", "W/\"2\""}}).status, 304);
        QCOMPARE(m_rig->provision("GET", path, {}, {{"if-none-match", "W/\"1\""}}).status, 200);
    }

    void listsFiltersAndLeavesOut()
    {
        for (int i = 0; i < 5; ++i) {
            const QByteArray n = QByteArray::number(i);
            make("user" + n + "@example.com", "\"title\":\"T\",\"externalId\":\"e-" + n + "\"");
        }
        const auto total = [this](const QByteArray &filter) {
            return m_rig->provision("GET", "/Users?filter=" + filter.toPercentEncoding())
                .body.value("totalResults"_L1)
                .toInt(-1);
        };
        QCOMPARE(total("userName eq \"USER3@example.com\""), 1);
        QCOMPARE(total("externalId eq \"e-3\" or externalId eq \"e-4\" or externalId eq \"e-4\""),
                 2);
        QCOMPARE(total("userName sw \"user\" and active eq true"), 5);
        QCOMPARE(total("emails co \"user1\" or not (title pr)"), 0);
        Got got = m_rig->provision("GET", "/Users?startIndex=4&count=10&attributes=userName");
        QCOMPARE(got.body.value("totalResults"_L1).toInt(), 5);
        QCOMPARE(got.body.value("startIndex"_L1).toInt(), 4);
        QCOMPARE(got.body.value("itemsPerPage"_L1).toInt(), 2);
        QCOMPARE(got.body.value("Resources"_L1).toArray().first().toObject().keys(),
                 QStringList({u"id"_s, u"schemas"_s, u"userName"_s}));
        got = m_rig->provision("GET", "/Users?count=0");
        QCOMPARE(got.body.value("totalResults"_L1).toInt(), 5);
        QVERIFY(got.body.value("Resources"_L1).toArray().isEmpty());
        got = m_rig->provision("GET", "/Users?count=1&excludedAttributes=title,meta,id");
        const QJsonObject one = got.body.value("Resources"_L1).toArray().first().toObject();
        QVERIFY(!one.contains("title"_L1) && !one.contains("meta"_L1) && one.contains("id"_L1));
        QCOMPARE(scimType(m_rig->provision("GET", "/Users?filter=a")), u"invalidFilter"_s);
        QCOMPARE(m_rig->provision("GET", "/Users?count=many").status, 400);
    }

    void letsNobodyInWithoutATokenOfItsOwn()
    {
        const QByteArray target = "/scim/v2/Users";
        const auto status = [&](const QByteArray &field) {
            return m_rig->send("GET", target, {}, {{"authorization", field}}).status;
        };
        QCOMPARE(status("Bearer " + ControlRig::scimToken.toByteArray()), 200);
        QCOMPARE(status("bearer " + ControlRig::nextScimToken.toByteArray()), 200);
        QCOMPARE(status("Bearer " + ControlRig::masterKey.toByteArray()), 401);
        QCOMPARE(status("Bearer " + ControlRig::scimToken.chopped(1).toByteArray()), 401);
        QCOMPARE(status("Bearer "), 401);
        QCOMPARE(status("Basic x"), 401);
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"bob"_s}, {u"role"_s, u"platform_admin"_s}});
        const Got got = m_rig->callAs("bob", "GET", target);
        QCOMPARE(got.status, 401);
        QCOMPARE(got.field("www-authenticate"), QByteArray("Bearer"));
        QCOMPARE(got.body.value("status"_L1).toString(), u"401"_s);
        const ControlRig::Headers token{
            {"authorization", "Bearer " + ControlRig::scimToken.toByteArray()}};
        QCOMPARE(m_rig->send("GET", "/ui/api/users", {}, token).status, 401);
    }

    void refusesBodiesThatAreNoUser_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("type");
        const auto row = [](const char *name, const QByteArray &body, const char *type) {
            QTest::newRow(name) << body << QString::fromLatin1(type);
        };
        row("nothing", "", "invalidSyntax");
        row("no JSON", "{", "invalidSyntax");
        row("no object", "[]", "invalidSyntax");
        row("a name twice", R"({"userName":"a","userName":"b"})", "invalidSyntax");
        row("too deep", QByteArray(70, '[') + QByteArray(70, ']'), "invalidSyntax");
        row("no schema", R"({"userName":"a"})", "invalidValue");
        row("no name", R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]})",
            "invalidValue");
        row("a blank name", userBody(" "), "invalidValue");
        row("a number", userBody("a", R"("displayName":7)"), "invalidValue");
        row("a control character", userBody("a", R"("title":"a\u0000b" )"), "invalidValue");
        row("no address", userBody("a", R"("emails":[{"value":"nowhere"}])"), "invalidValue");
        row("a long text", userBody("a", "\"title\":\"" + QByteArray(3'000, 'x') + '"'),
            "invalidValue");
        row("a long name", userBody(QByteArray(300, 'x')), "invalidValue");
    }
    void refusesBodiesThatAreNoUser()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QString, type);
        const Got got = m_rig->provision("POST", "/Users", body);
        QCOMPARE(got.status, 400);
        QCOMPARE(scimType(got), type);
        QCOMPARE(m_rig->provision("GET", "/Users").body.value("totalResults"_L1).toInt(), 0);
    }

    void saysWhatItDoes()
    {
        const QJsonObject config = m_rig->provision("GET", "/ServiceProviderConfig").body;
        QCOMPARE(config.value("patch"_L1)["supported"_L1], QJsonValue(true));
        QCOMPARE(config.value("bulk"_L1)["supported"_L1], QJsonValue(false));
        QCOMPARE(m_rig->provision("GET", "/ResourceTypes").body.value("totalResults"_L1).toInt(),
                 2);
        QCOMPARE(m_rig->provision("GET", "/ResourceTypes/User").status, 200);
        const Got schemas = m_rig->provision("GET", "/Schemas");
        QCOMPARE(schemas.body.value("totalResults"_L1).toInt(), 3);
        QVERIFY(!schemas.text.contains("password"));
        QCOMPARE(
            m_rig->provision("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").status,
            200);
        QCOMPARE(m_rig->provision("GET", "/Schemas/nothing").status, 404);
    }

    void isListedInTheTableOfAccess()
    {
        QStringList served;
        for (const admin::AdminRoute &route : m_rig->api.routes()) {
            if (route.pattern.startsWith("/scim/")) {
                served.append(QString::fromLatin1(route.method + ' ' + route.pattern));
            }
        }
        QStringList listed;
        for (const admin::AccessRow &row : admin::accessTable()) {
            const bool isScim = row.pattern.startsWith("/scim/");
            QCOMPARE(row.entry == admin::Entry::Directory, isScim);
            if (isScim) {
                listed.append(QString::fromLatin1(row.method.toByteArray() + ' '
                                                  + row.pattern.toByteArray()));
            }
        }
        served.sort();
        listed.sort();
        QCOMPARE(served, listed);
    }

private:
    QString make(const QByteArray &name, const QByteArray &more = {})
    {
        const Got got = m_rig->provision("POST", "/Users", userBody(name, more));
        return got.status == 201 ? idOf(got) : QString::fromUtf8(got.text);
    }
    Got patch(const QString &id, const QByteArray &operations)
    {
        return m_rig->provision("PATCH", "/Users/" + id.toLatin1(), patchBody(operations));
    }
    QJsonObject userOf(const QString &id)
    {
        return m_rig->call("GET", "/ui/api/users/" + id.toLatin1()).body;
    }
    /// What the audit log tells of the directory, the newest first.
    QStringList actions()
    {
        QStringList found;
        for (const QJsonValue event :
             m_rig->call("GET", "/ui/api/audit/events?actor_kind=scim").items()) {
            found.append(event["action"_L1].toString());
        }
        return found;
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(ScimUsersTest)
#include "tst_scim_users.moc"
