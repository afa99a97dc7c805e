#include "gateway/net/queued_mailer.h"

#include "gateway/net/back_off.h"
#include "gateway/net/mail_message.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace delta::net {

namespace {

Q_LOGGING_CATEGORY(lcMail, "delta.mail")

constexpr qsizetype idLength = 22;

} // namespace

QueuedMailer::QueuedMailer(MailerSettings settings, Parts parts, Patience patience)
    : m_settings(std::move(settings))
    , m_parts(parts)
    , m_patience(patience)
    , m_thread([this] { run(); })
{
}

QueuedMailer::QueuedMailer(MailerSettings settings, Parts parts)
    : QueuedMailer(std::move(settings), parts, Patience())
{
}

QueuedMailer::~QueuedMailer()
{
    finish();
}

bool QueuedMailer::post(ports::Mail mail)
{
    if (!isMailAddress(QString::fromUtf8(mail.to))) {
        return false;
    }
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isFinishing || m_waiting.size() >= m_patience.mostWaiting) {
            return false;
        }
        m_waiting.push_back({std::move(mail), "letter_" + randomText(m_parts.random, idLength),
                             m_parts.clock.steady()});
    }
    m_changed.notify_all();
    return true;
}

void QueuedMailer::run()
{
    const SideCaller caller({.caFile = m_settings.caFile}, m_abort.get_token());
    while (std::optional<Letter> letter = next()) {
        deliver(*std::move(letter), caller);
    }
    const std::scoped_lock lock(m_mutex);
    m_isOver = true;
    m_changed.notify_all();
}

std::optional<QueuedMailer::Letter> QueuedMailer::next()
{
    std::unique_lock lock(m_mutex);
    while (!m_abort.stop_requested()) {
        const auto first = std::ranges::min_element(m_waiting, {}, &Letter::due);
        if (first == m_waiting.end()) {
            if (m_isFinishing) {
                return std::nullopt;
            }
            m_changed.wait(lock);
            continue;
        }
        const auto pause = first->due - m_parts.clock.steady();
        if (pause <= pause.zero() || m_isFinishing) {
            Letter letter = std::move(*first);
            m_waiting.erase(first);
            return letter;
        }
        m_changed.wait_for(lock, pause);
    }
    return std::nullopt;
}

QByteArray QueuedMailer::written(const Letter &letter) const
{
    return MailMessage{.from = m_settings.from,
                       .to = {{{}, letter.mail.to}},
                       .subject = letter.mail.subject,
                       .text = letter.mail.text,
                       .date = m_parts.clock.wall(),
                       .id = letter.id}
        .toBytes();
}

void QueuedMailer::deliver(Letter letter, const SideCaller &caller)
{
    const SideCaller::Outcome sent = caller.mail({m_settings.server,
                                                  m_settings.from.address,
                                                  {'<' + letter.mail.to + '>'},
                                                  written(letter)});
    if (!sent) {
        tryLater(std::move(letter), sent.error().reason);
    }
}

/// Mail servers log the id of a message as well, so that what became of it can be followed there.
void QueuedMailer::tryLater(Letter letter, const QString &reason)
{
    ++letter.attempts;
    const std::scoped_lock lock(m_mutex);
    const bool isLost = m_isFinishing || letter.attempts >= m_patience.mostAttempts;
    qCWarning(lcMail, "a letter has not been taken%s: %s, attempt %d: %ls",
              isLost ? ", and is lost" : "", letter.id.constData(), letter.attempts,
              qUtf16Printable(reason));
    if (!isLost) {
        letter.due = m_parts.clock.steady()
            + backOff(letter.attempts, m_parts.random, m_patience.firstPause);
        m_waiting.push_back(std::move(letter));
    }
}

void QueuedMailer::finish()
{
    if (!m_thread.joinable()) {
        return;
    }
    std::unique_lock lock(m_mutex);
    m_isFinishing = true;
    m_changed.notify_all();
    m_changed.wait_for(lock, m_patience.atTheEnd, [this] { return m_isOver; });
    m_abort.request_stop();
    lock.unlock();
    m_thread.join();
    if (!m_waiting.empty()) {
        qCWarning(lcMail, "%lld letters are lost that the mail server had no time for",
                  static_cast<long long>(m_waiting.size()));
    }
}

} // namespace delta::net
