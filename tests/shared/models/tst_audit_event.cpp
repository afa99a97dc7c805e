#include "shared/json/json_codec.h"
#include "shared/models/audit_event.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;

class AuditEventTest : public QObject
{
    Q_OBJECT

    static AuditEvent sample()
    {
        AuditEvent event;
        event.sequence = 7;
        event.at = WallTime(1'795'441'140'000ms);
        event.actorKind = AuditActor::ServiceAccount;
        event.actorId = u"s1"_s;
        event.action = u"team.update"_s;
        event.before = {{u"name"_s, u"Sales"_s}};
        event.outcome = AuditOutcome::Denied;
        event.hash = "ab";
        event.mac = "cd";
        return event;
    }

private Q_SLOTS:
    void writesItsNames()
    {
        const QJsonObject json = toJson(sample());
        QCOMPARE(json["sequence"_L1], 7);
        QCOMPARE(json["at"_L1], u"2026-11-23T13:39:00.000Z"_s);
        QCOMPARE(json["actor_kind"_L1], u"service_account"_s);
        QCOMPARE(json["outcome"_L1], u"denied"_s);
        QCOMPARE(json["before"_L1].toObject(), (QJsonObject{{u"name"_s, u"Sales"_s}}));
        QCOMPARE(json["hash"_L1], u"ab"_s);
    }

    void writesWhatThereIsNotAsNull()
    {
        const QJsonObject json = toJson(sample());
        for (const QLatin1StringView name :
             {"actor_name"_L1, "ip"_L1, "after"_L1, "team_id"_L1, "reason"_L1}) {
            QVERIFY2(json.contains(name) && json[name].isNull(), name.constData());
        }
    }

    void readsBackWhatItWrote()
    {
        const auto back = fromJson<AuditEvent>(toJson(sample()));
        QVERIFY2(back, back ? "" : qPrintable(back.error().message));
        QVERIFY(*back == sample());
    }

    void refusesAnObjectThatIsNone()
    {
        QJsonObject json = toJson(sample());
        json["after"_L1] = u"x"_s;
        const auto back = fromJson<AuditEvent>(json);
        QVERIFY(!back);
        QCOMPARE(back.error().param, u"after"_s);
    }
};

QTEST_GUILESS_MAIN(AuditEventTest)
#include "tst_audit_event.moc"
