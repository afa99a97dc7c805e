#pragma once

#include "gateway/telemetry/log.h"
#include "gateway/telemetry/message_throttle.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QtLogging>

#include <mutex>

namespace delta::telemetry {

/// Routes what Qt's libraries and our own `delta.` categories say through qWarning() and the like
/// into the log, each text at most once per ten seconds: QtHttpServer repeats itself per request. At most one relay exists at a
/// time; the handler of before is back when it is gone.
class QtMessageRelay
{
public:
    QtMessageRelay(const Log &log, const Clock &clock);
    ~QtMessageRelay();
    QtMessageRelay(const QtMessageRelay &) = delete;
    QtMessageRelay &operator=(const QtMessageRelay &) = delete;

    /// Takes one message. Fatal ones are also written to stderr at once, because the process ends
    /// now.
    void relay(QtMsgType type, const QByteArray &category, const QByteArray &text);

private:
    const Log &m_log;
    const Clock &m_clock;
    std::mutex m_mutex; ///< Guards m_throttle.
    MessageThrottle m_throttle;
    QtMessageHandler m_previous = nullptr;
};

} // namespace delta::telemetry
