#include "gateway/admin/litellm/refusal.h"

#include "gateway/openai/error_body.h"

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

QByteArrayView typeOf(const ApiError &error)
{
    if (error.kind == ErrorKind::NotFound) {
        return error.code == "key_not_found"_L1 ? "token_not_found_in_db" : "not_found_error";
    }
    switch (error.status()) {
    case 401:
    case 403:
        return "auth_error";
    case 404:
        return "not_found_error";
    case 500:
        return "internal_server_error";
    case 503:
        return "no_db_connection";
    default:
        return "bad_request_error";
    }
}

} // namespace

Answer refusal(const ApiError &error, QByteArrayView)
{
    const QByteArray message = error.message.toUtf8();
    const QByteArray param = error.param.toUtf8();
    const QByteArray code = QByteArray::number(error.status());
    Answer answer = jsonAnswer(openai::errorBody({message, typeOf(error), param, code}),
                               error.status());
    if (const QByteArray wait = openai::retryAfterValue(error); !wait.isEmpty()) {
        answer.headers.emplace_back("retry-after"_ba, wait);
    }
    return answer;
}

} // namespace delta::admin::litellm
