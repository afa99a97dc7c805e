#include "gateway/http/transport/request_head.h"

#include "gateway/http/transport/host_rules.h"

#include <algorithm>
#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::http {

namespace {

using Outcome = std::optional<Refusal>;

constexpr std::array<QByteArrayView, 7> methods{"GET",   "HEAD",   "POST",   "PUT",
                                                "PATCH", "DELETE", "OPTIONS"};

bool equals(QByteArrayView text, QByteArrayView lower)
{
    return text.compare(lower, Qt::CaseInsensitive) == 0;
}

/// Visible ASCII but '#': what a request target may consist of. Stricter than most, on purpose:
/// a byte that one side drops or decodes makes two sides see two paths.
bool isTarget(QByteArrayView text)
{
    return !text.isEmpty()
        && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

/// Reads one head, line by line. The fields that frame the message may each occur once.
class HeadReader
{
public:
    explicit HeadReader(ports::HttpRequest &request)
        : m_request(request)
    {
    }

    Outcome read()
    {
        QByteArrayView rest = m_request.head;
        if (Outcome refusal = readRequestLine(takeLine(rest))) {
            return refusal;
        }
        m_request.fields.reserve(16);
        for (QByteArrayView line = takeLine(rest); !line.isEmpty(); line = takeLine(rest)) {
            if (Outcome refusal = readField(line)) {
                return refusal;
            }
        }
        if (Outcome refusal = checkTarget()) {
            return refusal;
        }
        return checkFraming();
    }

    [[nodiscard]] const HeadFacts &facts() const
    {
        return m_facts;
    }

private:
    static QByteArrayView takeLine(QByteArrayView &rest)
    {
        const qsizetype end = rest.indexOf('\n');
        if (end < 1) {
            return {};
        }
        const QByteArrayView line = rest.first(end - 1); // llhttp saw the CR before the LF.
        rest = rest.sliced(end + 1);
        return line;
    }

    Outcome readRequestLine(QByteArrayView line)
    {
        const qsizetype first = line.indexOf(' ');
        const qsizetype last = line.lastIndexOf(' ');
        if (first <= 0 || last <= first) {
            return malformed("The request line is not 'METHOD TARGET HTTP/1.1'."_L1);
        }
        m_request.method = line.first(first);
        m_target = line.sliced(first + 1, last - first - 1);
        const QByteArrayView version = line.sliced(last + 1);
        m_facts.isHttp10 = version == "HTTP/1.0";
        if (!m_facts.isHttp10 && version != "HTTP/1.1") {
            return refusals::unknownVersion;
        }
        if (std::ranges::find(methods, m_request.method) == methods.end()) {
            return refusals::unknownMethod;
        }
        m_facts.isHead = m_request.method == "HEAD";
        return std::nullopt;
    }

    Outcome readField(QByteArrayView line)
    {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0) {
            return malformed("A header line has no name."_L1);
        }
        const QByteArrayView name = line.first(colon);
        const QByteArrayView value = line.sliced(colon + 1).trimmed();
        m_request.fields.emplace_back(name, value);
        switch (name.size()) { // The length alone tells apart nearly all fields.
        case 4:
            return equals(name, "host") ? noteHost(value) : std::nullopt;
        case 6:
            return equals(name, "expect") ? noteExpect(value) : std::nullopt;
        case 7:
            return equals(name, "upgrade") ? noteUpgrade(value) : std::nullopt;
        case 12:
            return equals(name, "x-request-id") ? noteRequestId(value) : std::nullopt;
        case 14:
            return equals(name, "content-length") ? noteLength(value) : std::nullopt;
        case 17:
            return equals(name, "transfer-encoding") ? noteCoding(value) : std::nullopt;
        default:
            return std::nullopt;
        }
    }

    Outcome noteHost(QByteArrayView value)
    {
        if (m_host) {
            return malformed("There is more than one Host header."_L1);
        }
        if (!isHostAndPort(value)) {
            return malformed("The Host header is not a host and port."_L1);
        }
        m_host = value;
        return std::nullopt;
    }

    Outcome noteExpect(QByteArrayView value)
    {
        if (!equals(value, "100-continue")) {
            return refusals::unknownExpectation;
        }
        m_facts.expectsContinue = true;
        return std::nullopt;
    }

    /// Java's HttpClient offers h2c on every plain connection; a server may go on in HTTP/1.1.
    static Outcome noteUpgrade(QByteArrayView value)
    {
        return equals(value, "h2c") ? std::nullopt : Outcome(refusals::upgrade);
    }

    Outcome noteRequestId(QByteArrayView value)
    {
        constexpr qsizetype longest = 128;
        const auto isPlain = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                || QByteArrayView("._:-").contains(c);
        };
        if (value.size() <= longest && std::ranges::all_of(value, isPlain)) {
            m_request.clientId = value.toByteArray();
        }
        return std::nullopt;
    }

