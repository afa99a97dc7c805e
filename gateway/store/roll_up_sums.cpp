#include "gateway/store/roll_up_sums.h"

#include "gateway/store/database.h"

#include <QStringList>
#include <QVariantList>

#include <chrono>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

CutRange CutRange::of(SlotRange hours)
{
    constexpr qint64 hoursPerDay = daySlot / hourSlot;
    const SlotRange days{(hours.from + hoursPerDay - 1) / hoursPerDay, hours.until / hoursPerDay};
    if (days.isEmpty()) {
        return {hours, {}, {}};
    }
    return {{hours.from, days.from * hoursPerDay}, days, {days.until * hoursPerDay, hours.until}};
}

QString refList(std::span<const qint64> refs)
{
    QStringList texts;
    for (const qint64 ref : refs) {
        texts.append(QString::number(ref));
    }
    return u'[' + texts.join(u',') + u']';
}

SpendTotals totalsOf(std::span<const qint64> sums)
{
    return {sums[0],
            {sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], sums[8]},
            std::chrono::microseconds(sums[9]),
            sums[10],
            sums[11],
            Money::fromNanos(sums[12]),
            sums[13]};
}

Result<SpendTotals> sumRollUps(Database &database, RollUpSubject subject, SlotRange hours)
{
    SpendTotals totals;
    const CutRange parts = CutRange::of(hours);
    const std::pair<SlotRange, int> pieces[] = {
        {parts.before, hourSlot}, {parts.days, daySlot}, {parts.after, hourSlot}};
    for (const auto &[piece, seconds] : pieces) {
        if (piece.isEmpty()) {
            continue;
        }
        const QVariantList values{piece.from, piece.until, std::to_underlying(subject.dimension),
                                  seconds, subject.ref};
        TRY_VOID(
            database.eachNumbers("rollups/sum"_L1, values, [&totals](std::span<const qint64> row) {
                totals += totalsOf(row);
            }));
    }
    return totals;
}

} // namespace delta::store
