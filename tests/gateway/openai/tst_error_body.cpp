// labels: unit contract
#include "gateway/openai/error_body.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace delta;

namespace {

QJsonObject errorOf(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object().value(QStringLiteral("error")).toObject();
}

} // namespace

class ErrorBodyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAllFields();
    void writesNullForWhatIsMissing();
    void escapesEveryCharacter();
    void replacesHalfACharacter();
    void neverSendsTheDetail();
    void tellsWhenToTryAgain_data();
    void tellsWhenToTryAgain();
};

void ErrorBodyTest::writesAllFields()
{
    const ApiError error = ApiError::modelNotFound(QStringLiteral("gpt"));

    const QByteArray body = openai::errorBody(error);

    QVERIFY(body.startsWith("{\"error\":{\"message\":\""));
    QCOMPARE(errorOf(body).value(QStringLiteral("message")).toString(), error.message);
    QCOMPARE(errorOf(body).value(QStringLiteral("type")).toString(),
             QStringLiteral("invalid_request_error"));
    QCOMPARE(errorOf(body).value(QStringLiteral("param")).toString(), QStringLiteral("model"));
    QCOMPARE(errorOf(body).value(QStringLiteral("code")).toString(),
             QStringLiteral("model_not_found"));
}

void ErrorBodyTest::writesNullForWhatIsMissing()
{
    const QJsonObject error = errorOf(
        openai::errorBody(ApiError::invalidRequest(QStringLiteral("m"))));

    QVERIFY(error.value(QStringLiteral("param")).isNull());
    QVERIFY(error.value(QStringLiteral("code")).isNull());
}

void ErrorBodyTest::escapesEveryCharacter()
{
    QString message;
    for (char16_t code = 1; code < 0x500; ++code) {
        message += QChar(code);
    }
    message += QChar(0) + QStringLiteral("\u2028 😀 \" \\ </script>");

    const QByteArray body = openai::errorBody(ApiError::invalidRequest(message));

    QCOMPARE(errorOf(body).value(QStringLiteral("message")).toString(), message);
    QVERIFY(!body.contains('\n'));
}

void ErrorBodyTest::replacesHalfACharacter()
{
    const QByteArray body = openai::errorBody(ApiError::invalidRequest(QString(QChar(0xD800))));

    QVERIFY(body.isValidUtf8());
    QVERIFY(!errorOf(body).isEmpty());
}

void ErrorBodyTest::neverSendsTheDetail()
{
    const QByteArray body = openai::errorBody(ApiError::internal(QStringLiteral("secret detail")));

    QVERIFY(!body.contains("secret"));
}

void ErrorBodyTest::tellsWhenToTryAgain_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("some") << qint64(7) << QByteArray("7");
    QTest::newRow("zero") << qint64(0) << QByteArray("1");
    QTest::newRow("past") << qint64(-5) << QByteArray("1");
    QTest::newRow("a year") << qint64(31'536'000) << QByteArray("86400");
}

void ErrorBodyTest::tellsWhenToTryAgain()
{
    QFETCH(const qint64, seconds);
    ApiError error = ApiError::overloaded(QStringLiteral("m"), std::chrono::seconds(seconds));

    QTEST(openai::retryAfterValue(error), "value");
    error.retryAfter.reset();
    QCOMPARE(openai::retryAfterValue(error), QByteArray());
}

QTEST_GUILESS_MAIN(ErrorBodyTest)

#include "tst_error_body.moc"
