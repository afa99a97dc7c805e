// labels: db contract
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "gateway/content/stored_content.h"
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace std::chrono_literals;
using admin::test::ControlRig;
using admin::test::Got;
using delta::test::sampleEntry;

/// Who reads what calls asked and were answered, and until when there is something to read.
class CallContentsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<ControlRig> m_rig;

    /// Posts a call for an end user, and keeps what it asked if there is something. Returns its id.
    QByteArray add(const QByteArray &endUser, const QByteArray &request,
                   std::chrono::milliseconds age = 1h)
    {
        const std::uint64_t offset = m_rig->store.journalPosition().value().applied;
        SpendEntry entry = sampleEntry("req_" + QByteArray::number(offset));
        entry.organizationId = "acme";
        entry.teamId = "research";
        entry.userId = "ann";
        entry.endUser = endUser;
        entry.startedAt = m_rig->clock.now - age;
        m_rig->post({entry});
        const qint64 id = m_rig->store.callIdOf(offset).value();
        if (!request.isEmpty()) {
            const QByteArray packed = content::packed({request, R"({"id":"x"})", false, false});
            const QByteArray sealed =
                m_rig->sealer.seal(Secret(packed), content::contentContext(id)).value();
            const ports::SealedContent kept{id, entry.startedAt, endUser, sealed};
            // The second one is a repetition that changes nothing.
            if (!m_rig->store.keepContents({kept})
                || !m_rig->store.keepContents({{id, {}, "other", "other"}})) {
                throw std::runtime_error("nothing is kept");
            }
        }
        return QByteArray::number(id);
    }
    Got read(const QByteArray &user, const QByteArray &id)
    {
        return m_rig->callAs(user, "GET", "/ui/api/spend/logs/" + id + "/content");
    }
    Got read(const QByteArray &id)
    {
        return m_rig->call("GET", "/ui/api/spend/logs/" + id + "/content");
    }
    bool hasContent(const QByteArray &id)
    {
        return m_rig->call("GET", "/ui/api/spend/logs/" + id).body[u"has_content"_s].toBool();
    }

