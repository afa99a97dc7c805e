#include "gateway/telemetry/journal_target.h"

#include "gateway/telemetry/log_text.h"

// Without this, the call would add the place of this very line to every record.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <vector>

namespace delta::telemetry {

std::size_t JournalTarget::write(std::span<const LogRecord> records)
{
    std::size_t lost = 0;
    for (const LogRecord &record : records) {
        QByteArrayList fields = journalFields(record);
        std::vector<iovec> parts;
        for (QByteArray &field : fields) {
            parts.push_back({field.data(), static_cast<std::size_t>(field.size())});
        }
        lost += ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) < 0 ? 1 : 0;
    }
    return lost;
}

} // namespace delta::telemetry
