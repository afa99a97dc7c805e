#include "gateway/net/side_caller.h"

#include "gateway/net/curl_setup.h"
#include "shared/core/quoted.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *userAgent = "deltallm-gateway/" DELTA_VERSION;
/// As much of an answer as may help to understand a refusal.
constexpr qsizetype keptOfAnswer = 200;
/// An answer of more is none to a message.
constexpr qsizetype longestAnswer = 1 << 20;
constexpr long success = 200;
constexpr long beyondSuccess = 300;

struct HandleFreer {
    void operator()(CURL *handle) const
    {
        curl_easy_cleanup(handle);
    }
};

CurlList listOf(const QByteArrayList &lines)
{
    curl_slist *list = nullptr;
    for (const QByteArray &line : lines) {
        list = curl_slist_append(list, line.constData());
    }
    return CurlList(list);
}

/// Returns the lines of a head, without those that libcurl would add by itself.
QByteArrayList linesOf(const ports::HeaderList &fields)
{
    QByteArrayList lines{"Expect:", "Accept:"};
    for (const auto &[name, value] : fields) {
        lines.append(name + ": " + value);
    }
    return lines;
}

/// Says whether a value would be more than one field.
bool hasLineEnd(const ports::HeaderList &fields)
{
    return std::ranges::any_of(fields, [](const auto &field) {
        return field.second.contains('\r') || field.second.contains('\n')
            || field.second.contains('\0');
    });
}

/// One call of libcurl, from its options to its end.
class Transfer
{
public:
    Transfer(const SideCallSettings &settings, const std::stop_token &stop)
        : m_stop(stop)
        , m_handle(curl_easy_init())
    {
        if (!m_handle) {
            throw std::bad_alloc();
        }
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_ERRORBUFFER, m_message.data());
        set(CURLOPT_FOLLOWLOCATION, 0L);
        // An empty text also keeps libcurl from looking for a proxy in the environment.
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOPROXY, "*");
        set(CURLOPT_TIMEOUT_MS, long(settings.timeout.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS, long(settings.timeout.count()));
        set(CURLOPT_QUICK_EXIT, 1L);
        set(CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (!settings.caFile.isEmpty()) {
            set(CURLOPT_CAINFO, settings.caFile.constData());
            set(CURLOPT_CAPATH, static_cast<const char *>(nullptr));
        }
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Transfer::onProgress);
        set(CURLOPT_XFERINFODATA, this);
        set(CURLOPT_WRITEFUNCTION, &Transfer::onAnswer);
        set(CURLOPT_WRITEDATA, this);
    }

    template <typename Value>
    void set(CURLoption option, Value value)
    {
        curl_easy_setopt(m_handle.get(), option, value);
    }
    /// Speaks HTTP with the address.
    void useHttp(const Secret &url, curl_slist *fields)
    {
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_URL, url.reveal().constData());
        set(CURLOPT_USERAGENT, userAgent);
        set(CURLOPT_HTTPHEADER, fields);
    }
    /// Sends a body by POST, which must live as long.
    void post(const QByteArray &body)
    {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.size()));
        set(CURLOPT_POSTFIELDS, body.constData());
    }
    /// Keeps the whole answer instead of its beginning.
    void keepAnswer()
    {
        m_kept = longestAnswer;
        m_answer.reserve(longestAnswer);
    }
    /// Returns the answer, and forgets it.
    [[nodiscard]] Secret takeAnswer()
    {
        Secret taken(QByteArray(m_answer.constData(), m_answer.size()));
        wipe(m_answer);
        return taken;
    }
    /// Has the body of a mail read from `text`, which must live as long.
    void upload(const QByteArray &text)
    {
        m_unread = text;
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &Transfer::onWantBody);
        set(CURLOPT_READDATA, this);
        set(CURLOPT_INFILESIZE_LARGE, curl_off_t(text.size()));
    }
    /// Returns libcurl's failure; nothing if it had none.
    [[nodiscard]] std::optional<SideCallFailure> perform()
    {
        const CURLcode result = curl_easy_perform(m_handle.get());
        if (result == CURLE_OK) {
            return std::nullopt;
        }
        if (result == CURLE_ABORTED_BY_CALLBACK) {
            return SideCallFailure{u"it was cut short because the gateway stops"_s};
        }
        return SideCallFailure{describeFailure(result, m_message.data()).detail};
    }
    [[nodiscard]] long status() const
    {
        long status = 0;
        curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }
    [[nodiscard]] std::optional<std::chrono::seconds> retryAfter() const
    {
        curl_off_t seconds = 0;
        curl_easy_getinfo(m_handle.get(), CURLINFO_RETRY_AFTER, &seconds);
        return seconds > 0 ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
    }
    [[nodiscard]] const QByteArray &answer() const
    {
        return m_answer;
    }