private Q_SLOTS:
    void init()
    {
        m_rig.reset();
        m_rig = std::make_unique<ControlRig>();
        for (const QString &organization : {u"acme"_s, u"other"_s}) {
            m_rig->make("/ui/api/organizations",
                        {{u"organization_id"_s, organization}, {u"name"_s, organization}});
        }
        m_rig->make("/ui/api/teams",
                    {{u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Research"_s},
                     {u"organization_id"_s, u"acme"_s}});
        const std::tuple<QString, QString, QString> people[]{
            {u"owner"_s, u"organizations/acme"_s, u"org_owner"_s},
            {u"boss"_s, u"organizations/acme"_s, u"org_admin"_s},
            {u"viewer"_s, u"organizations/acme"_s, u"org_viewer"_s},
            {u"stranger"_s, u"organizations/other"_s, u"org_owner"_s},
            {u"lead"_s, u"teams/research"_s, u"team_admin"_s},
            {u"ann"_s, u"teams/research"_s, u"team_member"_s}};
        for (const auto &[user, place, role] : people) {
            m_rig->make("/ui/api/users", {{u"user_id"_s, user}});
            m_rig->make("/ui/api/" + place.toLatin1() + "/members",
                        {{u"user_id"_s, user}, {u"role"_s, role}});
        }
    }

    void showsWhatWasAskedAndAnswered()
    {
        const QByteArray id = add("cust", R"({"model":"m","messages":[1.5]})");
        const Got got = read("owner", id);
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body[u"call_id"_s].toString(), QString::fromLatin1(id));
        QCOMPARE(got.body[u"request"_s],
                 QJsonValue(QJsonObject{{u"model"_s, u"m"_s}, {u"messages"_s, QJsonArray{1.5}}}));
        QCOMPARE(got.body[u"response"_s], QJsonValue(QJsonObject{{u"id"_s, u"x"_s}}));
        QCOMPARE(got.body[u"request_truncated"_s], QJsonValue(false));
        QVERIFY(hasContent(id));
        QCOMPARE(read("boss", id).status, 200);
        QCOMPARE(read(id).status, 200);
    }

    void showsWhatIsCutOffAsAText()
    {
        QCOMPARE(read(add("cust", "{\"model\":\"m")).body[u"request"_s],
                 QJsonValue(u"{\"model\":\"m"_s));
    }

    void letsNobodyElseReadIt()
    {
        const QByteArray id = add("cust", "{}");
        for (const QByteArray &user : {"viewer"_ba, "lead"_ba, "ann"_ba}) {
            const Got got = read(user, id);
            QCOMPARE(got.status, 403);
            QVERIFY(got.text.contains("content.manage"));
        }
        // Elsewhere they may; here they are told nothing, not even whether there is something.
        const Got stranger = read("stranger", id);
        QCOMPARE(stranger.status, 404);
        QCOMPARE(stranger.code(), u"call_not_found"_s);
    }

    void saysThatNothingIsKept()
    {
        const QByteArray id = add("cust", {});
        const Got got = read("owner", id);
        QCOMPARE(got.status, 404);
        QCOMPARE(got.code(), u"content_not_found"_s);
        QVERIFY(!hasContent(id));
        QCOMPARE(read("12345").code(), u"call_not_found"_s);
        QCOMPARE(read("x").code(), u"call_not_found"_s);
    }

    void writesEachReadingToTheAuditLog()
    {
        const QByteArray id = add("cust", "{}");
        QCOMPARE(read("owner", id).status, 200);
        const Got log = m_rig->call("GET", "/ui/api/audit/events?action=call_content.read");
        QCOMPARE(log.items().size(), 1);
        const QJsonObject event = log.items().first().toObject();
        QCOMPARE(event[u"actor_id"_s].toString(), u"owner"_s);
        QCOMPARE(event[u"target_id"_s].toString(), QString::fromLatin1(id));
        QCOMPARE(event[u"organization_id"_s].toString(), u"acme"_s);
        QCOMPARE(read("owner", add("cust", {})).status, 404);
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events?action=call_content.read").items().size(),
                 1);
    }

    void doesNotShowWhatWasSealedForAnotherCall()
    {
        const QByteArray id = add("cust", {});
        const QByteArray sealed = m_rig->sealer
                                      .seal(Secret(content::packed({"{}", "{}", false, false})),
                                            content::contentContext(id.toLongLong() + 1))
                                      .value();
        QVERIFY(m_rig->store.keepContents({{id.toLongLong(), m_rig->clock.now, {}, sealed}}));
        QCOMPARE(read("owner", id).status, 503);
    }

    void removesWhatIsTooOldPortionByPortion()
    {
        const QByteArray young = add("cust", "{}", 1h);
        const QByteArray old = add("cust", "{}", 48h);
        std::vector<ports::SealedContent> many;
        for (qint64 id = 1'000'000; id < 1'000'300; ++id) {
            many.push_back({id, m_rig->clock.now - 72h, {}, "sealed"});
        }
        QVERIFY(m_rig->store.keepContents(many));
        const WallTime before = m_rig->clock.now - 24h;
        QVERIFY(m_rig->store.removeContentsBefore(before).value());
        QVERIFY(hasContent(old)); // The oldest went first.
        QVERIFY(!m_rig->store.removeContentsBefore(before).value());
        QVERIFY(!hasContent(old));
        QVERIFY(hasContent(young));
        QCOMPARE(m_rig->call("GET", "/ui/api/spend/logs/" + old).status, 200);
    }

    void isErasedWithItsEndUser()
    {
        const QByteArray id = add("cust", "{}");
        const QByteArray other = add("someone", "{}");
        const auto traces = m_rig->store.endUserTraces(u"cust"_s).value();
        QCOMPARE(traces.contents, 1);
        AuditEvent event;
        event.action = u"end_user.erase"_s;
        event.targetKind = u"end_user"_s;
        QVERIFY(m_rig->store.eraseEndUser(u"cust"_s, event));
        QVERIFY(!hasContent(id));
        QVERIFY(hasContent(other));
        QVERIFY(m_rig->store.endUserTraces(u"cust"_s).value().isEmpty());
    }

    void keepsAllOfABatchOrNothing()
    {
        QVERIFY(!m_rig->store.keepContents(
            {{2'000'001, {}, {}, "a"}, {2'000'002, {}, {}, QByteArray("\x01gone", 5)}}));
        QVERIFY(m_rig->store.keepContents({}));
        QCOMPARE(m_rig->store.removeContentsBefore(m_rig->clock.now).value(), false);
        std::optional<QByteArray> found;
        QVERIFY(m_rig->store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(found, tables.contents.find(2'000'001));
            return {};
        }));
        QVERIFY(!found);
    }

    void lettingAKeyKeepItIsForThoseWhoMayReadIt()
    {
        const QJsonObject wish{{u"name"_s, u"k"_s}, {u"team_id"_s, u"research"_s}};
        const QByteArray id = m_rig->makeKey(wish)[u"key_id"_s].toString().toLatin1();
        const QByteArray path = "/ui/api/keys/" + id;
        const Got refused = m_rig->callAs("lead", "PATCH", path, {{u"store_content"_s, true}});
        QCOMPARE(refused.status, 403);
        QCOMPARE(refused.param(), u"store_content"_s);
        for (const QJsonValue &value : {QJsonValue(true), QJsonValue(false), QJsonValue()}) {
            const Got changed = m_rig->callAs("boss", "PATCH", path, {{u"store_content"_s, value}});
            QCOMPARE(changed.status, 200);
            QCOMPARE(changed.body[u"store_content"_s], value);
            const auto stored = m_rig->store.findKey(QString::fromLatin1(id)).value();
            QCOMPARE(stored->key.storesContent,
                     value.isNull() ? std::nullopt : std::optional(value.toBool()));
        }
        QCOMPARE(m_rig->callAs("boss", "PATCH", path, {{u"store_content"_s, u"yes"_s}}).param(),
                 u"store_content"_s);
    }
};

QTEST_GUILESS_MAIN(CallContentsTest)
#include "tst_call_contents.moc"
