#include "gateway/store/audit_verification.h"

#include "gateway/store/database.h"
#include "gateway/store/transaction.h"

#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Goes along the chain, from the floor on, until something is wrong.
class Walk
{
public:
    Walk(const AuditMac &mac, const NextCheckpoint &next)
        : m_mac(mac)
        , m_next(next)
        , m_checkpoint(next())
    {
    }

    void begin(const AuditLink &floor, const QByteArray &mac)
    {
        m_found.floor = m_found.last = floor;
        const bool isGood = floor.sequence == 0 ? floor == AuditLink() && mac.isEmpty()
                                                : mac == floorMac(m_mac, floor);
        if (!isGood) {
            blame(floor.sequence, u"no gateway has moved the beginning of the log there"_s);
        }
        while (m_checkpoint && m_checkpoint->sequence < floor.sequence) {
            m_checkpoint = m_next();
        }
        compareCheckpoints(floor);
    }
    /// Takes the next row of audit/select_all.
    void step(const PlainRow &row)
    {
        if (m_found.fault) {
            return;
        }
        const AuditLink link{row.number(1).value_or(0), row.bytes(auditHashColumn).toByteArray()};
        checkSequence(link.sequence);
        if (hashOf(row) != link.hash) {
            blame(
                link.sequence,
                u"it was changed, or does not follow the one before: its hash is not that of what it says"_s);
        }
        if (row.bytes(auditMacColumn) != recordMac(m_mac, link.hash)) {
            blame(link.sequence, u"no gateway with this pepper has written it: its MAC is wrong"_s);
        }
        compareCheckpoints(link);
        if (!m_found.fault) {
            m_found.last = link;
        }
    }
    AuditVerification end(const AuditLink &head)
    {
        const qint64 next = m_found.last.sequence + 1;
        if (head.sequence > m_found.last.sequence) {
            blame(next, missing(next, head.sequence));
        }
        if (head != m_found.last) {
            blame(m_found.last.sequence,
                  u"the end of the log, as audit_head notes it, is another"_s);
        }
        if (m_checkpoint) {
            blame(next, missing(next, m_checkpoint->sequence) + u", as a checkpoint shows"_s);
        }
        return std::move(m_found);
    }

private:
    static QString missing(qint64 first, qint64 last)
    {
        return first == last ? u"it is missing"_s
                             : u"it is missing, and so are all up to %1"_s.arg(last);
    }
    /// Only the first thing that is wrong is told.
    void blame(qint64 sequence, const QString &what)
    {
        if (!m_found.fault) {
            m_found.fault = {sequence, what};
        }
    }
    void checkSequence(qint64 sequence)
    {
        const qint64 expected = m_found.last.sequence + 1;
        if (sequence > expected) {
            blame(expected, missing(expected, sequence - 1));
        }
        if (sequence < expected) {
            blame(sequence, u"it lies before the beginning of the log"_s);
        }
    }
    [[nodiscard]] QByteArray hashOf(const PlainRow &row) const
    {
        AuditHash hash(m_found.last.hash);
        for (int column = 0; column < auditHashedColumns; ++column) {
            if (column < auditNumbers) {
                hash.number(row.number(column).value_or(0));
            } else {
                hash.text(row.bytes(column));
            }
        }
        return hash.result();
    }
    void compareCheckpoints(const AuditLink &link)
    {
        for (; m_checkpoint && m_checkpoint->sequence <= link.sequence; m_checkpoint = m_next()) {
            if (*m_checkpoint != link) {
                blame(link.sequence, u"it is not the record of which a checkpoint was made"_s);
            }
            ++m_found.checkpoints;
        }
    }

    const AuditMac &m_mac;
    const NextCheckpoint &m_next;
    std::optional<AuditLink> m_checkpoint; ///< The next to compare; absent: there is none any more.
    AuditVerification m_found;
};

AuditLink linkOf(const QSqlQuery &row)
{
    return {row.value(0).toLongLong(), row.value(1).toString().toLatin1()};
}

} // namespace

QString AuditVerification::toText() const
{
    QString text = floor.sequence == 0 ? u"%1 records are good"_s.arg(last.sequence)
                                       : u"%1 records are good; the log begins behind record %2"_s
                                             .arg(last.sequence - floor.sequence)
                                             .arg(floor.sequence);
    text += u"; %1 checkpoints agree.\n"_s.arg(checkpoints);
    return fault ? text + u"BROKEN  record %1: %2\n"_s.arg(fault->sequence).arg(fault->what)
                 : text + u"Nobody has changed the audit log.\n"_s;
}

Result<AuditVerification> verifyAudit(Database &database, const AuditMac &mac,
                                      const NextCheckpoint &next)
{
    // A gateway may be writing meanwhile: all that is compared must be of one moment.
    TRY(const Transaction moment, Transaction::beginReading(database));
    Walk walk(mac, next);
    AuditLink floor{-1, {}}; // No gateway would write it: a row that is gone is a fault.
    QByteArray floorProof;
    TRY_VOID(database.each("audit/select_floor"_L1, {}, [&](const QSqlQuery &row) {
        floor = linkOf(row);
        floorProof = row.value(2).toString().toLatin1();
    }));
    AuditLink head{-1, {}};
    TRY_VOID(database.each("audit/select_head"_L1, {},
                           [&head](const QSqlQuery &row) { head = linkOf(row); }));
    walk.begin(floor, floorProof);
    TRY_VOID(
        database.scan("audit/select_all"_L1, [&walk](const PlainRow &row) { walk.step(row); }));
    return walk.end(head);
}

} // namespace delta::store
