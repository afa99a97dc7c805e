#include "shared/core/api_error.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace delta {

class ApiErrorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsEveryKind_data();
    void mapsEveryKind();
    void passesOnTheProvidersOwnClientError_data();
    void passesOnTheProvidersOwnClientError();
    void prefersTheProvidersOwnCode();
    void namesTheFieldThatIsWrong();
    void namesTheModelAndWhatToDo();
    void tellsExpiredFromBlockedFromUnknown();
    void neverSendsTheDetailOfABug();
    void keepsHostileNamesShort();
    void saysWhenToComeBack();
};

void ApiErrorTest::mapsEveryKind_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("code");

    const auto add = [](ErrorKind kind, int status, const char *type, const char *code) {
        QTest::addRow("%d %s %s", std::to_underlying(kind), type, code)
            << kind << status << QString::fromLatin1(type) << QString::fromLatin1(code);
    };
    add(ErrorKind::InvalidRequest, 400, "invalid_request_error", "");
    add(ErrorKind::InvalidApiKey, 401, "authentication_error", "invalid_api_key");
    add(ErrorKind::KeyExpired, 401, "authentication_error", "invalid_api_key");
    add(ErrorKind::KeyBlocked, 401, "authentication_error", "invalid_api_key");
    add(ErrorKind::PermissionDenied, 403, "permission_denied", "permission_denied");
    add(ErrorKind::LoginRequired, 401, "authentication_error", "login_required");
    add(ErrorKind::StepUpRequired, 403, "permission_denied", "step_up_required");
    add(ErrorKind::NotFound, 404, "invalid_request_error", "not_found");
    add(ErrorKind::Conflict, 409, "invalid_request_error", "conflict");
    add(ErrorKind::PreconditionFailed, 412, "invalid_request_error", "precondition_failed");
    add(ErrorKind::ModelNotAllowed, 403, "permission_denied", "model_not_allowed");
    add(ErrorKind::ModelNotFound, 404, "invalid_request_error", "model_not_found");
    add(ErrorKind::RouteNotFound, 404, "invalid_request_error", "route_not_found");
    add(ErrorKind::MethodNotAllowed, 405, "invalid_request_error", "method_not_allowed");
    add(ErrorKind::RequestTimeout, 408, "timeout_error", "request_timeout");
    add(ErrorKind::ContentTooLarge, 413, "invalid_request_error", "content_too_large");
    add(ErrorKind::UriTooLong, 414, "invalid_request_error", "uri_too_long");
    add(ErrorKind::HeadersTooLarge, 431, "invalid_request_error", "headers_too_large");
    add(ErrorKind::Unsupported, 400, "invalid_request_error", "unsupported");
    add(ErrorKind::UnpricedModel, 400, "invalid_request_error", "unpriced_model");
    add(ErrorKind::RateLimited, 429, "rate_limit_error", "rate_limit_exceeded");
    add(ErrorKind::UpstreamRejected, 400, "invalid_request_error", "upstream_rejected");
    add(ErrorKind::UpstreamRateLimited, 429, "rate_limit_error", "upstream_rate_limited");
    add(ErrorKind::UpstreamAuth, 502, "upstream_error", "upstream_auth");
    add(ErrorKind::UpstreamUnreachable, 502, "upstream_error", "upstream_unreachable");
    add(ErrorKind::UpstreamTimeout, 504, "timeout_error", "upstream_timeout");
    add(ErrorKind::UpstreamFailed, 502, "upstream_error", "upstream_failed");
    add(ErrorKind::UpstreamInvalid, 502, "upstream_error", "upstream_invalid_response");
    add(ErrorKind::UpstreamTruncated, 502, "upstream_error", "upstream_truncated");
    add(ErrorKind::ClientClosed, 499, "client_closed", "client_closed");
    add(ErrorKind::Overloaded, 503, "service_unavailable", "overloaded");
    add(ErrorKind::StoreUnavailable, 503, "service_unavailable", "store_unavailable");
    add(ErrorKind::ShuttingDown, 503, "service_unavailable", "shutting_down");
    add(ErrorKind::Internal, 500, "server_error", "internal_error");
}

