#include "gateway/admin/json_reply.h"
#include "tests/support/recorded_reply.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::test::RecordedReply;
using delta::test::ReplyRecord;

class JsonReplyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsAnObjectInOneLine();
    void sendsAnErrorInTheOneShape();
    void saysWhenToComeAgain();
    void keepsTheDetailToItself();
};

namespace {

const std::pair<QByteArray, QByteArray> jsonType{"content-type", "application/json"};

ReplyRecord sent(const ApiError &error)
{
    ReplyRecord record;
    RecordedReply reply(record);
    admin::sendError(reply, error);
    return record;
}

} // namespace

void JsonReplyTest::sendsAnObjectInOneLine()
{
    ReplyRecord record;
    RecordedReply reply(record);
    admin::sendJson(reply, 201, QJsonObject{{"a"_L1, u"€\n"_s}});
    QCOMPARE(record.status, 201);
    QCOMPARE(record.body, "{\"a\":\"\xe2\x82\xac\\n\"}");
    QCOMPARE(record.fields, ports::HeaderList{jsonType});
    QCOMPARE(record.ends, 1);
}

void JsonReplyTest::sendsAnErrorInTheOneShape()
{
    const ReplyRecord record = sent(ApiError::invalidRequest(u"No \"x\"."_s, u"x"_s));
    QCOMPARE(record.status, 400);
    QCOMPARE(record.fields, ports::HeaderList{jsonType});
    const QJsonObject error =
        QJsonDocument::fromJson(record.body).object().value("error"_L1).toObject();
    QCOMPARE(error,
             (QJsonObject{{"message"_L1, u"No \"x\"."_s},
                          {"type"_L1, u"invalid_request_error"_s},
                          {"param"_L1, u"x"_s},
                          {"code"_L1, QJsonValue::Null}}));
}

void JsonReplyTest::saysWhenToComeAgain()
{
    const ReplyRecord record = sent(ApiError::overloaded(u"Busy."_s, std::chrono::seconds(3)));
    QCOMPARE(record.status, 503);
    QCOMPARE(record.fields, (ports::HeaderList{jsonType, {"retry-after", "3"}}));
}

void JsonReplyTest::keepsTheDetailToItself()
{
    const ReplyRecord record = sent(
        ApiError::storeUnavailable(u"The store is away."_s, u"SQLSTATE 42 at /var/lib/x"_s));
    QCOMPARE(record.status, 503);
    QVERIFY(!record.body.contains("SQLSTATE"));
}

QTEST_APPLESS_MAIN(JsonReplyTest)
#include "tst_json_reply.moc"
