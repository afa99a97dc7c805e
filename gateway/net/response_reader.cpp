#include "gateway/net/response_reader.h"

#include "gateway/net/response_framing.h"

#include <span>
#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

/// More fields than this are an attack on our memory rather than a response.
constexpr std::size_t maxFields = 256;
/// Room that is made at once: more than most responses have.
constexpr std::size_t usualFields = 16;
constexpr int goOn = 0;
/// What on_headers_complete returns for a response without body, whatever its fields say.
constexpr int skipBody = 1;

void appendLowerCase(QByteArray &text, QByteArrayView more)
{
    const qsizetype before = text.size();
    text.append(more);
    for (char &letter : std::span(text.data() + before, static_cast<std::size_t>(more.size()))) {
        letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
    }
}

} // namespace

/// llhttp's callbacks. They are free functions to it; being a member class they reach the reader.
class ResponseReader::Callbacks
{
public:
    static const llhttp_settings_t &table()
    {
        static const llhttp_settings_t settings = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_message_begin = onBegin;
            made.on_header_field = onField;
            made.on_header_value = onValue;
            made.on_header_value_complete = onValueComplete;
            made.on_headers_complete = onHeadComplete;
            made.on_body = onBody;
            made.on_message_complete = onComplete;
            return made;
        }();
        return settings;
    }

private:
    static ResponseReader &reader(llhttp_t *parser)
    {
        return *static_cast<ResponseReader *>(parser->data);
    }

    static int onBegin(llhttp_t *parser)
    {
        ResponseReader &self = reader(parser);
        self.m_head.fields.clear();
        self.m_head.fields.reserve(usualFields);
        self.m_head.fields.emplace_back();
        return goOn;
    }

    static int onField(llhttp_t *parser, const char *at, size_t size)
    {
        ResponseReader &self = reader(parser);
        if (self.m_isHeadDone) {
            return goOn; // A trailer.
        }
        appendLowerCase(self.m_head.fields.back().first, {at, static_cast<qsizetype>(size)});
        return self.growHead(at + size);
    }

    static int onValue(llhttp_t *parser, const char *at, size_t size)
    {
        ResponseReader &self = reader(parser);
        if (self.m_isHeadDone) {
            return goOn;
        }
        self.m_head.fields.back().second.append(at, static_cast<qsizetype>(size));
        return self.growHead(at + size);
    }

    static int onValueComplete(llhttp_t *parser)
    {
        ResponseReader &self = reader(parser);
        if (self.m_isHeadDone) {
            return goOn;
        }
        QByteArray &value = self.m_head.fields.back().second;
        while (value.endsWith(' ') || value.endsWith('\t')) {
            value.chop(1); // llhttp skips the space before a value, but not that behind it.
        }
        if (self.m_head.fields.size() > maxFields) {
            return self.refuse(u"too many header fields"_s);
        }
        self.m_head.fields.emplace_back();
        return goOn;
    }

    static int onHeadComplete(llhttp_t *parser)
    {
        return reader(parser).takeHead();
    }

    static int onBody(llhttp_t *parser, const char *at, size_t size)
    {
        return reader(parser).takeBody({at, static_cast<qsizetype>(size)});
    }

    static int onComplete(llhttp_t *parser)
    {
        ResponseReader &self = reader(parser);
        if (!self.m_isHeadDone) {
            return goOn; // An interim response; the final one follows.
        }
        self.m_outcome = Outcome::Complete;
        return HPE_PAUSED;
    }
};

ResponseReader::ResponseReader(Listener &listener, qsizetype maxHeadBytes)
    : m_listener(listener)
    , m_maxHeadBytes(maxHeadBytes)
{
}

void ResponseReader::begin(Expected expected)
{
    llhttp_init(&m_parser, HTTP_RESPONSE, &Callbacks::table());
    m_parser.data = this;
    m_expected = expected;
    m_outcome = Outcome::Incomplete;
    m_framingBytes = 0;
    m_isHeadDone = false;
    m_isUntouched = true;
    m_isReusable = false;
    m_problem.clear();
}

ResponseReader::Outcome ResponseReader::read(QByteArrayView bytes)
{
    m_isUntouched = m_isUntouched && bytes.isEmpty();
    m_uncounted = bytes.data();
    note(llhttp_execute(&m_parser, bytes.data(), static_cast<std::size_t>(bytes.size())), bytes);
    if (m_outcome != Outcome::Incomplete) {
        return m_outcome;
    }
    m_framingBytes += bytes.end() - m_uncounted;
    if (m_framingBytes > m_maxHeadBytes) {
        refuse(m_isHeadDone ? u"more framing than body"_s : u"the head is too long"_s);
    }
    return m_outcome;
}

ResponseReader::Outcome ResponseReader::finish()
{
    if (!m_isUntouched && m_outcome == Outcome::Incomplete) {
        note(llhttp_finish(&m_parser), {});
    }
    m_isReusable = false;
    return m_outcome;
}

void ResponseReader::note(llhttp_errno error, QByteArrayView bytes)
{
    if (m_outcome == Outcome::Complete) {
        const bool isAllRead = llhttp_get_error_pos(&m_parser) == bytes.end();
        m_isReusable = isAllRead && llhttp_should_keep_alive(&m_parser) == 1;
        return;
    }
    if (error != HPE_OK && m_outcome == Outcome::Incomplete) {
        refuse(QString::fromLatin1(llhttp_get_error_reason(&m_parser)));
    }
}

int ResponseReader::refuse(const QString &problem)
{
    m_outcome = Outcome::Invalid;
    m_problem = problem;
    return HPE_USER;
}

int ResponseReader::growHead(const char *end)
{
    return m_framingBytes + (end - m_uncounted) > m_maxHeadBytes ? refuse(u"the head is too long"_s)
                                                                 : goOn;
}

int ResponseReader::takeHead()
{
    m_head.fields.pop_back(); // Kept ready for a field that did not come.
    m_head.status = m_parser.status_code;
    if (m_parser.http_major != 1 || m_parser.http_minor > 1) {
        return refuse(u"the HTTP version is not 1.0 or 1.1"_s);
    }
    if (m_parser.http_minor == 0 && !m_head.header("transfer-encoding").isNull()) {
        return refuse(u"Transfer-Encoding in HTTP/1.0"_s);
    }
    if (const auto problem = framingProblem(m_head)) {
        return refuse(*problem);
    }
    if (m_head.status < 200) {
        return skipBody;
    }
    m_isHeadDone = true;
    const bool isBodyless = m_expected == Expected::HeadOnly || m_head.status == 204
        || m_head.status == 304;
    if (m_listener.onHead(std::exchange(m_head, {})) == Listener::Verdict::Stop) {
        m_outcome = Outcome::Stopped;
        return HPE_USER;
    }
    return isBodyless ? skipBody : goOn;
}

int ResponseReader::takeBody(QByteArrayView piece)
{
    m_framingBytes = 0;
    m_uncounted = piece.end();
    if (m_listener.onBody(piece) == Listener::Verdict::Stop) {
        m_outcome = Outcome::Stopped;
        return HPE_USER;
    }
    return goOn;
}

} // namespace delta::net
