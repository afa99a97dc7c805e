#include "gateway/store/usage_spans.h"

#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr qint64 hoursPerDay = daySlot / hourSlot;

/// Adds a span, or goes on with the last one.
void append(std::vector<SlotRange> &spans, SlotRange span)
{
    if (span.isEmpty()) {
        return;
    }
    if (!spans.empty() && spans.back().until == span.from) {
        spans.back().until = span.until;
    } else {
        spans.push_back(span);
    }
}

} // namespace

UsageSpans UsageSpans::of(const std::vector<qint64> &bounds)
{
    UsageSpans spans;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
        const CutRange step = CutRange::of({bounds[i], bounds[i + 1]});
        append(spans.hours, step.before);
        append(spans.days, step.days);
        append(spans.hours, step.after);
    }
    return spans;
}

std::pair<UsageSpans, UsageSpans> UsageSpans::splitAt(qint64 day) const
{
    UsageSpans before;
    UsageSpans behind;
    const auto split = [&](std::vector<SlotRange> UsageSpans::*spans, qint64 slot) {
        for (const SlotRange &span : this->*spans) {
            append(before.*spans, {span.from, std::min(span.until, slot)});
            append(behind.*spans, {std::max(span.from, slot), span.until});
        }
    };
    split(&UsageSpans::days, day);
    split(&UsageSpans::hours, day * hoursPerDay);
    return {std::move(before), std::move(behind)};
}

QString UsageSpans::json() const
{
    QStringList texts;
    const auto add = [&texts](const std::vector<SlotRange> &spans, int seconds) {
        for (const SlotRange &span : spans) {
            texts.append(u"[%1,%2,%3]"_s.arg(seconds).arg(span.from).arg(span.until));
        }
    };
    add(hours, hourSlot);
    add(days, daySlot);
    return u'[' + texts.join(u',') + u']';
}

std::size_t stepOf(const std::vector<qint64> &bounds, qint64 hour)
{
    const auto beyond = std::ranges::upper_bound(bounds, hour);
    return static_cast<std::size_t>(std::distance(bounds.begin(), beyond)) - 1;
}

void addStep(SpendTotals &totals, std::vector<SpendTotals> &steps, const UsageQuestion &question,
             qint64 hour, const SpendTotals &sum)
{
    totals += sum;
    if (question.hasSteps) {
        steps[stepOf(question.bounds, hour)] += sum;
    }
}

} // namespace delta::store
