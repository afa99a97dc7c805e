#pragma once

#include <QByteArrayView>

#include <cstdint>

namespace delta::ledger {

/// What a record says about a call. Every call has one Open and, in the end, one Settle or Void.
enum class RecordType : std::uint8_t {
    Open = 1,     ///< The provider is about to be called; holds the call's facts and its estimate.
    Progress = 2, ///< The consumption of a running call so far.
    Settle = 3,   ///< The final entry. Its offset is the identity of the posting.
    Void = 4,     ///< Closes a call that must not be charged: damage hides whether it already was.
};

/// The head of a record as it lies in the file, little-endian. The payload follows; then zeros up
/// to a multiple of eight. `length` is written last, so a record whose writer was killed is never
/// seen.
struct RecordHeader {
    std::uint32_t length = 0;   ///< Bytes of payload; zero: no record here, the segment ends.
    std::uint8_t type = 0;      ///< RecordType.
    std::uint8_t flags = 0;     ///< Zero.
    std::uint16_t reserved = 0; ///< Zero.
    std::uint32_t checksum = 0; ///< CRC-32C of length, type, flags, reserved, payload and offset.
};

inline constexpr qsizetype recordHeaderBytes = 12;
static_assert(sizeof(RecordHeader) == recordHeaderBytes);
/// Longest payload that is written, and that a reader believes.
inline constexpr qsizetype maxPayloadBytes = 4096;

/// Returns what a record with this payload takes in the file.
[[nodiscard]] constexpr qsizetype recordBytes(qsizetype payloadBytes)
{
    return (recordHeaderBytes + payloadBytes + 7) & ~qsizetype(7);
}
inline constexpr qsizetype maxRecordBytes = recordBytes(maxPayloadBytes);

/// What this program writes: 2 since calls have organisations and tags. It reads all from 1 on.
inline constexpr std::uint32_t journalFormat = 2;

/// A record in a mapped segment. The payload lives as long as the segment.
struct RecordView {
    std::uint64_t offset = 0; ///< Place in the journal, counted over all segments that ever were.
    RecordType type = RecordType::Open;
    QByteArrayView payload;
    std::uint32_t format = journalFormat; ///< Of the file that it lies in.

    /// Returns the offset of what follows.
    [[nodiscard]] std::uint64_t end() const
    {
        return offset + static_cast<std::uint64_t>(recordBytes(payload.size()));
    }
};

/// Makes the header of a record; the checksum still lacks the offset.
[[nodiscard]] RecordHeader makeRecordHeader(RecordType type, QByteArrayView payload);

/// Completes a checksum with the place of the record, so that a copy elsewhere is not believed.
[[nodiscard]] std::uint32_t placedChecksum(std::uint32_t checksum, std::uint64_t offset);

} // namespace delta::ledger
