#include "gateway/providers/openai_dialect.h"

#include "gateway/openai/provider_error.h"
#include "gateway/providers/stream_decoder.h"
#include "gateway/providers/whole_decoder.h"

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView keyPlace = "{api_key}";

QByteArray authValue(const ports::Endpoint &endpoint)
{
    QByteArray value = endpoint.authHeaderFormat;
    return value.replace(keyPlace, endpoint.apiKey.reveal());
}

std::unexpected<ApiError> invalidBody(const QString &message, QByteArrayView type)
{
    return failure(ApiError::upstream(ErrorKind::UpstreamInvalid, message,
                                      u"content-type: "_s + QString::fromUtf8(type)));
}

bool isIdentity(QByteArrayView encoding)
{
    return encoding.isEmpty() || encoding.compare("identity", Qt::CaseInsensitive) == 0;
}

} // namespace

ports::UpstreamRequest OpenAiDialect::write(const ports::Endpoint &endpoint,
                                            const openai::ModelRequest &request) const
{
    ports::UpstreamRequest upstream;
    upstream.origin = endpoint.origin;
    upstream.method = "POST"_ba;
    upstream.path = endpoint.basePath + openai::operationPath(request.operation).toByteArray();
    upstream.timeouts = request.isStream ? endpoint.streamTimeouts : endpoint.timeouts;
    upstream.fields.reserve(5 + endpoint.extraHeaders.size());
    upstream.fields.emplace_back("content-type"_ba, "application/json"_ba);
    upstream.fields.emplace_back("accept"_ba,
                                 request.isStream ? "text/event-stream"_ba : "application/json"_ba);
    // A compressed answer would have to be unpacked before it could be read; bombs included.
    upstream.fields.emplace_back("accept-encoding"_ba, "identity"_ba);
    if (!endpoint.apiKey.isEmpty()) {
        upstream.fields.emplace_back(endpoint.authHeaderName, authValue(endpoint));
    }
    if (!endpoint.organization.isEmpty()) {
        upstream.fields.emplace_back("openai-organization"_ba, endpoint.organization);
    }
    for (const auto &field : endpoint.extraHeaders) {
        upstream.fields.push_back(field);
    }
    upstream.body = openai::bodyForUpstream(request, endpoint.deployment.upstreamModel.toUtf8(),
                                            m_habits);
    return upstream;
}

Result<std::unique_ptr<AnswerDecoder>> OpenAiDialect::decoder(const ports::UpstreamHead &head,
                                                              const openai::ModelRequest &request,
                                                              qsizetype maxBytes) const
{
    const QByteArrayView type = head.header("content-type");
    if (!isIdentity(head.header("content-encoding"))) {
        return invalidBody(u"The provider compressed its answer, which it was asked not to do."_s,
                           type);
    }
    const QByteArray mediaType =
        type.first(std::max<qsizetype>(0, type.indexOf(';') < 0 ? type.size() : type.indexOf(';')))
            .trimmed()
            .toByteArray()
            .toLower();
    if (request.isStream && (mediaType == "text/event-stream" || mediaType.isEmpty())) {
        return std::make_unique<StreamDecoder>(request);
    }
    if (!mediaType.isEmpty() && mediaType != "application/json" && !mediaType.endsWith("+json")) {
        return invalidBody(
            request.isStream
                ? u"The provider answered a streaming call with something that is no event stream."_s
                : u"The provider answered with something that is not JSON."_s,
            type);
    }
    return std::make_unique<WholeDecoder>(request, maxBytes,
                                          head.header("content-length").toLongLong());
}

ApiError OpenAiDialect::readError(const ports::UpstreamHead &head, QByteArrayView body) const
{
    return openai::providerError(
        head.status, body, openai::readRetryAfter(head.header("retry-after"), head.header("date")));
}

} // namespace delta::providers