    Outcome noteLength(QByteArrayView value)
    {
        constexpr qsizetype mostDigits = 18; // Everything of that length fits a qint64.
        const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
        if (m_hasLength) {
            return malformed("There is more than one Content-Length header."_L1);
        }
        if (value.isEmpty() || value.size() > mostDigits || !std::ranges::all_of(value, isDigit)) {
            return malformed("The Content-Length header is not a number of bytes."_L1);
        }
        m_hasLength = true;
        m_facts.contentLength = value.toLongLong();
        return std::nullopt;
    }

    Outcome noteCoding(QByteArrayView value)
    {
        if (m_facts.isChunked || !equals(value, "chunked")) {
            return malformed("The only Transfer-Encoding that this gateway takes is 'chunked'."_L1);
        }
        m_facts.isChunked = true;
        return std::nullopt;
    }

    Outcome checkTarget()
    {
        if (!isTarget(m_target)) {
            return malformed("The request target has a character that must be percent-encoded."_L1);
        }
        if (!m_target.startsWith('/')) {
            if (Outcome refusal = stripAuthority()) {
                return refusal;
            }
        }
        const qsizetype mark = m_target.indexOf('?');
        m_request.path = mark < 0 ? m_target : m_target.first(mark);
        m_request.query = mark < 0 ? QByteArrayView() : m_target.sliced(mark + 1);
        return std::nullopt;
    }

    /// Takes "http://host/path" only if Host says the same: otherwise two sides may see two hosts.
    Outcome stripAuthority()
    {
        QByteArrayView rest = m_target;
        for (const QByteArrayView scheme :
             {QByteArrayView("http://"), QByteArrayView("https://")}) {
            if (rest.first(std::min(scheme.size(), rest.size()))
                    .compare(scheme, Qt::CaseInsensitive)
                == 0) {
                rest = rest.sliced(scheme.size());
                const qsizetype slash = rest.indexOf('/');
                if (slash > 0 && m_host
                    && rest.first(slash).compare(*m_host, Qt::CaseInsensitive) == 0) {
                    m_target = rest.sliced(slash);
                    return std::nullopt;
                }
            }
        }
        return malformed(
            "The request target is neither a path nor a URL of the Host header's host."_L1);
    }

    [[nodiscard]] Outcome checkFraming() const
    {
        if (!m_host && !m_facts.isHttp10) {
            return malformed("The Host header is missing."_L1);
        }
        if (m_facts.isChunked && m_hasLength) {
            return malformed("Content-Length and Transfer-Encoding exclude each other."_L1);
        }
        if (m_facts.isChunked && m_facts.isHttp10) {
            return malformed("HTTP/1.0 has no Transfer-Encoding."_L1);
        }
        return std::nullopt;
    }

    ports::HttpRequest &m_request;
    HeadFacts m_facts;
    QByteArrayView m_target;
    std::optional<QByteArrayView> m_host;
    bool m_hasLength = false;
};

} // namespace

std::expected<HeadFacts, Refusal> readHead(ports::HttpRequest &request)
{
    HeadReader reader(request);
    if (Outcome refusal = reader.read()) {
        return std::unexpected(*refusal);
    }
    return reader.facts();
}

} // namespace delta::http
