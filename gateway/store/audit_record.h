#pragma once

#include "shared/models/audit_event.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QCryptographicHash>
#include <QSqlQuery>
#include <QtTypes>
#include <QVariantList>

#include <functional>

namespace delta::store {

/// Computes the MAC of some bytes with a key that the database does not have: 32 bytes. Safe from any thread.
using AuditMac = std::function<QByteArray(QByteArrayView bytes)>;

/// The end of a chain: the sequence of its last record, zero where there is none yet, and its hash in hex.
struct AuditLink {
    qint64 sequence = 0;
    QByteArray hash = QByteArray(64, '0');

    bool operator==(const AuditLink &) const = default;
};

/// How the columns of audit_events stand in audit/insert and audit/select_all: the numbers `format`, `sequence`,
/// `occurred_at`, `config_version`, then texts. The hash is over all of these; hash and mac follow.
inline constexpr int auditFormat = 1;
inline constexpr int auditNumbers = 4;
inline constexpr int auditHashedColumns = 21;
inline constexpr int auditHashColumn = 21;
inline constexpr int auditMacColumn = 22;

/// Computes the hash of a record: SHA-256 of these bytes, one after another. The 32 bytes of the hash of the record
/// before, of zeros for the first; the 14 letters `deltallm-audit`; each hashed column in order, a number as its 8 bytes
/// in two's complement, a text as the number of its bytes, likewise, and its UTF-8. All numbers begin with their highest
/// byte. The first of them is the format, so that another one can never be taken for this.
class AuditHash
{
public:
    /// `previous` is the hash of the record before, in hex.
    explicit AuditHash(QByteArrayView previous);

    void number(qint64 value);
    void text(QByteArrayView utf8);
    /// Returns the hash, in hex.
    [[nodiscard]] QByteArray result() const;

private:
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

/// Returns the event as it can be stored: texts that the database can hold, cut to 256 bytes, and objects without
/// secrets. An object of more than 64 KiB becomes one that says how long it was, and its SHA-256.
[[nodiscard]] AuditEvent storable(AuditEvent event);

/// Sets sequence, hash and MAC of an event that is to follow a record. Returns all columns.
[[nodiscard]] QVariantList chained(AuditEvent &event, const AuditLink &previous,
                                   const AuditMac &mac);

/// Returns the MAC of a record's hash; both in hex.
[[nodiscard]] QByteArray recordMac(const AuditMac &mac, const QByteArray &hash);
/// Returns the MAC that a floor has, in hex: nobody else may say where the log begins.
[[nodiscard]] QByteArray floorMac(const AuditMac &mac, const AuditLink &floor);

/// Reads a row of all columns.
[[nodiscard]] AuditEvent auditEventOf(const QSqlQuery &row);

} // namespace delta::store
