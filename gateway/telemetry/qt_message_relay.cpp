#include "gateway/telemetry/qt_message_relay.h"

#include "gateway/telemetry/log_text.h"

#include <unistd.h>

#include <shared_mutex>

namespace delta::telemetry {

namespace {

/// What our own folders without a Log of theirs say comes through Qt's categories, whole.
constexpr QByteArrayView ownCategories = "delta.";
/// Begins a line about one call. There is no flood of them, but one for a call, and nothing else says what
/// it says: it is never held back.
constexpr QByteArrayView aboutOneCall = "request_id=";

// Qt takes a plain function without context, so the relay in charge has to be found through these
// two.
std::shared_mutex inChargeMutex;
QtMessageRelay *inCharge = nullptr;

void handle(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    const std::shared_lock lock(inChargeMutex);
    if (inCharge != nullptr) {
        inCharge->relay(type, context.category, text.toUtf8());
    }
}

LogLevel levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return LogLevel::Debug;
    case QtInfoMsg:
        return LogLevel::Info;
    case QtWarningMsg:
        return LogLevel::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        return LogLevel::Error;
    }
    Q_UNREACHABLE_RETURN(LogLevel::Error);
}

} // namespace

QtMessageRelay::QtMessageRelay(const Log &log, const Clock &clock)
    : m_log(log)
    , m_clock(clock)
{
    const std::unique_lock lock(inChargeMutex);
    Q_ASSERT(inCharge == nullptr);
    inCharge = this;
    m_previous = qInstallMessageHandler(&handle);
}

QtMessageRelay::~QtMessageRelay()
{
    qInstallMessageHandler(m_previous);
    const std::unique_lock lock(inChargeMutex);
    inCharge = nullptr;
}

void QtMessageRelay::relay(QtMsgType type, const QByteArray &category, const QByteArray &text)
{
    std::optional<qint64> heldBack = 0;
    if (!text.startsWith(aboutOneCall)) {
        const std::scoped_lock lock(m_mutex);
        heldBack = m_throttle.admit(text, m_clock.steady());
    }
    if (!heldBack && type != QtFatalMsg) {
        return;
    }
    LogRecord record;
    record.level = levelOf(type);
    record.category = category.isEmpty() || category == "default" ? QByteArray("qt") : category;
    if (category.startsWith(ownCategories)) {
        record.message = text;
    } else {
        record.message = "Qt reports a problem.";
        record.fields.push_back({"text", text});
    }
    if (heldBack.value_or(0) > 0) {
        record.fields.push_back({"repeated", *heldBack});
    }
    if (type == QtFatalMsg) {
        record.time = m_clock.wall();
        const QByteArray line = textLine(record);
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(),
                                                         static_cast<std::size_t>(line.size()));
    }
    m_log.post(std::move(record));
}

} // namespace delta::telemetry
