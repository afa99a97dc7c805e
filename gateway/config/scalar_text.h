#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace delta::config {

/// Reads a whole number in decimal digits. "012" is refused: YAML 1.1 takes it for octal, people do
/// not.
[[nodiscard]] std::optional<qint64> parseInteger(QStringView text);

/// Reads true, yes, on, false, no or off, in any case.
[[nodiscard]] std::optional<bool> parseFlag(QStringView text);

/// Reads a duration: a number with the unit ms, s, m, h or d; seconds without unit. Decimals are
/// read exactly and must amount to whole milliseconds: "1.5m", "0.25", "300.0".
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(QStringView text);

/// Reads a number of bytes: a whole number, or one with the unit B, KiB, MiB, GiB.
[[nodiscard]] std::optional<qint64> parseBytes(QStringView text);

/// Writes a duration in its largest whole unit, e.g. "90s", "5m", "250ms".
[[nodiscard]] QString formatDuration(std::chrono::milliseconds duration);

/// Writes a number of bytes in its largest whole unit, e.g. "32MiB", "1500B".
[[nodiscard]] QString formatBytes(qint64 bytes);

} // namespace delta::config
