#include "gateway/net/curl_setup.h"

#include "gateway/net/request_head.h"

#include <algorithm>
#include <chrono>

namespace delta::net {

using ports::UpstreamFault;

namespace {

/// libcurl has a deadline of its own for connecting. Ours come first.
constexpr long beyondOurDeadlines = 24L * 3600;
constexpr long smallBuffer = 16L * 1024;
constexpr long largeBuffer = 64L * 1024;

UpstreamFault faultOf(CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return UpstreamFault::Resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
        return UpstreamFault::Connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return UpstreamFault::Tls;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2_STREAM:
        return UpstreamFault::Closed;
    default:
        return UpstreamFault::Protocol;
    }
}

bool hasField(const ports::HeaderList &fields, QByteArrayView name)
{
    return std::ranges::any_of(fields, [name](const auto &field) {
        return name.compare(field.first, Qt::CaseInsensitive) == 0;
    });
}

CurlList makeList(const ports::HeaderList &fields)
{
    curl_slist *list = nullptr;
    // libcurl adds these three by itself; a name without value takes one back.
    for (const char *unwanted : {"Accept:", "Expect:", "Content-Type:"}) {
        if (!hasField(fields, QByteArrayView(unwanted).chopped(1))) {
            list = curl_slist_append(list, unwanted);
        }
    }
    for (const auto &[name, value] : fields) {
        // So a field that really has no value is written with a semicolon.
        const QByteArray line = value.isEmpty() ? name + ';' : name + ": " + value;
        list = curl_slist_append(list, line.constData());
    }
    return CurlList(list);
}

} // namespace

void setUpConnection(CURL *handle, const ports::Origin &origin, const UpstreamSettings &settings)
{
    const auto maxAge = std::chrono::ceil<std::chrono::seconds>(settings.idleExpiry);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, smallBuffer);
    curl_easy_setopt(handle, CURLOPT_DNS_CACHE_TIMEOUT, 30L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, beyondOurDeadlines);
    // Else to cancel would mean to wait for getaddrinfo(), which stops the loop for seconds.
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, long(maxAge.count()));
    // An empty text also keeps libcurl from looking for a proxy in the environment.
    curl_easy_setopt(handle, CURLOPT_PROXY, settings.proxy.constData());
    curl_easy_setopt(handle, CURLOPT_NOPROXY, settings.proxy.isEmpty() ? "*" : "");
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    const bool isVerified = origin.peerCheck == ports::PeerCheck::Verify;
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, isVerified ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, isVerified ? 2L : 0L);
    if (!settings.caFile.isEmpty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, settings.caFile.constData());
        curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<const char *>(nullptr));
    }
}

CurlList setUpRequest(CURL *handle, const ports::UpstreamRequest &request)
{
    const QByteArray scheme = request.origin.scheme == ports::Scheme::Https ? "https://"
                                                                            : "http://";
    const QByteArray url = scheme + authority(request.origin) + request.path;
    curl_easy_setopt(handle, CURLOPT_URL, url.constData());
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    if (request.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (hasContentLength(request)) {
        const qsizetype size = bodySize(request);
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(size));
        curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE,
                         size > smallBuffer ? largeBuffer : smallBuffer);
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.constData());
    CurlList fields = makeList(request.fields);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields.get());
    return fields;
}

ports::UpstreamError describeFailure(CURLcode result, const char *message)
{
    const QByteArrayView text(message[0] != '\0' ? message : curl_easy_strerror(result));
    // libcurl reports malformed chunks as it does a lost connection; only the words differ.
    const bool isMalformed = result == CURLE_RECV_ERROR && text.contains("chunk");
    return {isMalformed ? UpstreamFault::Protocol : faultOf(result), QString::fromUtf8(text)};
}

} // namespace delta::net