private:
    static int onProgress(void *self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        return static_cast<Transfer *>(self)->m_stop.stop_requested() ? 1 : 0;
    }
    static size_t onAnswer(const char *piece, size_t, size_t size, void *self)
    {
        Transfer &transfer = *static_cast<Transfer *>(self);
        const auto count = static_cast<qsizetype>(size);
        transfer.m_received += count;
        transfer.m_answer.append(piece,
                                 std::min(count, transfer.m_kept - transfer.m_answer.size()));
        return transfer.m_received <= longestAnswer ? size : CURL_WRITEFUNC_ERROR;
    }
    static size_t onWantBody(char *buffer, size_t, size_t size, void *self)
    {
        Transfer &transfer = *static_cast<Transfer *>(self);
        const qsizetype count = std::min(static_cast<qsizetype>(size), transfer.m_unread.size());
        std::memcpy(buffer, transfer.m_unread.data(), static_cast<std::size_t>(count));
        transfer.m_unread = transfer.m_unread.sliced(count);
        return static_cast<size_t>(count);
    }

    const std::stop_token &m_stop;
    std::array<char, CURL_ERROR_SIZE> m_message{};
    QByteArray m_answer; ///< Its beginning.
    qsizetype m_kept = keptOfAnswer;
    qsizetype m_received = 0;
    QByteArrayView m_unread;
    std::unique_ptr<CURL, HandleFreer> m_handle; ///< Last: it writes into the others.
};

QByteArray addressOf(const MailServer &server, MailSecurity security)
{
    const bool isBare = server.host.contains(':') && !server.host.startsWith('[');
    return (security == MailSecurity::Tls ? "smtps://" : "smtp://")
        + (isBare ? '[' + server.host + ']' : server.host) + ':' + QByteArray::number(server.port);
}

} // namespace

SideCaller::Outcome SideCaller::post(const SidePost &post) const
{
    const CurlList fields = listOf(linesOf(post.fields));
    Transfer transfer(m_settings, m_stop);
    transfer.useHttp(post.url, fields.get());
    transfer.post(post.body);
    if (auto failure = transfer.perform()) {
        return std::unexpected(*std::move(failure));
    }
    const long status = transfer.status();
    if (status >= success && status < beyondSuccess) {
        return {};
    }
    const QString said = transfer.answer().isEmpty()
        ? QString()
        : u": "_s + quoted(QString::fromUtf8(transfer.answer()));
    return std::unexpected(
        SideCallFailure{u"it answered %1%2"_s.arg(status).arg(said), transfer.retryAfter()});
}

std::expected<SideAnswer, SideCallFailure> SideCaller::ask(const SideRequest &request) const
{
    if (hasLineEnd(request.fields)) {
        return std::unexpected(SideCallFailure{u"a field of its head would be two lines"_s});
    }
    const CurlList fields = listOf(linesOf(request.fields));
    Transfer transfer(m_settings, m_stop);
    transfer.keepAnswer();
    transfer.useHttp(request.url, fields.get());
    if (request.method == "POST") {
        transfer.post(request.body.reveal());
    }
    if (auto failure = transfer.perform()) {
        return std::unexpected(*std::move(failure));
    }
    return SideAnswer{static_cast<int>(transfer.status()), transfer.takeAnswer()};
}

SideCaller::Outcome SideCaller::mail(const SideMail &mail) const
{
    const MailSecurity security = securityOf(mail.server);
    const QByteArray address = addressOf(mail.server, security);
    const QByteArray from = '<' + mail.from + '>';
    const CurlList recipients = listOf(mail.to);
    Transfer transfer(m_settings, m_stop);
    transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer.set(CURLOPT_URL, address.constData());
    transfer.set(CURLOPT_USE_SSL,
                 long(security == MailSecurity::None ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    transfer.set(CURLOPT_MAIL_FROM, from.constData());
    transfer.set(CURLOPT_MAIL_RCPT, recipients.get());
    transfer.set(CURLOPT_MAIL_RCPT_ALLOWFAILS, 1L);
    if (!mail.server.user.isEmpty()) {
        transfer.set(CURLOPT_USERNAME, mail.server.user.constData());
        transfer.set(CURLOPT_PASSWORD, mail.server.password.reveal().constData());
    }
    transfer.upload(mail.message);
    if (auto failure = transfer.perform()) {
        return std::unexpected(*std::move(failure));
    }
    return {};
}

} // namespace delta::net
