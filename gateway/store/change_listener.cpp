#include "gateway/store/change_listener.h"

#include "gateway/store/log.h"
#include "gateway/store/notified_connection.h"
#include "gateway/store/sql_text.h"

#include <pthread.h>

#include <optional>
#include <tuple>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds retryInterval{1};

} // namespace

ChangeListener::ChangeListener(Parts parts)
    : m_parts(std::move(parts))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
    ::pthread_setname_np(m_thread.native_handle(), "change-listener");
}

ChangeListener::~ChangeListener() = default;

void ChangeListener::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void ChangeListener::run(const std::stop_token &stop)
{
    Wakener wakener;
    const std::stop_callback wakes(stop, [&wakener] { wakener.wake(); });
    while (!stop.stop_requested()) {
        NotifiedConnection connection(m_parts.clock, wakener);
        const Result<void> opened = connection.open(
            m_parts.address, queryText("schema/listen"_L1, Dialect::PostgreSql));
        if (opened) {
            m_isLossLogged = false;
            m_isListening = true;
            listen(connection);
            m_isListening = false;
        } else if (!stop.stop_requested() && !std::exchange(m_isLossLogged, true)) {
            qCWarning(lcStore,
                      "the database cannot tell of changes, which are looked for instead: %ls",
                      qUtf16Printable(opened.error().detail));
        }
        std::ignore = waitFor(-1, 0, wakener, retryInterval);
    }
}

/// Passes on what the connection tells, until it is lost or nobody wants to hear it any more.
void ChangeListener::listen(NotifiedConnection &connection)
{
    bool hasNews = true; // What changed while nobody listened.
    while (true) {
        const SteadyTime now = m_parts.clock.steady();
        if (hasNews && now >= m_restsUntil) {
            tell();
            hasNews = false;
        }
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(m_restsUntil - now);
        const Result<Waited> waited = connection.waitForNews(hasNews ? std::optional(rest)
                                                                     : std::nullopt);
        if (!waited || *waited == Waited::Woken) {
            return;
        }
        const int count = connection.takeNotifications();
        m_notifications += count;
        hasNews = hasNews || count > 0;
    }
}

void ChangeListener::tell()
{
    m_restsUntil = m_parts.clock.steady() + m_parts.changed();
}

} // namespace delta::store
