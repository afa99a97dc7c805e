#include "gateway/http/transport/request_parser.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

/// More extension bytes in one message have no honest use; llhttp takes any number.
constexpr qsizetype mostExtensionBytes = 4096;
/// A body's first allocation. A length is only a claim, so a larger one has to earn its memory.
constexpr qint64 firstBodyBytes = 256 * 1024;
/// The longest method, two spaces, the version and CRLF.
constexpr qsizetype requestLineOverhead = 20;

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isKnownVersion(const llhttp_t &parser)
{
    return parser.http_major == 1 && parser.http_minor <= 1;
}

/// Says why llhttp gave up at the byte `culprit`.
Refusal refusalOf(const llhttp_t &parser, char culprit)
{
    switch (llhttp_get_errno(&parser)) {
    case HPE_INVALID_METHOD:
        return isCapital(culprit) ? refusals::unknownMethod : malformed("This is not HTTP."_L1);
    case HPE_INVALID_VERSION:
        return isKnownVersion(parser) ? malformed("Lines must end with CR LF."_L1)
                                      : refusals::unknownVersion;
    case HPE_PAUSED_H2_UPGRADE:
        return malformed("This gateway speaks HTTP/1.1, not HTTP/2."_L1);
    case HPE_INVALID_URL:
        return malformed("The request target has a character that must be percent-encoded."_L1);
    case HPE_INVALID_HEADER_TOKEN:
        return malformed("A header has a character that it must not have."_L1);
    case HPE_CR_EXPECTED:
    case HPE_LF_EXPECTED:
        return malformed("Lines must end with CR LF."_L1);
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_UNEXPECTED_CONTENT_LENGTH:
        return malformed("The Content-Length header is not one number, or has no place here."_L1);
    case HPE_INVALID_TRANSFER_ENCODING:
        return malformed("The only Transfer-Encoding that this gateway takes is 'chunked', and not "
                         "together with a Content-Length."_L1);
    case HPE_INVALID_CHUNK_SIZE:
        return malformed("A chunk of the body has no valid size."_L1);
    default:
        return malformed("The request is not HTTP/1.1 by the letter."_L1);
    }
}

} // namespace

/// The callbacks of llhttp, and the one settings object that all parsers share.
struct RequestParser::Callbacks {
    static RequestParser &self(llhttp_t *parser)
    {
        return *static_cast<RequestParser *>(parser->data);
    }
    static int onHeadersComplete(llhttp_t *parser)
    {
        self(parser).m_isHeadComplete = true;
        return HPE_PAUSED;
    }
    static int onBody(llhttp_t *parser, const char *data, std::size_t size)
    {
        return self(parser).appendBody({data, static_cast<qsizetype>(size)});
    }
    static int onChunk(llhttp_t *parser)
    {
        return self(parser).noteChunk();
    }
    static int onExtension(llhttp_t *parser, const char *, std::size_t size)
    {
        return self(parser).noteExtension(static_cast<qsizetype>(size));
    }
    static int onMessageComplete(llhttp_t *parser)
    {
        self(parser).m_isMessageComplete = true;
        return HPE_PAUSED;
    }

    static const llhttp_settings_t *settings()
    {
        static const llhttp_settings_t shared = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_headers_complete = &onHeadersComplete;
            made.on_body = &onBody;
            made.on_chunk_header = &onChunk;
            made.on_chunk_extension_name = &onExtension;
            made.on_chunk_extension_value = &onExtension;
            made.on_message_complete = &onMessageComplete;
            return made;
        }();
        return &shared;
    }
};

RequestParser::RequestParser(const EdgeSettings &settings)
    : m_settings(settings)
{
    llhttp_init(&m_parser, HTTP_REQUEST, Callbacks::settings());
    m_parser.data = this;
}

RequestParser::Step RequestParser::feed(QByteArrayView bytes)
{
    qsizetype consumed = 0;
    if (m_stage != Stage::Body) {
        const Step head = feedHead(bytes);
        if (m_stage != Stage::Body || head.progress != Progress::NeedsMore
            || head.consumed == bytes.size()) {
            return head;
        }
        consumed = head.consumed;
    }
    const Step body = feedBody(bytes.sliced(consumed));
    return {body.progress, body.consumed + consumed};
}

RequestParser::Step RequestParser::feedHead(QByteArrayView bytes)
{
    // llhttp skips empty lines before a request. Behind a body they are how requests get smuggled,
    // and no client of this century sends them.
    if (m_stage == Stage::Idle && !bytes.isEmpty()
        && (bytes.front() == '\r' || bytes.front() == '\n')) {
        return refuse(malformed("A request must not begin with an empty line."_L1), 0);
    }
    const qsizetype room = m_settings.maxHeadBytes - m_request.head.size();
    const QByteArrayView part = bytes.first(std::min(room, bytes.size()));
    const llhttp_errno_t error = llhttp_execute(&m_parser, part.data(),
                                                static_cast<std::size_t>(part.size()));
    const qsizetype used = error == HPE_OK ? part.size()
                                           : llhttp_get_error_pos(&m_parser) - part.data();
    m_request.head.append(part.first(used));
    m_stage = m_request.head.isEmpty() ? Stage::Idle : Stage::Head;
    if (m_isHeadComplete) {
        return finishHead(used);
    }
    if (isTargetTooLong()) {
        return refuse(refusals::uriTooLong, used);
    }
    if (error != HPE_OK) {
        return refuse(refusalOf(m_parser, used < part.size() ? part[used] : '\0'), used);
    }
    if (isHttp09()) {
        return refuse(malformed("The request line has no HTTP version."_L1), used);
    }
    if (m_request.head.size() >= m_settings.maxHeadBytes) {
        return refuse(refusals::headTooLarge, used);
    }
    return {Progress::NeedsMore, used};
}

