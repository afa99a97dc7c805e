#pragma once

#include "gateway/store/roll_up_sums.h"
#include "gateway/store/usage_question.h"

#include <QString>
#include <QtTypes>

#include <utility>
#include <vector>

namespace delta::store {

/// A range of hours, cut into whole days of UTC where no step begins within one, and hours otherwise: as few sums as
/// there can be.
struct UsageSpans {
    std::vector<SlotRange> days;
    std::vector<SlotRange> hours;

    /// `bounds` are those of a UsageQuestion.
    [[nodiscard]] static UsageSpans of(const std::vector<qint64> &bounds);
    [[nodiscard]] bool isEmpty() const
    {
        return days.empty() && hours.empty();
    }
    /// Returns what lies before a day of UTC, and the rest.
    [[nodiscard]] std::pair<UsageSpans, UsageSpans> splitAt(qint64 day) const;
    /// The same as JSON: an array for each span, of the seconds of its slots, the first slot and the one beyond.
    [[nodiscard]] QString json() const;
};

/// Returns the number of the step in which an hour lies.
[[nodiscard]] std::size_t stepOf(const std::vector<qint64> &bounds, qint64 hour);

/// Adds the sums of an hour, or of a day that begins there, to those of all of it and of the step that has it.
void addStep(SpendTotals &totals, std::vector<SpendTotals> &steps, const UsageQuestion &question,
             qint64 hour, const SpendTotals &sum);

} // namespace delta::store
