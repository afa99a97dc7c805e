#pragma once

#include "gateway/ledger/journal_disk.h"

namespace delta::ledger {

/// The real disk.
class SystemDisk final : public JournalDisk
{
public:
    [[nodiscard]] std::expected<int, std::error_code> create(const QByteArray &path) override;
    [[nodiscard]] std::error_code allocate(int fd, qint64 bytes) override;
    [[nodiscard]] std::error_code sync(int fd) override;
    [[nodiscard]] std::error_code syncDirectory(const QByteArray &path) override;
    [[nodiscard]] std::error_code rename(const QByteArray &from, const QByteArray &to) override;
    [[nodiscard]] std::error_code truncate(const QByteArray &path, qint64 bytes) override;
    [[nodiscard]] std::error_code remove(const QByteArray &path) override;
};

} // namespace delta::ledger