RequestParser::Step RequestParser::finishHead(qsizetype consumed)
{
    const auto facts = readHead(m_request);
    if (!facts) {
        return refuse(facts.error(), consumed);
    }
    m_facts = *facts;
    const qsizetype mark = m_request.query.isEmpty() ? 0 : 1;
    if (m_request.path.size() + mark + m_request.query.size() > m_settings.maxUrlBytes) {
        return refuse(refusals::uriTooLong, consumed);
    }
    if (m_request.fields.size() > static_cast<std::size_t>(m_settings.maxHeaderFields)) {
        return refuse(refusals::tooManyFields, consumed);
    }
    if (!agreesWithFraming()) {
        return refuse(malformed("The length of the body is ambiguous."_L1), consumed);
    }
    if (m_facts.contentLength > m_settings.maxBodyBytes) {
        return refuse(refusals::bodyTooLarge, consumed);
    }
    m_keepsAlive = !m_facts.isHttp10 && llhttp_should_keep_alive(&m_parser) != 0;
    m_parser.upgrade = 0; // An offer of h2c is not taken up: what follows is the body.
    if (!m_facts.hasBody()) {
        return {Progress::Complete, consumed};
    }
    m_stage = Stage::Body;
    m_request.body.reserve(std::min(m_facts.contentLength, firstBodyBytes) + ports::bodyPadding);
    llhttp_resume(&m_parser);
    return {Progress::NeedsMore, consumed};
}

bool RequestParser::agreesWithFraming() const
{
    const bool isChunked = (m_parser.flags & F_CHUNKED) != 0;
    return isChunked == m_facts.isChunked
        && m_parser.content_length == static_cast<std::uint64_t>(m_facts.contentLength);
}

bool RequestParser::isTargetTooLong() const
{
    const qsizetype longestLine = m_settings.maxUrlBytes + requestLineOverhead;
    const QByteArrayView head = m_request.head;
    return head.size() > longestLine && !head.first(longestLine).contains('\n');
}

/// llhttp takes a request line without a version for HTTP/0.9, and then waits for headers.
bool RequestParser::isHttp09() const
{
    return m_parser.http_major == 0 && m_request.head.contains('\n');
}

RequestParser::Step RequestParser::feedBody(QByteArrayView bytes)
{
    m_dataEnd = bytes.data();
    const llhttp_errno_t error = llhttp_execute(&m_parser, bytes.data(),
                                                static_cast<std::size_t>(bytes.size()));
    const char *end = error == HPE_OK ? bytes.data() + bytes.size()
                                      : llhttp_get_error_pos(&m_parser);
    const qsizetype used = end - bytes.data();
    m_overhead += end - m_dataEnd;
    const bool isTooMuch = m_overhead > m_settings.maxHeadBytes;
    if (m_isMessageComplete && !isTooMuch) {
        return {Progress::Complete, used};
    }
    // llhttp hands on what a callback for bytes returns, and has a code of its own for the others.
    if (error == HPE_USER || error == HPE_CB_CHUNK_HEADER) {
        return refuse(m_refusal, used);
    }
    if (isTooMuch) {
        return refuse(refusals::headTooLarge, used);
    }
    if (error != HPE_OK) {
        return refuse(refusalOf(m_parser, '\0'), used);
    }
    return {Progress::NeedsMore, used};
}

RequestParser::Step RequestParser::refuse(const Refusal &refusal, qsizetype consumed)
{
    m_refusal = refusal;
    return {Progress::Refused, consumed};
}

int RequestParser::appendBody(QByteArrayView bytes)
{
    if (m_request.body.size() + bytes.size() > m_settings.maxBodyBytes) {
        m_refusal = refusals::bodyTooLarge;
        return HPE_USER;
    }
    m_request.body.append(bytes);
    m_dataEnd = bytes.data() + bytes.size();
    m_overhead = 0;
    return HPE_OK;
}

int RequestParser::noteChunk()
{
    const auto room = static_cast<std::uint64_t>(m_settings.maxBodyBytes - m_request.body.size());
    if (m_parser.content_length > std::numeric_limits<std::int64_t>::max()) {
        // A number that others would take for a negative one is no honest size.
        m_refusal = malformed("A chunk of the body has no valid size."_L1);
        return HPE_USER;
    }
    if (m_parser.content_length > room) {
        m_refusal = refusals::bodyTooLarge;
        return HPE_USER;
    }
    return HPE_OK;
}

int RequestParser::noteExtension(qsizetype size)
{
    m_extensionBytes += size;
    m_overhead -= size; // They have this limit of their own.
    if (m_extensionBytes > mostExtensionBytes) {
        m_refusal = malformed("The chunk extensions are larger than this gateway takes."_L1);
        return HPE_USER;
    }
    return HPE_OK;
}

ports::HttpRequest RequestParser::takeRequest()
{
    if (m_request.body.capacity() < m_request.body.size() + ports::bodyPadding) {
        m_request.body.reserve(m_request.body.size() + ports::bodyPadding);
    }
    llhttp_reset(&m_parser);
    m_overhead = 0;
    m_extensionBytes = 0;
    m_stage = Stage::Idle;
    m_isHeadComplete = false;
    m_isMessageComplete = false;
    return std::exchange(m_request, {});
}

} // namespace delta::http
