#pragma once

#include <QByteArrayView>

#include <cstdint>

namespace delta::ledger {

/// Continues a CRC-32C (Castagnoli) over further bytes; begin with zero.
/// Uses the processor's own instruction where it has one, else a table: both give the same number.
/// Source: RFC 3720, appendix B.4.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t crc, QByteArrayView bytes);

/// The same by table alone, for processors without the instruction and for the test that compares
/// both.
[[nodiscard]] std::uint32_t crc32cByTable(std::uint32_t crc, QByteArrayView bytes);

} // namespace delta::ledger
