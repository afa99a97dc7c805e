#pragma once

#include "gateway/ledger/journal_record.h"
#include "shared/core/money.h"
#include "shared/models/spend_entry.h"
#include "shared/models/usage.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <cstdint>
#include <optional>

namespace delta::ledger {

/// What a running call has consumed so far, and what that costs.
struct CallProgress {
    Usage usage;
    Money cost;
};

/// The payload of a record while it is being written: on the stack, without allocation.
class RecordPayload
{
public:
    /// Writes the payload of an Open record.
    [[nodiscard]] static RecordPayload ofOpen(const SpendEntry &facts);
    /// Writes the payload of a Settle record of the call that was opened at `openOffset`.
    [[nodiscard]] static RecordPayload ofSettle(std::uint64_t openOffset, const SpendEntry &entry);
    [[nodiscard]] static RecordPayload ofProgress(std::uint64_t openOffset,
                                                  const CallProgress &progress);
    [[nodiscard]] static RecordPayload ofVoid(std::uint64_t openOffset);

    [[nodiscard]] QByteArrayView bytes() const
    {
        return {m_bytes.data(), m_size};
    }

private:
    RecordPayload() = default;
    template <typename Fill>
    [[nodiscard]] static RecordPayload filled(Fill fill);

    std::array<char, maxPayloadBytes> m_bytes;
    qsizetype m_size = 0;
};

/// How much longer a call's Settle record may be than its Open record: numbers that grew, and texts
/// that were still empty (the provider's side may change with a fallback).
inline constexpr qsizetype settleGrowth = 2048;

/// Returns the offset of the Open record that any other record belongs to.
[[nodiscard]] std::optional<std::uint64_t> openOffsetOf(const RecordView &record);
/// Reads the entry of an Open or Settle record. Nothing if the payload is not one: a bug, for the
/// checksum was right.
[[nodiscard]] std::optional<SpendEntry> entryOf(const RecordView &record);
[[nodiscard]] std::optional<CallProgress> progressOf(const RecordView &record);

} // namespace delta::ledger
