#include "gateway/auth/jwt/jwks_source.h"

#include <QLoggingCategory>

#include <utility>

namespace delta::auth {

namespace {

Q_LOGGING_CATEGORY(lcJwks, "delta.auth")

} // namespace

JwksSource::JwksSource(Fetch fetch, const Clock &clock)
    : m_fetch(std::move(fetch))
    , m_clock(clock)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

JwksSource::~JwksSource() = default;

void JwksSource::askAnew()
{
    if (m_isAsked.exchange(true)) {
        return;
    }
    {
        const std::scoped_lock lock(m_mutex); // Or it could come just before the thread waits.
    }
    m_changed.notify_one();
}

void JwksSource::run(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        m_isAsked = false;
        m_schedule.begin(m_clock.steady());
        fetchOnce(stop);
        waitUntilDue(stop);
    }
}

void JwksSource::waitUntilDue(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        const bool isAsked = m_isAsked;
        if (isAsked) {
            m_schedule.wish();
        }
        const auto wait = m_schedule.waitFrom(m_clock.steady());
        if (wait <= wait.zero()) {
            return;
        }
        m_changed.wait_for(lock, stop, wait, [this, isAsked] { return m_isAsked && !isAsked; });
    }
}

void JwksSource::fetchOnce(const std::stop_token &stop)
{
    const auto taken = m_fetch(stop).and_then(
        [this](const QByteArray &document) { return take(document); });
    if (taken) {
        if (m_isTroubleLogged) {
            qCInfo(lcJwks, "the keys of the issuer of tokens are here again");
        }
        m_schedule.succeed();
    } else if (!stop.stop_requested()) {
        if (!m_isTroubleLogged) {
            qCWarning(lcJwks, "the keys of the issuer of tokens cannot be fetched: %ls",
                      qUtf16Printable(taken.error()));
        }
        m_schedule.fail();
    }
    m_isTroubleLogged = !taken;
}

std::expected<void, QString> JwksSource::take(const QByteArray &document)
{
    if (document == m_document) {
        return {};
    }
    return KeySet::parse(document).transform([this, &document](KeySet &&keys) {
        m_current.store(std::make_shared<const KeySet>(std::move(keys)), std::memory_order_release);
        m_document = document;
    });
}

} // namespace delta::auth
