#include "gateway/telemetry/log_target.h"

#include "gateway/telemetry/journal_target.h"
#include "gateway/telemetry/stream_target.h"

#include <sys/stat.h>

namespace delta::telemetry {

std::unique_ptr<LogTarget> makeLogTarget(LogSink sink, int descriptor)
{
    if (sink == LogSink::Auto) {
        sink = isJournalStream(descriptor, qgetenv("JOURNAL_STREAM")) ? LogSink::Journal
                                                                      : LogSink::Json;
    }
    switch (sink) {
    case LogSink::Journal:
        return std::make_unique<JournalTarget>();
    case LogSink::Text:
        return std::make_unique<StreamTarget>(descriptor, &textLine);
    case LogSink::Auto:
    case LogSink::Json:
        return std::make_unique<StreamTarget>(descriptor, &jsonLine);
    }
    Q_UNREACHABLE_RETURN(nullptr);
}

bool isJournalStream(int descriptor, QByteArrayView journalStream)
{
    struct stat facts{};
    if (journalStream.isEmpty() || ::fstat(descriptor, &facts) != 0) {
        return false;
    }
    return journalStream
        == QByteArray::number(qulonglong{facts.st_dev}) + ':'
        + QByteArray::number(qulonglong{facts.st_ino});
}

} // namespace delta::telemetry
