#include "gateway/store/audit_trail.h"

#include "gateway/store/database.h"
#include "gateway/store/driver.h"
#include "gateway/store/transaction.h"

#include <QString>

#include <optional>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr int portion = 1000;

/// Keeps others from changing the log until the transaction ends, and returns its end.
Result<AuditLink> lockHead(Database &database)
{
    std::optional<AuditLink> head;
    TRY_VOID(database.each("audit/lock_head"_L1, {}, [&head](const QSqlQuery &row) {
        head = {row.value(0).toLongLong(), row.value(1).toString().toLatin1()};
    }));
    return head ? Result<AuditLink>(*head)
                : failure(databaseUnavailable(u"the row of audit_head is gone"_s));
}

/// What there is to remove.
struct Oldest {
    AuditLink floor; ///< The last of it.
    int count = 0;
    bool isCut = false; ///< A younger one follows.
};

Result<Oldest> olderThan(Database &database, WallTime before)
{
    Oldest oldest;
    TRY_VOID(
        database.each("audit/select_oldest"_L1, {portion}, [&oldest, before](const QSqlQuery &row) {
            oldest.isCut = oldest.isCut
                || row.value(1).toLongLong() >= before.time_since_epoch().count();
            if (!oldest.isCut) {
                oldest.floor = {row.value(0).toLongLong(), row.value(2).toString().toLatin1()};
                ++oldest.count;
            }
        }));
    return oldest;
}

} // namespace

AuditTrail::AuditTrail(Database &database, AuditMac mac)
    : m_database(database)
    , m_mac(std::move(mac))
{
}

Result<AuditEvent> AuditTrail::append(AuditEvent event)
{
    event = storable(std::move(event));
    TRY(const AuditLink head, lockHead(m_database));
    const QVariantList columns = chained(event, head, m_mac);
    TRY_VOID(m_database.run("audit/insert"_L1, columns));
    TRY_VOID(
        m_database.run("audit/update_head"_L1, {event.sequence, QString::fromLatin1(event.hash)}));
    return event;
}

Result<bool> AuditTrail::removeBefore(WallTime before)
{
    TRY(Transaction transaction, Transaction::begin(m_database));
    TRY_VOID(lockHead(m_database));
    TRY(const Oldest oldest, olderThan(m_database, before));
    if (oldest.count == 0) {
        return false;
    }
    const AuditLink &floor = oldest.floor;
    TRY_VOID(m_database.run("audit/update_floor"_L1,
                            {floor.sequence, QString::fromLatin1(floor.hash),
                             QString::fromLatin1(floorMac(m_mac, floor))}));
    TRY_VOID(m_database.run("audit/delete_oldest"_L1, {floor.sequence}));
    TRY_VOID(transaction.commit());
    return !oldest.isCut && oldest.count == portion;
}

} // namespace delta::store