void ApiErrorTest::mapsEveryKind()
{
    QFETCH(ErrorKind, kind);
    ApiError error;
    error.kind = kind;
    QTEST(error.status(), "status");
    QTEST(QString(error.type()), "type");
    QTEST(error.codeText(), "code");
}

void ApiErrorTest::passesOnTheProvidersOwnClientError_data()
{
    QTest::addColumn<int>("upstreamStatus");
    QTest::addColumn<int>("status");
    QTest::newRow("none given") << 0 << 400;
    QTest::newRow("unprocessable") << 422 << 422;
    QTest::newRow("lowest") << 400 << 400;
    QTest::newRow("highest") << 499 << 499;
    QTest::newRow("not the client's fault") << 500 << 400;
    QTest::newRow("no error at all") << 200 << 400;
}

void ApiErrorTest::passesOnTheProvidersOwnClientError()
{
    QFETCH(int, upstreamStatus);
    ApiError error = ApiError::upstream(ErrorKind::UpstreamRejected, u"too long"_s, u"body"_s);
    error.upstreamStatus = upstreamStatus;
    QTEST(error.status(), "status");

    error.kind = ErrorKind::UpstreamFailed;
    QCOMPARE(error.status(), 502);
}

void ApiErrorTest::prefersTheProvidersOwnCode()
{
    ApiError error = ApiError::upstream(ErrorKind::UpstreamRejected, u"too long"_s);
    error.code = u"context_length_exceeded"_s;
    QCOMPARE(error.codeText(), u"context_length_exceeded"_s);
}

void ApiErrorTest::namesTheFieldThatIsWrong()
{
    const ApiError error = ApiError::invalidRequest(u"'n' must be 1."_s, u"n"_s);
    QCOMPARE(error.kind, ErrorKind::InvalidRequest);
    QCOMPARE(error.message, u"'n' must be 1."_s);
    QCOMPARE(error.param, u"n"_s);
    QVERIFY(error.codeText().isEmpty());
}

void ApiErrorTest::namesTheModelAndWhatToDo()
{
    for (const ApiError &error :
         {ApiError::modelNotFound(u"gpt-x"_s), ApiError::modelNotAllowed(u"gpt-x"_s)}) {
        QVERIFY2(error.message.contains("'gpt-x'"_L1), qPrintable(error.message));
        QVERIFY2(error.message.contains("/v1/models"_L1), qPrintable(error.message));
        QCOMPARE(error.param, u"model"_s);
    }
    QVERIFY(ApiError::unpricedModel(u"gpt-x"_s).message.contains("input_cost_per_token"_L1));
}

void ApiErrorTest::tellsExpiredFromBlockedFromUnknown()
{
    QVERIFY(ApiError::keyExpired().message.contains("expired"_L1));
    QVERIFY(ApiError::keyBlocked().message.contains("blocked"_L1));
    QVERIFY(!ApiError::invalidApiKey().message.contains("expired"_L1));
    QVERIFY(ApiError::missingApiKey().message.contains("Authorization: Bearer"_L1));
    QCOMPARE(ApiError::missingApiKey().kind, ErrorKind::InvalidApiKey);
}

void ApiErrorTest::neverSendsTheDetailOfABug()
{
    const ApiError error = ApiError::internal(u"null pointer in cache.cpp"_s);
    QCOMPARE(error.detail, u"null pointer in cache.cpp"_s);
    QVERIFY(!error.message.contains("cache.cpp"_L1));
}

void ApiErrorTest::keepsHostileNamesShort()
{
    const ApiError error = ApiError::modelNotFound(QString(1'000'000, u'x') + u'\n');
    QVERIFY(error.message.size() < 300);
    QVERIFY(!ApiError::routeNotFound(u"GET"_s, u"/a\r\nSet-Cookie: b"_s).message.contains(u'\n'));
}

void ApiErrorTest::saysWhenToComeBack()
{
    QCOMPARE(ApiError::overloaded(u"full"_s, 3s).retryAfter, 3s);
    QCOMPARE(ApiError::rateLimited(u"60 requests per minute"_s, 7s).retryAfter, 7s);
    QCOMPARE(ApiError::rateLimited(u"60 requests per minute"_s, 7s).kind, ErrorKind::RateLimited);
    QVERIFY(!ApiError::shuttingDown().retryAfter);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::ApiErrorTest)
#include "tst_api_error.moc"
