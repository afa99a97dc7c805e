#include "gateway/ledger/journal_record.h"

#include "gateway/ledger/crc32c.h"

#include <cstddef>
#include <cstring>

namespace delta::ledger {

RecordHeader makeRecordHeader(RecordType type, QByteArrayView payload)
{
    RecordHeader header;
    header.length = static_cast<std::uint32_t>(payload.size());
    header.type = static_cast<std::uint8_t>(type);
    char bytes[offsetof(RecordHeader, checksum)];
    std::memcpy(bytes, &header, sizeof bytes);
    header.checksum = crc32c(crc32c(0, QByteArrayView(bytes, sizeof bytes)), payload);
    return header;
}

std::uint32_t placedChecksum(std::uint32_t checksum, std::uint64_t offset)
{
    char bytes[sizeof offset];
    std::memcpy(bytes, &offset, sizeof bytes);
    return crc32c(checksum, QByteArrayView(bytes, sizeof bytes));
}

} // namespace delta::ledger
